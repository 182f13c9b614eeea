"""Records the element type of every operation's result for every element type of its inputs, as PyTorch's CPU has it,
into row_types.h beside this file. Needs torch (2.13.0 was used).

A line is an operation of the test table (tests/autograd), alone or with a variant or the last word of one where that has
a rule of its own; a letter is the result's type, '!' an error. Names are the table's; operations that only gradus has are left out.
"""
import os

import torch
import torch.nn.functional as F

TYPES = [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.float16, torch.float32, torch.float64,
         torch.bool, torch.bfloat16]
LETTERS = dict(zip(TYPES, "ucsilhfd?b"))
at = torch.tensor


def unary(name):
    f = getattr(torch, name, None) or getattr(F, name)
    return lambda t: f(t(3, 4))


def binary(f):
    return lambda t: f(t(3, 4), t(3, 4))


def mask(*shape):
    return torch.ones(*shape, dtype=torch.bool)


def loss(f, *args, **kwargs):
    return lambda t: f(t(3, 4), t(3, 4), *args, **kwargs)


ROWS = {
    "add": binary(torch.add),
    "add alpha": lambda t: torch.add(t(3, 4), t(3, 4), alpha=0.3),
    "add number": lambda t: 1.5 + t(3),
    "sub": binary(torch.sub),
    "sub alpha": lambda t: torch.sub(t(3, 4), t(3, 4), alpha=0.3),
    "sub number": lambda t: t(3) - 1.5,
    "sub from_number": lambda t: 1.5 - t(3),
    "neg": unary("neg"),
    "mul": binary(torch.mul),
    "mul number": lambda t: 0.3 * t(3),
    "div": binary(torch.div),
    "div number": lambda t: t(3) / 0.3,
    "div of_number": lambda t: 0.3 / t(3),
    "div floor": lambda t: torch.div(t(3, 4), t(3, 4), rounding_mode="floor"),
    "div trunc": lambda t: torch.div(t(3, 4), t(3, 4), rounding_mode="trunc"),
    "clamp tensors": lambda t: torch.clamp(t(3, 4), t(3, 4), t(3, 4)),
    "clamp_min tensor": lambda t: torch.clamp_min(t(3, 4), t(3, 4)),
    "clamp_max tensor": lambda t: torch.clamp_max(t(3, 4), t(3, 4)),
    "lerp weights": lambda t: torch.lerp(t(3, 4), t(3, 4), t(3, 4)),
    "lerp": lambda t: torch.lerp(t(3, 4), t(3, 4), 0.3),
    "addcmul": lambda t: torch.addcmul(t(3, 4), t(3, 4), t(3, 4), value=0.3),
    "addcdiv": lambda t: torch.addcdiv(t(3, 4), t(3, 4), t(3, 4), value=0.3),
    "pow square": lambda t: t(3) ** 2,
    "pow cube": lambda t: t(3) ** 3,
    "pow zero": lambda t: t(3) ** 0,
    "pow fraction": lambda t: t(3) ** 1.7,
    "pow negative": lambda t: t(3) ** -1.5,
    "pow tensors": binary(torch.pow),
    "pow of_number": lambda t: torch.pow(1.3, t(3)),
    "maximum": binary(torch.maximum),
    "minimum": binary(torch.minimum),
    "max of_two": binary(torch.max),
    "min of_two": binary(torch.min),
    "clamp": lambda t: t(3).clamp(-0.5, 1.1),
    "clamp_min": lambda t: t(3).clamp_min(-0.5),
    "clamp_max": lambda t: t(3).clamp_max(0.5),
    "fmod": binary(torch.fmod),
    "fmod number": lambda t: t(3).fmod(0.7),
    "remainder": binary(torch.remainder),
    "remainder number": lambda t: t(3).remainder(0.7),
    "logical_not": unary("logical_not"),
    "isclose": binary(torch.isclose),
    "where": lambda t: torch.where(mask(3, 4), t(3, 4), t(3, 4)),
    "where number": lambda t: torch.where(mask(3, 4), t(3, 4), 0.7),
    "where number_first": lambda t: torch.where(mask(3, 4), 0.7, t(3, 4)),
    "masked_fill": lambda t: t(3, 4).masked_fill(mask(4), 0.25),
    "masked_fill tensor": lambda t: t(3, 4).masked_fill(mask(4), t()),
    "reshape": lambda t: t(2, 6).reshape(4, -1),
    "cat": lambda t: torch.cat([t(2, 3), t(2, 3)]),
    "stack": lambda t: torch.stack([t(2, 3), t(2, 3)]),
    "repeat": lambda t: t(2, 2).repeat(2, 1, 3),
    "flip": lambda t: t(2, 2).flip(0, -1),
    "clone": lambda t: t(3).clone(),
    "softplus beta": lambda t: F.softplus(t(3), 2.5, 30),
    "gelu tanh": lambda t: F.gelu(t(3), approximate="tanh"),
    "log_sigmoid": lambda t: F.logsigmoid(t(3)),
    "elu scaled": lambda t: torch._C._nn.elu(t(3), 0.7, 1.3, 0.6),
    "celu": lambda t: torch.celu(t(3), 1.7),
    "relu6": lambda t: F.relu6(2 * t(3)),
    "hardtanh": lambda t: F.hardtanh(t(3), -1.5, 2.5),
    "hardshrink": lambda t: F.hardshrink(t(3), 1.5),
    "softshrink": lambda t: F.softshrink(t(3), 1.5),
    "threshold": lambda t: F.threshold(t(3), 0.5, -3),
    "leaky_relu slope": lambda t: F.leaky_relu(t(3), -0.5),
    "glu": lambda t: F.glu(t(2, 4, 3), 1),
    "prelu": lambda t: F.prelu(t(2, 3, 4), t(3)),
    "softmax": lambda t: torch.softmax(t(3, 4), 1),
    "log_softmax": lambda t: torch.log_softmax(t(3, 4), 1),
    "softmin": lambda t: F.softmin(t(3, 4), 1),
    "batch_norm": lambda t: F.batch_norm(t(5, 3), None, None, t(3), t(3), True),
    "layer_norm": lambda t: F.layer_norm(t(5, 3), [3], t(3), t(3)),
    "rms_norm": lambda t: F.rms_norm(t(5, 3), [3], t(3)),
    "group_norm": lambda t: F.group_norm(t(2, 6, 4), 3, t(6), t(6)),
    "instance_norm": lambda t: F.instance_norm(t(2, 3, 4), None, None, t(3), t(3)),
    "sum": unary("sum"),
    "sum dtype": lambda t: t(3, 5).sum(0, dtype=torch.float64),
    "mean": unary("mean"),
    "cumsum": lambda t: t(3, 5).cumsum(0),
    "logsumexp": lambda t: t(3, 5).logsumexp(1),
    "count_nonzero": unary("count_nonzero"),
    "any": unary("any"),
    "any dim": lambda t: t(3, 5).any(1),
    "all": unary("all"),
    "all dim, keepdim": lambda t: t(3, 5).all(0, True),
    "prod": unary("prod"),
    "prod dim": lambda t: t(3, 5).prod(1),
    "var": unary("var"),
    "std": unary("std"),
    "var_mean var": lambda t: torch.var_mean(t(3, 5), 1)[0],
    "var_mean mean": lambda t: torch.var_mean(t(3, 5), 1)[1],
    "norm": lambda t: t(3, 5).norm(),
    "max": unary("max"),
    "min": unary("min"),
    "max dim": lambda t: t(3, 5, 2).max(1)[0],
    "max indices": lambda t: t(3, 5, 2).max(1)[1],
    "min dim, keepdim": lambda t: t(3, 5).min(-1, True)[0],
    "min indices": lambda t: t(3, 5).min(1)[1],
    "amax": lambda t: t(3, 5, 2).amax((1, 2)),
    "amin": lambda t: t(3, 5, 2).amin((1,), True),
    "argmax": unary("argmax"),
    "argmin": unary("argmin"),
    "index_select": lambda t: t(3, 4).index_select(0, at([0, 2])),
    "gather": lambda t: t(3, 4).gather(1, at([[0], [1], [2]])),
    "scatter_add": lambda t: t(3, 4).scatter_add(1, at([[0], [1], [2]]), t(3, 1)),
    "index_add": lambda t: t(3, 4).index_add(0, at([0, 2]), t(2, 4), alpha=1),
    "scatter": lambda t: t(3, 4).scatter(0, at([[0, 1, 2, 0]]), t(1, 4)),
    "scatter value": lambda t: t(3, 4).scatter(1, at([[0], [1], [2]]), 0.25),
    "index": lambda t: t(3, 4)[at([0, 2])],
    "index_put": lambda t: t(3, 4).index_put((at([0, 2]),), t(2, 4)),
    "masked_select": lambda t: t(3, 4).masked_select(mask(3, 4)),
    "take": lambda t: t(3, 4).take(at([0, 5])),
    "embedding": lambda t: F.embedding(at([0, 2]), t(3, 4)),
    "nonzero": unary("nonzero"),
    "sort": lambda t: t(3, 4).sort()[0],
    "sort indices": lambda t: t(3, 4).sort()[1],
    "argsort": lambda t: t(3, 4).argsort(),
    "topk": lambda t: t(3, 4).topk(3)[0],
    "topk indices": lambda t: t(3, 4).topk(3)[1],
    "matmul": lambda t: t(3, 4) @ t(4, 2),
    "mm": lambda t: torch.mm(t(3, 4), t(4, 2)),
    "bmm": lambda t: torch.bmm(t(2, 3, 4), t(2, 4, 2)),
    "mv": lambda t: torch.mv(t(3, 4), t(4)),
    "dot": lambda t: torch.dot(t(4), t(4)),
    "outer": lambda t: torch.outer(t(3), t(4)),
    "linear": lambda t: F.linear(t(3, 4), t(2, 4), t(2)),
    "linear bias": lambda t: F.linear(t(3, 4), t(2, 4)),  # "... without bias"
    "conv1d": lambda t: F.conv1d(t(2, 3, 5), t(4, 3, 3), t(4)),
    "conv2d": lambda t: F.conv2d(t(2, 3, 5, 5), t(4, 3, 3, 3), t(4)),
    "max_pool2d": lambda t: F.max_pool2d(t(1, 2, 4, 4), 2),
    "avg_pool2d": lambda t: F.avg_pool2d(t(1, 2, 4, 4), 2),
    "avg_pool3d": lambda t: F.avg_pool3d(t(1, 2, 4, 4, 4), 2),
    "upsample_linear1d": lambda t: F.interpolate(t(1, 2, 4), 6, mode="linear"),
    "upsample_bilinear2d": lambda t: F.interpolate(t(1, 2, 4, 4), 6, mode="bilinear"),
    "upsample_bicubic2d": lambda t: F.interpolate(t(1, 2, 4, 4), 6, mode="bicubic"),
    "upsample_trilinear3d": lambda t: F.interpolate(t(1, 2, 4, 4, 4), 6, mode="trilinear"),
    "_upsample_bilinear2d_aa": lambda t: F.interpolate(t(1, 2, 4, 4), 3, mode="bilinear", antialias=True),
    "affine_grid_generator": lambda t: torch.affine_grid_generator(t(1, 2, 3), [1, 1, 2, 2], False),
    "rrelu train": lambda t: F.rrelu(t(3), training=True),
    "alpha_dropout train": lambda t: F.alpha_dropout(t(3, 4), 0.3, True),
    "feature_alpha_dropout train": lambda t: F.feature_alpha_dropout(t(3, 4), 0.3, True),
    "embedding_bag sum": lambda t: F.embedding_bag(at([0, 2]), t(3, 4), at([0, 1]), mode="sum"),
    "pairwise_distance": lambda t: F.pairwise_distance(t(3, 4), t(3, 4)),
    "adaptive_avg_pool2d": lambda t: F.adaptive_avg_pool2d(t(1, 2, 4, 4), 2),
}
for name in """abs sign reciprocal square sqrt rsqrt exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh
        tanh erf erfc floor ceil round trunc frac sigmoid gelu silu mish softplus softsign tanhshrink elu selu relu
        leaky_relu hardsigmoid hardswish""".split():
    ROWS[name] = unary(name)
for reduction in "none mean sum".split():
    for name in "mse_loss l1_loss smooth_l1_loss huber_loss binary_cross_entropy kl_div".split():
        ROWS[name + " " + reduction] = loss(getattr(F, name), reduction=reduction)
    ROWS["binary_cross_entropy_with_logits " + reduction] = loss(F.binary_cross_entropy_with_logits, reduction=reduction)
    ROWS["binary_cross_entropy_with_logits pos_weight " + reduction] = lambda t, r=reduction: (
        F.binary_cross_entropy_with_logits(t(3, 4), t(3, 4), pos_weight=t(4), reduction=r))
    ROWS["cross_entropy_loss probabilities " + reduction] = loss(F.cross_entropy, reduction=reduction)
    ROWS["multilabel_soft_margin_loss " + reduction] = loss(F.multilabel_soft_margin_loss, reduction=reduction)
    ROWS["multi_margin_loss " + reduction] = lambda t, r=reduction: F.multi_margin_loss(t(3, 4), at([0, 1, 2]), reduction=r)
    ROWS["multilabel_margin_loss " + reduction] = lambda t, r=reduction: (
        F.multilabel_margin_loss(t(1, 3), at([[0, 1, -1]]), reduction=r))
    ROWS["cosine_embedding_loss " + reduction] = lambda t, r=reduction: (
        F.cosine_embedding_loss(t(3, 4), t(3, 4), at([1, -1, 1]), reduction=r))
    ROWS["triplet_margin_loss " + reduction] = lambda t, r=reduction: (
        F.triplet_margin_loss(t(3, 4), t(3, 4), t(3, 4), reduction=r))
    ROWS["nll_loss " + reduction] = lambda t, r=reduction: F.nll_loss(t(3, 4), at([0, 1, 2]), reduction=r)
    ROWS["cross_entropy_loss " + reduction] = lambda t, r=reduction: F.cross_entropy(t(3, 4), at([0, 1, 2]), reduction=r)
for name in "eq ne lt le gt ge".split():
    ROWS[name] = binary(getattr(torch, name))
    ROWS[name + " number"] = lambda t, f=getattr(torch, name): f(t(3, 4), 0.5)
for name in "logical_and logical_or logical_xor".split():
    ROWS[name] = binary(getattr(torch, name))
for name in "i0e i1 i1e ndtr ndtri log_ndtr erfcx entr".split():
    ROWS["special_" + name] = lambda t, f=getattr(torch.special, name): f(t(3, 4))
ROWS["i0"] = unary("i0")
ROWS["special_xlog1py"] = binary(torch.special.xlog1py)
ROWS["special_xlog1py number"] = lambda t: torch.special.xlog1py(t(3), 1.5)
ROWS["special_zeta"] = binary(torch.special.zeta)
ROWS["special_zeta of_number"] = lambda t: torch.special.zeta(2.5, t(3))
ROWS["mvlgamma"] = lambda t: torch.mvlgamma(t(3) * 3, 3)
ROWS["vander"] = lambda t: torch.vander(t(3))
ROWS["cov"] = lambda t: torch.cov(t(3, 5))
ROWS["corrcoef"] = lambda t: torch.corrcoef(t(3, 5))
ROWS["frexp"] = lambda t: torch.frexp(t(3))[0]
ROWS["frexp exponent"] = lambda t: torch.frexp(t(3))[1]


def letter(f, dtype):
    try:
        return LETTERS[f(lambda *shape: torch.ones(shape, dtype=dtype)).dtype]
    except (RuntimeError, TypeError, NotImplementedError):
        return "!"


def main():
    lines = ["    {\"%s\", \"%s\"}," % (name, "".join(letter(f, t) for t in TYPES)) for name, f in sorted(ROWS.items())]
    text = """// Made by row_types.py with torch %s; do not edit.
#pragma once

namespace recorded {

// An operation, or "operation variant", and its result's type for inputs of uint8, int8, int16, int32, int64, float16,
// float32, float64, bool, bfloat16: u c s i l h f d ? b, or ! for an error.
struct ResultTypes {
  const char* operation;
  const char* types;
};
// clang-format off
inline constexpr ResultTypes result_types_of_rows[] = {
%s
};
// clang-format on

}  // namespace recorded
""" % (torch.__version__.split("+")[0], os.linesep.join(lines))
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "row_types.h"), "w") as out:
        out.write(text)


if __name__ == "__main__":
    main()
