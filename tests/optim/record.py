"""Records what PyTorch's optimizers and schedulers compute: python3 tests/optim/record.py > tests/optim/recorded.h"""
import math
import torch
from torch import optim
from torch.optim import lr_scheduler as schedules

WATCHED = [0, 1, 17, 35, 36]  # elements of the second parameter

OPTIMIZERS = {
    "sgd": (optim.SGD, dict(lr=0.1)),
    "sgd_decay": (optim.SGD, dict(lr=0.1, weight_decay=0.05)),
    "sgd_momentum": (optim.SGD, dict(lr=0.05, momentum=0.9)),
    "sgd_dampening": (optim.SGD, dict(lr=0.05, momentum=0.9, dampening=0.3, weight_decay=0.01)),
    "sgd_nesterov": (optim.SGD, dict(lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.01)),
    "adam": (optim.Adam, dict(lr=0.02)),
    "adam_options": (optim.Adam, dict(lr=0.02, betas=(0.8, 0.99), eps=1e-4, weight_decay=0.1)),
    "adam_amsgrad": (optim.Adam, dict(lr=0.02, amsgrad=True)),
    "adam_amsgrad_decay": (optim.Adam, dict(lr=0.02, amsgrad=True, weight_decay=0.1)),
    "adamw": (optim.AdamW, dict(lr=0.02)),
    "adamw_options": (optim.AdamW, dict(lr=0.02, betas=(0.8, 0.99), eps=1e-4, weight_decay=0.3)),
    "adamw_amsgrad": (optim.AdamW, dict(lr=0.02, amsgrad=True, weight_decay=0.1)),
    "rmsprop": (optim.RMSprop, dict(lr=0.01)),
    "rmsprop_options": (optim.RMSprop, dict(lr=0.01, alpha=0.9, eps=1e-4, weight_decay=0.1)),
    "rmsprop_momentum": (optim.RMSprop, dict(lr=0.01, momentum=0.9)),
    "rmsprop_centered": (optim.RMSprop, dict(lr=0.01, centered=True)),
    "rmsprop_centered_momentum": (optim.RMSprop, dict(lr=0.01, centered=True, momentum=0.9, weight_decay=0.1)),
    "adagrad": (optim.Adagrad, dict(lr=0.1)),
    "adagrad_options": (optim.Adagrad, dict(lr=0.1, lr_decay=0.01, weight_decay=0.1, initial_accumulator_value=0.5)),
}


def watched(kind, options, dtype):
    ps = [torch.nn.Parameter(torch.tensor([(i % 7 - 3) / 4 for i in range(n)], dtype=dtype)) for n in (5, 37)]
    optimizer = kind(ps, **options)
    for t in range(100):
        for p in ps:
            i = torch.arange(p.numel())
            slope = ((i % 3 + 1) / 4).to(dtype)
            noise = (((7 * i + 3 * t) % 11 - 5) / 8).to(dtype)
            p.grad = p.detach() * slope + noise
        optimizer.step()
    return ps[0].tolist() + [ps[1][i].item() for i in WATCHED]


def sgd(lr=0.1, groups=1):
    ps = [torch.nn.Parameter(torch.zeros(1)) for _ in range(groups)]
    return optim.SGD([dict(params=[p], lr=lr * (i + 1)) for i, p in enumerate(ps)], lr=lr)


SCHEDULES = {
    "step": lambda o: schedules.StepLR(o, 7, 0.5),
    "multi_step": lambda o: schedules.MultiStepLR(o, [3, 10, 10, 40], 0.3),
    "exponential": lambda o: schedules.ExponentialLR(o, 0.97),
    "cosine": lambda o: schedules.CosineAnnealingLR(o, 30, 0.01),
    "linear": lambda o: schedules.LinearLR(o, 0.25, 0.9, 20),
    "constant": lambda o: schedules.ConstantLR(o, 0.25, 12),
    "polynomial": lambda o: schedules.PolynomialLR(o, 40, 2.0),
    "lambda": lambda o: schedules.LambdaLR(o, lambda e: 1 / (1 + 0.1 * e)),
    "one_cycle": lambda o: schedules.OneCycleLR(o, 0.5, 101),
    "one_cycle_linear": lambda o: schedules.OneCycleLR(o, 0.5, 101, pct_start=0.2, anneal_strategy="linear",
                                                       div_factor=10, final_div_factor=100),
    "one_cycle_three": lambda o: schedules.OneCycleLR(o, 0.5, 101, three_phase=True),
    "sequential": lambda o: schedules.SequentialLR(
        o, [schedules.ConstantLR(o, 0.1, 5), schedules.ExponentialLR(o, 0.9), schedules.StepLR(o, 4, 0.5)], [8, 40]),
    "warmup_cosine": lambda o: schedules.SequentialLR(
        o, [schedules.LinearLR(o, 0.01, 1.0, 10), schedules.CosineAnnealingLR(o, 90, 0.001)], [10]),
}


def rates(make, groups=1):
    o = sgd(groups=groups)
    s = make(o)
    seen = []
    for _ in range(100):
        seen.append([g["lr"] for g in o.param_groups][-1])
        o.step()
        s.step()
    return seen


def metric(t):
    return math.exp(-t / 20) + 0.05 * ((t * 7) % 5) + (0.5 if t > 60 else 0)


PLATEAUS = {
    "min": dict(),
    "patience": dict(factor=0.5, patience=2),
    "abs_cooldown": dict(factor=0.5, patience=1, threshold=0.02, threshold_mode="abs", cooldown=4, min_lr=0.002),
    "max": dict(mode="max", factor=0.3, patience=3, threshold=0.05),
}


def plateau(options):
    o = sgd()
    s = schedules.ReduceLROnPlateau(o, **options)
    seen = []
    for t in range(100):
        seen.append(o.param_groups[0]["lr"])
        s.step(metric(t))
    return seen


def table(name, rows):
    print(f"inline const std::map<std::string, std::vector<double>> {name} = {{")
    for key, values in rows.items():
        print(f'    {{"{key}", {{{", ".join(repr(v) for v in values)}}}}},')
    print("};\n")


print("// What PyTorch", torch.__version__.split("+")[0], "computes; written by record.py.")
print("// clang-format off")
print("#pragma once\n#include <map>\n#include <string>\n#include <vector>\n\nnamespace recorded {\n")
table("floats", {k: watched(*v, torch.float32) for k, v in OPTIMIZERS.items()})
table("doubles", {k: watched(*v, torch.float64) for k, v in OPTIMIZERS.items()})
table("rates", {k: rates(v) for k, v in SCHEDULES.items()})
table("second_group_rates", {k: rates(SCHEDULES[k], 2) for k in ("step", "cosine", "one_cycle", "warmup_cosine")})
table("plateaus", {k: plateau(v) for k, v in PLATEAUS.items()})
print("}  // namespace recorded")
