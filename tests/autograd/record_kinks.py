"""Records PyTorch's derivatives where functions have kinks: python3 tests/autograd/record_kinks.py > tests/autograd/recorded_kinks.h"""
import math

import torch
import torch.nn.functional as F

# The function and the values of each argument, all combinations of which are taken.
KINKS = {
    "maximum": (torch.maximum, [-1, 0, 1], [-1, 0, 1]),
    "minimum": (torch.minimum, [-1, 0, 1], [-1, 0, 1]),
    "abs": (torch.abs, [-1, 0, 1]),
    "sign": (torch.sign, [-1, 0, 1]),
    "clamp": (lambda x: torch.clamp(x, -0.5, 0.5), [-1, -0.5, 0, 0.5, 1]),
    "clamp_min": (lambda x: torch.clamp_min(x, 0.5), [0, 0.5, 1]),
    "clamp_max": (lambda x: torch.clamp_max(x, 0.5), [0, 0.5, 1]),
    "clamp_min_tensor": (torch.clamp_min, [-1, 0, 1], [0]),
    "clamp_max_tensor": (torch.clamp_max, [-1, 0, 1], [0]),
    "pow": (torch.pow, [0, 1, 2], [0, 1, 2, 3]),
    "pow_square": (lambda x: torch.pow(x, 2), [-1, 0, 1]),
    "pow_one": (lambda x: torch.pow(x, 1), [-1, 0, 1]),
    "pow_cube": (lambda x: torch.pow(x, 3), [-1, 0, 1]),
    "pow_zero": (lambda x: torch.pow(x, 0), [-1, 0, 1]),
    "pow_of_zero": (lambda e: torch.pow(0, e), [0, 1, 2]),
    "sinc": (torch.sinc, [-1, 0, 0.5]),
    "logit": (torch.logit, [-0.5, 0, 0.5, 1, 1.5]),
    "logit_bounded": (lambda x: torch.logit(x, 0.25), [0.1, 0.25, 0.5, 0.75, 0.9]),
    "nan_to_num": (torch.nan_to_num, [math.nan, math.inf, -math.inf, 1]),
    "xlogy": (torch.xlogy, [0, 1], [-1, 0, 0.5, 2]),
    "copysign": (torch.copysign, [-1, 0, 1], [-1, 1]),
    "fmax": (torch.fmax, [-1, 0, 1, math.nan], [-1, 0, 1, math.nan]),
    "fmin": (torch.fmin, [-1, 0, 1, math.nan], [-1, 0, 1, math.nan]),
    "relu": (F.relu, [-1, 0, 1]),
    "relu6": (F.relu6, [-1, 0, 1, 6, 7]),
    "leaky_relu": (lambda x: F.leaky_relu(x, 0.25), [-1, 0, 1]),
    "elu": (lambda x: F.elu(x, 0.5), [-1, 0, 1]),
    "selu": (F.selu, [-1, 0, 1]),
    "celu": (lambda x: F.celu(x, 0.5), [-1, 0, 1]),
    "hardtanh": (lambda x: F.hardtanh(x, -0.5, 0.75), [-1, -0.5, 0, 0.75, 1]),
    "hardsigmoid": (F.hardsigmoid, [-4, -3, 0, 3, 4]),
    "hardswish": (F.hardswish, [-4, -3, 0, 3, 4]),
    "hardshrink": (lambda x: F.hardshrink(x, 0.5), [-1, -0.5, 0, 0.5, 1]),
    "softshrink": (lambda x: F.softshrink(x, 0.5), [-1, -0.5, 0, 0.5, 1]),
    "threshold": (lambda x: F.threshold(x, 0.5, -2), [0, 0.5, 1]),
    "softplus": (lambda x: F.softplus(x, 2, 4), [1, 2, 3]),
    "softplus_plain": (lambda x: F.softplus(x, 1, 2), [1, 2, 3]),
    "prelu": (F.prelu, [-1, 0, 1], [0.25]),
    "l1_loss": (F.l1_loss, [-1, 0, 1], [0]),
    "smooth_l1_loss": (lambda x, y: F.smooth_l1_loss(x, y, beta=0.5), [-1, -0.5, 0, 0.5, 1], [0]),
    "huber_loss": (lambda x, y: F.huber_loss(x, y, delta=0.5), [-1, -0.5, 0, 0.5, 1], [0]),
    "hinge_embedding_loss": (lambda x, y: F.hinge_embedding_loss(x, y, margin=0.5), [0, 0.5, 1], [-1, 1]),
    "margin_ranking_loss": (lambda a, b, y: F.margin_ranking_loss(a, b, y, margin=0.5), [-1, -0.5, 0, 0.5, 1], [0], [-1, 1]),
    "poisson_nll_loss": (lambda x, y: F.poisson_nll_loss(x, y, full=True), [0.5], [1, 2]),
    "gaussian_nll_loss": (lambda x, y, v: F.gaussian_nll_loss(x, y, v, eps=0.5), [1], [0], [0.25, 0.5, 1]),
}


def numbers(values):
    return "{" + ", ".join(repr(v) if math.isfinite(v) else "NAN" if math.isnan(v) else "INFINITY" if v > 0 else
                           "-INFINITY" for v in values) + "}"


def gradients(f, point):
    xs = [torch.tensor([float(v)], dtype=torch.float64, requires_grad=True) for v in point]
    return [0.0 if g is None else g.item() for g in torch.autograd.grad(f(*xs).sum(), xs, allow_unused=True)]


print("// What PyTorch", torch.__version__.split("+")[0], "computes; written by record_kinks.py.")
print("// clang-format off\n#pragma once\n#include <cmath>\n#include <string>\n#include <vector>\n")
print("namespace recorded {\n\nstruct Kink {\n  std::string name;\n  std::vector<double> point, gradient;\n};\n")
print("inline const std::vector<Kink> kinks = {")
for name, (f, *values) in KINKS.items():
    for point in torch.cartesian_prod(*[torch.tensor(v, dtype=torch.float64) for v in values]).tolist():
        point = point if isinstance(point, list) else [point]
        print(f'    {{"{name}", {numbers(point)}, {numbers(gradients(f, point))}}},')
print("};\n\n}  // namespace recorded")
