"""Records values of tensor operations from PyTorch into ops_values.h beside this file. Needs torch (2.13.0 was used).

A case is computed in float32 and float64; parity_table_test.cpp names the same cases. Inputs are quarters of small
integers, exact in both types, so that both sides start from the same bits.
"""
import math
import os

import torch

INF, NAN = math.inf, math.nan


def ramp(*shape, step=7, start=3, mod=11):
    n = math.prod(shape)
    return ((torch.arange(n) * step + start) % mod - mod // 2).reshape(shape).double() / 4


def special(d):
    return torch.tensor([NAN, INF, -INF, 0.0, -0.0, 1.5, -2.25, 1e-30, 3e8], dtype=d)


def grads(f, *xs):
    xs = [x.detach().requires_grad_() for x in xs]
    y = f(*xs)
    weights = ramp(*y.shape, step=5, start=1, mod=7).to(y.dtype)
    return list(torch.autograd.grad(y, xs, weights))


def idx(*shape, mod=3, step=5):
    return (torch.arange(math.prod(shape)) * step % mod).reshape(shape)


CASES = {
    # special functions at their ends
    "erfinv": lambda d: [torch.erfinv(torch.tensor([-1, -0.999, -0.5, 0, 1e-5, 0.9, 1, 1.5], dtype=d))],
    "lgamma": lambda d: [torch.lgamma(torch.tensor([-1.5, -0.25, 0, 0.5, 1, 2, 30, INF], dtype=d))],
    "digamma": lambda d: [torch.digamma(torch.tensor([-1.5, -0.25, -0.0, 0, 0.5, 1, 30, -1], dtype=d))],
    "polygamma": lambda d: [torch.polygamma(n, torch.tensor([0.25, 1, 4.5, 20], dtype=d)) for n in (2, 3)],  # its n = 1 errs by 5e-10
    "sinc": lambda d: [torch.sinc(torch.tensor([0, 0.25, -0.5, 1.75, 1e-4], dtype=d))],
    "logit": lambda d: [torch.logit(torch.tensor([0, 1, 0.25, -0.5, 1.5], dtype=d)),
                        torch.logit(torch.tensor([0, 1, 0.25, -0.5, 1.5], dtype=d), eps=1e-3)],
    "nan_to_num": lambda d: [torch.nan_to_num(special(d)), torch.nan_to_num(special(d), 1, 2, -3)],
    "xlogy": lambda d: [torch.xlogy(torch.tensor([0, 0, 0, 1, NAN, 2.0], dtype=d),
                                    torch.tensor([0, INF, NAN, 0, 1, 3.0], dtype=d)), torch.xlogy(0, special(d))],
    "logaddexp": lambda d: [torch.logaddexp(special(d)[:, None], special(d)),
                            torch.logaddexp2(ramp(3, 4).to(d), ramp(4).to(d) * 40)],
    "atan2": lambda d: [torch.atan2(special(d)[:, None], special(d))],
    "hypot": lambda d: [torch.hypot(special(d)[:, None], special(d)[:8])],
    "copysign": lambda d: [torch.copysign(special(d)[1:], torch.tensor(-0.0, dtype=d)),
                           torch.copysign(torch.tensor([1, -2]), torch.tensor([-1, 1]))],
    "heaviside": lambda d: [torch.heaviside(special(d), torch.tensor(0.5, dtype=d))],
    "fmax": lambda d: [torch.fmax(special(d)[:, None], special(d)), torch.fmin(special(d)[:, None], special(d))],
    "ldexp": lambda d: [torch.ldexp(ramp(4).to(d), torch.tensor([0, 3, -2, 10]))],
    "signs": lambda d: [torch.signbit(special(d)[1:]), torch.sgn(special(d)[1:]), torch.isposinf(special(d)),
                        torch.isneginf(special(d))],
    "floor_divide": lambda d: [torch.floor_divide(ramp(3, 4).to(d) * 9, torch.tensor([0.75, -0.5, 2, -3], dtype=d)),
                               torch.floor_divide(torch.tensor([7, -7, 8]), torch.tensor([2, 2, -3]))],
    "div_trunc": lambda d: [torch.div(ramp(3, 4).to(d) * 9, torch.tensor([0.75, -0.5, 2, -3], dtype=d),
                                      rounding_mode="trunc"),
                            torch.div(torch.tensor([7, -7, 8]), 2, rounding_mode="trunc")],
    "round_decimals": lambda d: [torch.round(ramp(5).to(d) * 3.3, decimals=1), torch.round(ramp(5).to(d) * 333, decimals=-2)],
    "clamp_tensors": lambda d: [torch.clamp(special(d), torch.tensor(-1.0, dtype=d), torch.tensor(2.0, dtype=d)),
                                torch.clamp(ramp(5).to(d), ramp(5, start=1).to(d), ramp(5, start=2).to(d))],
    "lerp": lambda d: [torch.lerp(ramp(5).to(d), ramp(5, start=1).to(d), ramp(5, start=5).to(d) + 0.3)],
    "float_power": lambda d: [torch.float_power(torch.tensor([1, -2, 3]), 2), torch.float_power(torch.tensor([1, 2]), -1)],
    "bits": lambda d: [torch.tensor([5, -3, 12]) & 6, torch.tensor([5, -3, 12]) | 6, torch.tensor([5, -3, 12]) ^ 6,
                       ~torch.tensor([5, -3]), ~torch.tensor([True, False]), torch.tensor([5, -3]) << 3,
                       torch.tensor([5, -300]) >> 3, torch.tensor([1, 2], dtype=torch.int32) << 31,
                       torch.gcd(torch.tensor([12, -8, 0]), torch.tensor([18, 12, 0]))],
    "bessel": lambda d: [f(torch.tensor([0, -0.0, 0.5, -1, 3, -8, 19.9, 20.1, 60, NAN], dtype=d))
                         for f in (torch.i0, torch.special.i0e, torch.special.i1, torch.special.i1e)],
    "bessel_ends": lambda d: [f(torch.tensor([INF, -INF], dtype=d)) for f in (torch.special.i0e, torch.special.i1e)],
    "bessel_grad": lambda d: [g for f in (torch.i0, torch.special.i0e, torch.special.i1, torch.special.i1e)
                              for g in grads(f, torch.tensor([0, 0.5, -1, 3, -8, 25], dtype=d))],
    "ndtr": lambda d: [torch.special.ndtr(torch.tensor([0, 1, -1, -5, 6, INF, -INF, NAN], dtype=d)),
                       torch.special.log_ndtr(torch.tensor([0, 1, -0.5, -1, -1.5, -12, 5, INF, -INF, NAN], dtype=d)),
                       torch.special.ndtri(torch.tensor([0, 1, 0.5, 1e-30, 1e-5, 0.1, 0.9, 0.99, -1, 2, NAN], dtype=d)),
                       torch.special.erfcx(torch.tensor([0, 1, -1, -4, 5, 9.9, 10.1, 1e5, INF, -INF, NAN], dtype=d))],
    "ndtr_grad": lambda d: [g for f in (torch.special.ndtr, torch.special.log_ndtr, torch.special.erfcx)
                            for g in grads(f, torch.tensor([0, 1, -1, 2.5, -3], dtype=d))] +
                           grads(torch.special.ndtri, torch.tensor([0.001, 0.3, 0.5, 0.99], dtype=d)),
    "entr": lambda d: [torch.special.entr(torch.tensor([0, 0.25, 1, 4, -1, NAN, INF], dtype=d))] +
                      grads(torch.special.entr, torch.tensor([0, 0.25, 1, 4], dtype=d)),
    "xlog1py": lambda d: [torch.special.xlog1py(torch.tensor([0, 0, 0, 1, NAN, 2.0], dtype=d),
                                                torch.tensor([-1, INF, NAN, 0.5, 1, 3.0], dtype=d)),
                          torch.special.xlog1py(2, ramp(3).to(d))],
    "xlog1py_grad": lambda d: grads(torch.special.xlog1py, torch.tensor([0, 0, 1, 2.0], dtype=d), torch.tensor([-1, 1, 0.5, -0.25], dtype=d)),
    "zeta": lambda d: [torch.special.zeta(torch.tensor([2, 1, 0.5, 2, 2.5, 3, 2, NAN, 40], dtype=d),
                                          torch.tensor([1, 1, 1, -1, -1.5, -2.5, 0, 1, 0.5], dtype=d)),
                       torch.special.zeta(2.5, torch.tensor([0.25, 1, 3], dtype=d))],
    "zeta_grad": lambda d: grads(lambda q: torch.special.zeta(2.5, q), torch.tensor([0.25, 1, 3], dtype=d)),
    "mvlgamma": lambda d: [torch.mvlgamma(torch.tensor([0.5, 1.25, 2, 7], dtype=d), 2), torch.special.multigammaln(ramp(3).to(d) + 9, 1)] +
                          grads(lambda x: torch.mvlgamma(x, 3), torch.tensor([1.5, 4], dtype=d)),
    "frexp": lambda d: [t for t in torch.frexp(special(d))] + grads(lambda x: torch.frexp(x)[0], torch.tensor([3, -0.25, 100], dtype=d)),
    "windows": lambda d: [f(n, periodic=p, dtype=d) for f in (torch.hann_window, torch.hamming_window, torch.blackman_window,
                          torch.bartlett_window, torch.kaiser_window) for n in (0, 1, 2, 7, 8) for p in (True, False)] +
                         [torch.hamming_window(5, True, 0.5, 0.4, dtype=d), torch.kaiser_window(5, False, 4.5, dtype=d)],
    "logspace": lambda d: [torch.logspace(-1, 2, 7, dtype=d), torch.logspace(0, 3, 4, base=2, dtype=torch.int64), torch.logspace(1, 2, 1, dtype=d),
                           torch.logspace(0, 2, 5, base=-2, dtype=d), torch.logspace(1, 5, 0, dtype=d), torch.logspace(3, -2.5, 6, base=2, dtype=torch.int64)],
    "range": lambda d: [torch.range(0, 3, dtype=d), torch.range(3, -1.1, -0.5, dtype=d), torch.range(-2, 5, 3, dtype=torch.int64), torch.range(1, 1, dtype=d)],
    "fill_diagonal": lambda d: [ramp(*s).to(d).fill_diagonal_(9, wrap=w) for s in ((3, 3), (7, 3), (8, 2), (2, 5), (0, 3), (3, 3, 3), (9, 1)) for w in (False, True)] +
                               [ramp(2, 7).to(d).t().fill_diagonal_(9)],
    "vander": lambda d: [torch.vander(ramp(4).to(d)), torch.vander(ramp(3).to(d), 5, True), torch.vander(ramp(3).to(d), 0), torch.vander(ramp(2).to(d), 1),
                         torch.vander(torch.tensor([True, False]), 3), torch.vander(torch.tensor([2, -3]))],  # its gradient throws
    "cov": lambda d: [torch.cov(ramp(3, 5).to(d)), torch.cov(ramp(5).to(d), correction=0), torch.cov(torch.tensor(3.0, dtype=d)),
                      torch.cov(ramp(2, 3).to(d), fweights=torch.tensor([1, 0, 3])), torch.cov(ramp(2, 3).to(d), aweights=torch.tensor([0.5, 1, 2], dtype=d)),
                      torch.cov(ramp(2, 3).to(d), correction=2, fweights=torch.tensor([1, 2, 3]), aweights=torch.tensor([0.5, 1, 2], dtype=d)),
                      torch.cov(torch.tensor([1, 2, 3])), torch.cov(ramp(2, 3).to(d), correction=5), torch.corrcoef(ramp(3, 5).to(d)), torch.corrcoef(ramp(5).to(d))],
    "cov_grad": lambda d: grads(lambda x: torch.cov(x), ramp(2, 4).to(d)) + grads(lambda x: torch.corrcoef(x), ramp(2, 4).to(d)),
    "gelu_": lambda d: [torch._C._nn.gelu_(special(d)[3:]), torch._C._nn.gelu_(ramp(5).to(d), approximate="tanh")],
    "as_strided_": lambda d: [ramp(3, 4).to(d).as_strided_((2, 3), (1, 4), 1)] + grads(lambda x: (x * 2).as_strided_((3, 3), (2, 3), 1), ramp(3, 4).to(d)),
    # shape
    "roll": lambda d: [torch.roll(ramp(3, 4).to(d), (1, -6), (-1, 0)), torch.roll(ramp(3, 0).to(d), 1, 1),
                       torch.roll(torch.tensor(2.0, dtype=d), 1)],
    "rot90": lambda d: [torch.rot90(ramp(2, 3, 2).to(d), k, (-1, 0)) for k in (-1, 0, 1, 2, 3, 5)],
    "diagonal": lambda d: [torch.diagonal(ramp(2, 3, 4).to(d), k, -1, 0) for k in (-3, -1, 0, 1, 2)],
    "diag_embed": lambda d: [torch.diag_embed(ramp(2, 3).to(d), -1, 0, 2), torch.diag(ramp(0).to(d), 2)],
    "tril": lambda d: [torch.tril(ramp(2, 3, 4).to(d), -1), torch.triu(ramp(3, 2).to(d), 1), torch.tril(ramp(0, 3).to(d))],
    "tril_indices": lambda d: [torch.tril_indices(3, 4, -1), torch.triu_indices(2, 4, 2), torch.tril_indices(0, 3)],
    "unfold": lambda d: [ramp(3, 7).to(d).unfold(-1, 3, 2), ramp(4).to(d).unfold(0, 4, 1)],
    "unfold_grad": lambda d: grads(lambda x: x.unfold(-1, 3, 2), ramp(2, 7).to(d)),
    "tensor_split": lambda d: list(torch.tensor_split(ramp(7, 2).to(d), 3)) + list(torch.tensor_split(ramp(5).to(d), [3, 1, 9])),
    "repeat_interleave": lambda d: [torch.repeat_interleave(ramp(3, 2).to(d), torch.tensor([0, 2, 1]), -2),
                                    torch.repeat_interleave(torch.tensor([1, 0, 3]))],
    "meshgrid": lambda d: list(torch.meshgrid(ramp(2).to(d), ramp(3).to(d), indexing="xy")),
    "combinations": lambda d: [torch.combinations(ramp(4).to(d), 3), torch.combinations(ramp(2).to(d), 3)],
    "block_diag": lambda d: [torch.block_diag(ramp(2, 2).to(d), torch.tensor(3.0, dtype=d), ramp(1, 3).to(d))],
    "movedim": lambda d: [torch.movedim(ramp(2, 3, 4).to(d), (-1, 0), (0, -1))],
    # reductions
    "median": lambda d: [torch.median(torch.tensor([2, NAN, 1, 5], dtype=d)), torch.median(ramp(4).to(d)),
                         torch.median(ramp(3, 4).to(d), -1, True)[0], torch.median(torch.tensor([[1, NAN], [2, 3]], dtype=d), 1)[0],
                         torch.median(ramp(0).to(d))],
    "nanmedian": lambda d: [torch.nanmedian(torch.tensor([2, NAN, 1, 5], dtype=d)),
                            torch.nanmedian(torch.tensor([[NAN, NAN], [2, NAN]], dtype=d), 1)[0]],
    "median_grad": lambda d: grads(lambda x: torch.median(x), torch.tensor([1, 3, 3, 7], dtype=d)),
    "mode": lambda d: [t for t in torch.mode(torch.tensor([[2, 1, 2, 1, 0], [3, 3, 1, 0, 0]], dtype=d))],
    "kthvalue": lambda d: [torch.kthvalue(torch.tensor([[3, NAN, 1, 2]], dtype=d), k)[0] for k in (1, 3, 4)],
    "quantile": lambda d: [torch.quantile(ramp(3, 5).to(d), torch.tensor([0, 0.35, 1], dtype=d), 1, interpolation=how)
                           for how in ("linear", "lower", "higher", "midpoint", "nearest")] +
                          [torch.quantile(torch.tensor([1, NAN, 2], dtype=d), 0.5), torch.quantile(ramp(2, 3).to(d), 0.4, keepdim=True)],
    "nanquantile": lambda d: [torch.nanquantile(torch.tensor([[1, NAN, 2, 5], [NAN] * 4], dtype=d), 0.4, -1)],
    "nansum": lambda d: [torch.nansum(special(d)[3:]), torch.nansum(torch.tensor([[1, NAN], [NAN, NAN]], dtype=d), 1),
                         torch.nanmean(torch.tensor([[1, NAN], [NAN, NAN]], dtype=d), 1, True)],
    "cumprod": lambda d: [torch.cumprod(ramp(3, 4).to(d), -1), torch.cumprod(torch.tensor([2, 3, 4]), 0), torch.cumprod(ramp(0, 2).to(d), 0)],
    "cumprod_grad": lambda d: grads(lambda x: torch.cumprod(x, 0), torch.tensor([2, 0, 3, 0, 5], dtype=d)) +
                              grads(lambda x: torch.cumprod(x, -1), ramp(2, 5, start=0).to(d) + 2),
    "cummax": lambda d: [t for t in torch.cummax(torch.tensor([1, 3, 3, 2, NAN, 5], dtype=d), 0)] +
                        [t for t in torch.cummin(torch.tensor([[3, 1, 1, 2, -INF]], dtype=d), 1)],
    "logcumsumexp": lambda d: [torch.logcumsumexp(torch.tensor([-INF, 1, 500, 3, INF, 2], dtype=d), 0)],
    "logcumsumexp_grad": lambda d: grads(lambda x: torch.logcumsumexp(x, 1), ramp(2, 5).to(d)),
    "trapezoid": lambda d: [torch.trapezoid(ramp(3, 5).to(d), ramp(5, start=1).to(d)), torch.trapezoid(ramp(3, 5).to(d), dx=2, dim=0),
                            torch.cumulative_trapezoid(ramp(3, 5).to(d), ramp(3, 5, start=4).to(d), dim=-1)],
    "diff": lambda d: [torch.diff(ramp(3, 5).to(d), 2, 0), torch.diff(torch.tensor([True, False, False])), torch.diff(ramp(2).to(d), 5)],
    "histc": lambda d: [torch.histc(ramp(30).to(d), 5, -1, 1), torch.histc(ramp(7).to(d), 4), torch.histc(torch.ones(3, dtype=d), 2)],
    "bincount": lambda d: [torch.bincount(torch.tensor([1, 4, 1]), minlength=2), torch.bincount(torch.tensor([1, 0, 1]), ramp(3).to(d)),
                           torch.bincount(torch.tensor([], dtype=torch.int64))],
    "aminmax": lambda d: [t for t in torch.aminmax(ramp(3, 4).to(d), dim=-2, keepdim=True)] + [t for t in torch.aminmax(special(d))],
    "any_all": lambda d: [torch.any(ramp(2, 3, 2).to(d) > 1, (0, -1)), torch.all(ramp(2, 3, 2).to(d) < 1, (0, -1), True)],
    "var_correction": lambda d: [torch.var(ramp(3, 4).to(d), 1, correction=2), torch.std(ramp(3, 4).to(d), (0, 1), correction=0)],
    "norms": lambda d: [torch.norm(ramp(3, 4).to(d), p, 1) for p in (0, 0.5, 1, 2, 3, INF, -INF)] + [torch.dist(ramp(3).to(d), ramp(3, start=1).to(d), 1.5)],
    "renorm": lambda d: [torch.renorm(ramp(3, 4).to(d), 1, 1, 1.25)],
    "unique": lambda d: [t for t in torch.unique(torch.tensor([[3, 1, NAN], [1, 3, 2]], dtype=d), return_inverse=True, return_counts=True)],
    "unique_consecutive": lambda d: [t for t in torch.unique_consecutive(torch.tensor([[1, 1, 2], [2, 2, 1]], dtype=d), return_inverse=True, return_counts=True)],
    "unique_dim": lambda d: [t for t in torch.unique(torch.tensor([[2, 1, 2], [0, 5, 0]], dtype=d), return_inverse=True, return_counts=True, dim=-1)],
    # indexing
    "scatter_reduce": lambda d: [torch.scatter_reduce(ramp(3, 4).to(d), -1, idx(3, 5, mod=4), ramp(3, 6, start=1).to(d), how, include_self=s)
                                 for how in ("sum", "prod", "mean", "amax", "amin") for s in (True, False)],
    "scatter_reduce_grad": lambda d: [g for how in ("prod", "mean", "amax") for g in
                                      grads(lambda x, s: torch.scatter_reduce(x, 0, idx(4, 2), s, how), ramp(3, 2).to(d), ramp(4, 2, start=1).to(d))],
    "scatter_reduce_int": lambda d: [torch.scatter_reduce(torch.tensor([5, 7]), 0, torch.tensor([0, 0, 1]), torch.tensor([2, -9, 4]), how, include_self=False)
                                     for how in ("mean", "amax", "amin", "prod")],
    "index_reduce": lambda d: [torch.index_reduce(ramp(3, 2).to(d), 0, torch.tensor([2, 0, 2]), ramp(3, 2, start=1).to(d), "mean", include_self=False)],
    "index_fill": lambda d: [torch.index_fill(ramp(3, 2).to(d), -1, torch.tensor([-1]), 9), torch.index_copy(ramp(3, 2).to(d), 0, torch.tensor([2, 0]), ramp(2, 2).to(d))],
    "put": lambda d: [ramp(3, 2).to(d).put(torch.tensor([[-1, 0], [1, 1]]), ramp(2, 2).to(d), accumulate=True)],
    "take_along_dim": lambda d: [torch.take_along_dim(ramp(3, 4).to(d), idx(3, 1), -1), torch.take_along_dim(ramp(3, 4).to(d), torch.tensor([0, 11]))],
    "masked_scatter": lambda d: [ramp(2, 3).to(d).masked_scatter(torch.tensor([True, False, True]), ramp(7).to(d))],
    "searchsorted": lambda d: [torch.searchsorted(torch.tensor([[1, 2, 2, 3], [0, 0, 5, 9]], dtype=d), torch.tensor([[2, 9], [NAN, 0]], dtype=d), right=r) for r in (False, True)] +
                              [torch.searchsorted(torch.tensor([3, 1, 2], dtype=d), torch.tensor([1.5, 3], dtype=d), sorter=torch.tensor([1, 2, 0]), out_int32=True),
                               torch.bucketize(torch.tensor([[1, 5]]), torch.tensor([1, 3, 5])), torch.searchsorted(torch.tensor([1, 2], dtype=d), 1.5)],
    "isin": lambda d: [torch.isin(ramp(2, 4).to(d), torch.tensor([0.25, NAN, 1], dtype=d)), torch.isin(torch.tensor([1, 2]), 2, invert=True)],
    "sort_stable": lambda d: [t for t in torch.sort(torch.tensor([2, NAN, 1, 2, -0.0, 0.0], dtype=d), stable=True)] + [torch.msort(ramp(4, 2).to(d))],
    # products
    "einsum": lambda d: [torch.einsum("...ij,kj...->k...i", ramp(2, 3, 4).to(d), ramp(5, 4, 2).to(d)), torch.einsum("ij,jk,kl,lm", ramp(2, 3).to(d), ramp(3, 4).to(d), ramp(4, 2).to(d), ramp(2, 5).to(d)),
                         torch.einsum("bA,bB->AB", ramp(2, 3).to(d), ramp(2, 2).to(d)), torch.einsum("ijij->ji", ramp(2, 3, 2, 3).to(d)), torch.einsum("i,i", ramp(0).to(d), ramp(0).to(d))],
    "tensordot": lambda d: [torch.tensordot(ramp(2, 3, 4).to(d), ramp(4, 3, 2).to(d), ([-1, 1], [0, 1])), torch.tensordot(ramp(2, 3).to(d), ramp(2).to(d), ([], []))],
    "kron": lambda d: [torch.kron(ramp(2, 3).to(d), ramp(2).to(d)), torch.kron(torch.tensor([1, 2]), ramp(2, 1).to(d))],
    "cross": lambda d: [torch.linalg.cross(ramp(3, 2).to(d), ramp(3, 1, start=5).to(d), dim=0)],
    "inner": lambda d: [torch.inner(ramp(2, 3).to(d), torch.tensor(2.0, dtype=d)), torch.inner(ramp(2, 2, 3).to(d), ramp(3).to(d))],
    "cdist": lambda d: [torch.cdist(ramp(2, 1, 3, 4).to(d), ramp(3, 2, 4, start=1).to(d), p) for p in (0, 0.5, 1, 2, 3, INF)] + [torch.cdist(ramp(0, 4).to(d), ramp(2, 4).to(d)), torch.cdist(ramp(2, 0).to(d), ramp(3, 0).to(d))],
    "cdist_grad": lambda d: [g for p in (1, 2, 2.5, INF) for g in grads(lambda a, b: torch.cdist(a, b, p), ramp(3, 4).to(d), ramp(2, 4, start=2).to(d))],
    "pdist": lambda d: [torch.pdist(ramp(4, 3).to(d), 1)],
    "addbmm": lambda d: [torch.addbmm(ramp(3).to(d), ramp(2, 2, 4).to(d), ramp(2, 4, 3).to(d), beta=0.5, alpha=2), torch.addmv(torch.tensor(NAN, dtype=d), ramp(2, 3).to(d), ramp(3).to(d), beta=0)],
}


def number(v):
    if isinstance(v, bool):
        return "1" if v else "0"
    if v != v:
        return "NAN"
    if v in (INF, -INF):
        return "INFINITY" if v > 0 else "-INFINITY"
    return str(int(v)) if v == int(v) and abs(v) < 1e15 else repr(v)


NAMES = {torch.float32: "kFloat", torch.float64: "kDouble", torch.int64: "kLong", torch.int32: "kInt", torch.bool: "kBool"}


def value(t):
    flat = [number(v) for v in t.detach().reshape(-1).tolist()]
    if t.dtype == torch.float32:
        flat = [number(float(f"{v:.9g}")) for v in t.detach().reshape(-1).tolist()]
    return "{%s, {%s}, {%s}}" % (NAMES[t.dtype], ", ".join(map(str, t.shape)), ", ".join(flat))


with open(os.path.join(os.path.dirname(__file__), "ops_values.h"), "w") as out:
    out.write("// Recorded by ops.py from PyTorch %s. Do not edit.\n#pragma once\n// clang-format off\n" % torch.__version__.split("+")[0])
    out.write("namespace parity {\n\ninline const std::vector<Recorded> recorded = {\n")
    for name, f in CASES.items():
        for d in (torch.float32, torch.float64):
            out.write('  {"%s", %s, {%s}},\n' % (name, NAMES[d], ", ".join(value(t) for t in f(d))))
    out.write("};\n\n}  // namespace parity\n")
