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
    "adadelta": (optim.Adadelta, dict()),
    "adadelta_options": (optim.Adadelta, dict(lr=0.5, rho=0.8, eps=1e-4, weight_decay=0.1)),
    "adamax": (optim.Adamax, dict(lr=0.02)),
    "adamax_options": (optim.Adamax, dict(lr=0.02, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1)),
    "nadam": (optim.NAdam, dict(lr=0.02)),
    "nadam_options": (optim.NAdam, dict(lr=0.02, betas=(0.8, 0.99), eps=1e-4, weight_decay=0.1, momentum_decay=0.02)),
    "nadam_decoupled": (optim.NAdam, dict(lr=0.02, weight_decay=0.3, decoupled_weight_decay=True)),
    "radam": (optim.RAdam, dict(lr=0.02)),
    "radam_options": (optim.RAdam, dict(lr=0.02, betas=(0.8, 0.99), eps=1e-4, weight_decay=0.1)),
    "radam_decoupled": (optim.RAdam, dict(lr=0.02, weight_decay=0.3, decoupled_weight_decay=True)),
    "adam_decoupled": (optim.Adam, dict(lr=0.02, weight_decay=0.3, decoupled_weight_decay=True)),
}
# To maximize, with gradients of the other sign: the decay still pulls to zero.
OPTIMIZERS |= {
    name + "_maximize": (kind, dict(lr=0.02, weight_decay=0.1, maximize=True, **more))
    for name, kind, more in [
        ("sgd", optim.SGD, dict(momentum=0.5)), ("adam", optim.Adam, {}), ("adamw", optim.AdamW, {}),
        ("rmsprop", optim.RMSprop, {}), ("adagrad", optim.Adagrad, {}), ("adadelta", optim.Adadelta, {}),
        ("adamax", optim.Adamax, {}), ("nadam", optim.NAdam, {}), ("radam", optim.RAdam, {})]
}


def watched(kind, options, dtype):
    torch.set_default_dtype(dtype)  # in which PyTorch keeps NAdam's product
    sign = -1 if options.get("maximize") else 1
    ps = [torch.nn.Parameter(torch.tensor([(i % 7 - 3) / 4 for i in range(n)], dtype=dtype)) for n in (5, 37)]
    optimizer = kind(ps, **options)
    for t in range(100):
        for p in ps:
            i = torch.arange(p.numel())
            slope = ((i % 3 + 1) / 4).to(dtype)
            noise = (((7 * i + 3 * t) % 11 - 5) / 8).to(dtype)
            p.grad = sign * (p.detach() * slope + noise)
        optimizer.step()
    torch.set_default_dtype(torch.float32)
    return ps[0].tolist() + [ps[1][i].item() for i in WATCHED]


LBFGS = {
    "fixed": dict(lr=0.05, max_iter=3, history_size=4),
    "wolfe": dict(lr=1, max_iter=3, history_size=4, line_search_fn="strong_wolfe"),
    "wolfe_long": dict(lr=0.8, max_iter=20, max_eval=9, line_search_fn="strong_wolfe"),
    "tolerant": dict(lr=1, tolerance_grad=1e-2, tolerance_change=1e-3, line_search_fn="strong_wolfe"),
}


def lbfgs(options):
    """The loss of each of 100 steps down a chain of Rosenbrock's valleys, and where they end."""
    ps = [torch.nn.Parameter(torch.tensor([(i % 5 - 2) / 2 for i in range(n)], dtype=torch.float64)) for n in (3, 5)]
    optimizer = optim.LBFGS(ps, **options)

    def closure():
        optimizer.zero_grad()
        x = torch.cat(ps)
        loss = (10 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()
        loss.backward()
        return loss

    losses = [optimizer.step(closure).item() for _ in range(100)]
    return losses + ps[0].tolist() + ps[1].tolist()


def averages(**how):
    """Of 6 models with a weight [1, 2], a bias and a batch norm's mean."""
    model = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.BatchNorm1d(1, affine=False)).double()
    average = optim.swa_utils.AveragedModel(model, **how)
    for k in range(1, 7):
        with torch.no_grad():
            model[0].weight.copy_(torch.tensor([[0.1 * k, 0.01 * k * k]], dtype=torch.float64))
            model[0].bias.copy_(torch.tensor([1.0 / k], dtype=torch.float64))
            model[1].running_mean.copy_(torch.tensor([math.sin(k)], dtype=torch.float64))
            model[1].num_batches_tracked.fill_(k)
        average.update_parameters(model)
    m = average.module
    return m[0].weight.flatten().tolist() + [m[0].bias.item(), m[1].running_mean.item(),
                                             float(m[1].num_batches_tracked.item())]


AVERAGES = {
    "swa": dict(),
    "swa_buffers": dict(use_buffers=True),
    "ema": dict(multi_avg_fn=optim.swa_utils.get_ema_multi_avg_fn(0.9)),
    "ema_buffers": dict(multi_avg_fn=optim.swa_utils.get_ema_multi_avg_fn(0.9), use_buffers=True),
    "ema_one_by_one": dict(avg_fn=optim.swa_utils.get_ema_avg_fn(0.7)),
}


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
    "multiplicative": lambda o: schedules.MultiplicativeLR(o, lambda e: 1 - 0.5 / (e + 1)),
    "restarts": lambda o: schedules.CosineAnnealingWarmRestarts(o, 12),
    "restarts_longer": lambda o: schedules.CosineAnnealingWarmRestarts(o, 5, 2, 0.01),
    "cyclic": lambda o: schedules.CyclicLR(o, 0.01, 0.3, 8),
    "cyclic_uneven": lambda o: schedules.CyclicLR(o, 0.01, 0.3, 8, 3, mode="triangular2"),
    "cyclic_range": lambda o: schedules.CyclicLR(o, 0.01, 0.3, 8, 11, mode="exp_range", gamma=0.98,
                                                 base_momentum=0.5, max_momentum=0.7),
    "cyclic_own": lambda o: schedules.CyclicLR(o, 0.01, 0.3, 8, scale_fn=lambda x: 1 / (1 + x), cycle_momentum=False),
    "cyclic_own_steps": lambda o: schedules.CyclicLR(o, 0.01, 0.3, 8, scale_fn=lambda x: 1 / (1 + x),
                                                     scale_mode="iterations"),
    "swa": lambda o: optim.swa_utils.SWALR(o, 0.01, 20),
    "swa_linear": lambda o: optim.swa_utils.SWALR(o, 0.3, 15, "linear"),
    "swa_at_once": lambda o: optim.swa_utils.SWALR(o, 0.02, 0),
    "chained": lambda o: schedules.ChainedScheduler(
        [schedules.ConstantLR(o, 0.5, 20), schedules.ExponentialLR(o, 0.97)]),
    "sequential_restarts": lambda o: schedules.SequentialLR(
        o, [schedules.LinearLR(o, 0.1, 1.0, 10), schedules.CosineAnnealingWarmRestarts(o, 7, 2)], [10]),
    "sequential_multiplicative": lambda o: schedules.SequentialLR(
        o, [schedules.ConstantLR(o, 0.5, 4), schedules.MultiplicativeLR(o, lambda e: 0.9 + 0.01 * (e % 3))], [6]),
}


# The same again, made when another one of its kind has done `last` steps with the optimizer.
RESUMED = {
    "step": lambda o, last: schedules.StepLR(o, 7, 0.5, last),
    "multi_step": lambda o, last: schedules.MultiStepLR(o, [3, 10, 10, 40], 0.3, last),
    "exponential": lambda o, last: schedules.ExponentialLR(o, 0.97, last),
    "cosine": lambda o, last: schedules.CosineAnnealingLR(o, 30, 0.01, last),
    "linear": lambda o, last: schedules.LinearLR(o, 0.25, 0.9, 20, last),
    "constant": lambda o, last: schedules.ConstantLR(o, 0.25, 17, last),
    "polynomial": lambda o, last: schedules.PolynomialLR(o, 40, 2.0, last),
    "lambda": lambda o, last: schedules.LambdaLR(o, lambda e: 1 / (1 + 0.1 * e), last),
    "multiplicative": lambda o, last: schedules.MultiplicativeLR(o, lambda e: 1 - 0.5 / (e + 1), last),
    "restarts": lambda o, last: schedules.CosineAnnealingWarmRestarts(o, 5, 2, 0.01, last),
    "cyclic": lambda o, last: schedules.CyclicLR(o, 0.01, 0.3, 8, last_epoch=last, cycle_momentum=False),
    "one_cycle": lambda o, last: schedules.OneCycleLR(o, 0.5, epochs=5, steps_per_epoch=12, last_epoch=last),
    "swa": lambda o, last: optim.swa_utils.SWALR(o, 0.01, 20, "cos", last),
}


def resumed(make):
    o = sgd()
    s = make(o, -1)
    for _ in range(13):
        o.step()
        s.step()
    s = make(o, s.last_epoch)
    seen = []
    for _ in range(40):
        seen.append(o.param_groups[0]["lr"])
        s.step()
    return seen


def momenta(make):
    ps = [torch.nn.Parameter(torch.zeros(1))]
    o = optim.Adam(ps, lr=0.1, betas=(0.9, 0.99))
    s = make(o)
    seen = []
    for _ in range(100):
        seen.append(o.param_groups[0]["betas"][0])
        o.step()
        s.step()
    return seen


def fractions():
    """Warm restarts stepped a quarter of an epoch at a time."""
    o = sgd()
    s = schedules.CosineAnnealingWarmRestarts(o, 3, 2, 0.01)
    seen = []
    for t in range(100):
        s.step(t / 4)
        seen.append(o.param_groups[0]["lr"])
    return seen


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
table("second_group_rates", {k: rates(SCHEDULES[k], 2) for k in ("step", "cosine", "one_cycle", "warmup_cosine", "restarts", "swa", "chained")})
table("resumed", {k: resumed(v) for k, v in RESUMED.items()})
table("momenta", {k: momenta(SCHEDULES[k]) for k in ("one_cycle", "one_cycle_three", "cyclic", "cyclic_uneven",
                                                     "cyclic_range", "cyclic_own_steps")})
table("fractions", {"restarts": fractions()})
table("averages", {k: averages(**v) for k, v in AVERAGES.items()})
table("lbfgs", {k: lbfgs(v) for k, v in LBFGS.items()})
table("plateaus", {k: plateau(v) for k, v in PLATEAUS.items()})
print("}  // namespace recorded")
