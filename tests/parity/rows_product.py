"""Rows of tests/autograd/rows_{matmul,products}.cpp as torch computes them."""
import math

import torch
import torch.nn.functional as F


def gemm(ta, tb):
    return lambda a, b: (a.mT if ta else a) @ (b.mT if tb else b)


def einsum(equation):
    return lambda *x: torch.einsum(equation, *x)


ROWS = {
    "gemm nn": gemm(False, False),
    "gemm nt": gemm(False, True),
    "gemm tn": gemm(True, False),
    "gemm tt": gemm(True, True),
    "gemm batch_nn": gemm(False, False),
    "gemm batch_nt": gemm(False, True),
    "gemm batch_tn": gemm(True, False),
    "gemm batch_tt": gemm(True, True),
    "gemm first_batch_1": gemm(False, True),
    "gemm second_batch_1": gemm(True, False),
    "gemm one_column": gemm(False, False),
    "gemm one_row": gemm(False, False),
    "gemm tiles": gemm(False, False),
    "mm": torch.mm,
    "bmm": torch.bmm,
    "mv": torch.mv,
    "dot": torch.dot,
    "dot long": torch.dot,
    "vdot": torch.vdot,
    "outer": torch.outer,
    "ger": torch.ger,
    "inner": torch.inner,
    "kron": torch.kron,
    "cross": lambda x, y: torch.cross(x, y, dim=-1),
    "cross dim": lambda x, y: torch.cross(x.t(), y.t(), dim=0).t(),
    "chain_matmul": lambda *x: torch.linalg.multi_dot(x),
    "tensordot": lambda x, y: torch.tensordot(x, y, ((1, 2), (1, 0))),
    "tensordot broadcast": lambda x, y: torch.tensordot(x, y, ((-1,), (0,))),
    "addmm factors": lambda x, a, b: torch.addmm(x, a, b, beta=0.3, alpha=-1.7),
    "addmm without_sum": lambda x, a, b: torch.addmm(x, a, b, beta=0, alpha=2),
    "bilinear": F.bilinear,
    "bilinear with a bias": F.bilinear,
    "einsum path": einsum("ij,jk,kl->il"),
    "einsum product": einsum("ij,jk->ik"),
    "einsum implicit": einsum("ba , ca"),
    "einsum batch": einsum("bij,bkj->bik"),
    "einsum outer": einsum("i,j->ji"),
    "einsum pointwise": einsum("ij,ji->ij"),
    "einsum dots": einsum("ij,ij->i"),
    "einsum trace": einsum("ii"),
    "einsum diagonal": einsum("iij->ji"),
    "einsum transposed": einsum("ij->ji"),
    "einsum sum": einsum("ijk->j"),
    "einsum ellipsis": einsum("...ij,...jk->...ik"),
    "einsum ellipsis implicit": einsum("i...,j..."),
    "einsum three": einsum("ab,bc,cd->ad"),
    "einsum bilinear": einsum("bn,anm,bm->ba"),
    "einsum broadcast": einsum("ij,ij->j"),
    "einsum one side alone": einsum("ij,k->i"),
}
for variant in """vector_vector vector_matrix matrix_vector matrix_matrix batch_matrix matrix_batch batch_batch batch_vector
        vector_batch batches_broadcast batches_broadcast_both batch_of_batches_vector nothing_summed""".split():
    ROWS["matmul " + variant] = torch.matmul
for variant in ("", " row", " number"):
    ROWS["addmm" + variant] = torch.addmm
for variant in """ without_bias vector vector_without_bias batch batch_without_bias batch_of_batches""".split(" "):
    ROWS["linear" + (variant and " " + variant)] = F.linear
for variant in """relu relu_without_bias relu_vector relu_batch tanh tanh_without_bias tanh_batch sigmoid
        sigmoid_without_bias sigmoid_vector""".split():
    ROWS["linear_activated " + variant] = lambda *x, f=getattr(torch, variant.split("_")[0]): f(F.linear(*x))
for name in "addmv addbmm addr baddbmm".split():
    ROWS[name] = lambda x, a, b, f=getattr(torch, name): f(x, a, b, beta=0.5, alpha=2)
for variant, p in (("1", 1), ("2", 2), ("by a product", 2), ("3", 3), ("1.5", 1.5), ("infinity", math.inf), ("0", 0)):
    ROWS["cdist " + variant] = lambda x, y, p=p: torch.cdist(x, y, p)
