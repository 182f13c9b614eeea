"""Records what PyTorch's layers compute: python3 tests/nn/record.py > tests/nn/recorded.h"""
import torch
from torch import nn
from torch.nn import init

rows = {}


def put(name, *tensors):
    rows[name] = [x for t in tensors for x in t.detach().flatten().tolist()]


def filled(*sizes):
    """-1.0, -0.9 ... 1.0, again and again, in the order of memory."""
    n = torch.Size(sizes).numel()
    return ((torch.arange(n) * 7 % 21 - 10) / 10.0).reshape(sizes)


def made(name, make):
    torch.manual_seed(0)
    put(name, *[p for p in make().parameters()])


def started(name, fill, *sizes):
    torch.manual_seed(0)
    put(name, fill(torch.empty(sizes)))


made("linear", lambda: nn.Linear(5, 3))
made("linear_no_bias", lambda: nn.Linear(5, 3, bias=False))
made("bilinear", lambda: nn.Bilinear(2, 3, 4))
made("conv1d", lambda: nn.Conv1d(4, 6, 3, groups=2))
made("conv2d", lambda: nn.Conv2d(3, 4, (3, 2)))
made("embedding", lambda: nn.Embedding(4, 3, padding_idx=1))
made("two_layers", lambda: nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1)))
started("uniform", lambda t: init.uniform_(t, -2, 3), 4, 5)
started("normal", lambda t: init.normal_(t, 1, 2), 4, 5)
started("xavier_uniform", lambda t: init.xavier_uniform_(t, 1.5), 4, 3, 2)
started("xavier_normal", lambda t: init.xavier_normal_(t), 4, 5)
started("kaiming_uniform", lambda t: init.kaiming_uniform_(t, mode="fan_out", nonlinearity="relu"), 4, 3, 2)
started("kaiming_normal", lambda t: init.kaiming_normal_(t, a=0.2), 4, 5)
started("orthogonal_wide", lambda t: init.orthogonal_(t), 3, 5)
started("orthogonal_tall", lambda t: init.orthogonal_(t, 2.0), 4, 3, 1)
started("sparse", lambda t: init.sparse_(t, 0.3), 5, 4)
started("dirac", lambda t: init.dirac_(t), 3, 2, 3)
started("eye", lambda t: init.eye_(t), 2, 3)

x, w = filled(2, 3, 6), filled(4, 3, 3)
for mode in ("zeros", "reflect", "replicate", "circular"):
    layer = nn.Conv1d(3, 4, 3, padding=2, padding_mode=mode, bias=False)
    layer.weight.data.copy_(w)
    put("conv1d_" + mode, layer(x))
layer = nn.Conv2d(2, 2, (3, 4), padding="same", padding_mode="reflect", bias=False)
layer.weight.data.copy_(filled(2, 2, 3, 4))
put("conv2d_same_reflect", layer(filled(1, 2, 5, 6)))
F = nn.functional
put("pad", F.pad(filled(2, 3, 4), (1, 2, -1, 1), value=0.5))
put("bilinear_forward", F.bilinear(filled(2, 3), filled(2, 4), filled(5, 3, 4), filled(5)))
put("avg_pool1d", F.avg_pool1d(filled(1, 2, 7), 3, 2, 1))
put("adaptive_avg_pool1d", F.adaptive_avg_pool1d(filled(1, 2, 7), 3))
put("normalize", F.normalize(filled(3, 4)))


def norm_layer(name, layer, x):
    with torch.no_grad():
        if layer.weight is not None:
            layer.weight.copy_(filled(*layer.weight.shape))
            layer.bias.copy_(filled(*layer.bias.shape) / 2)
    trained = [layer(x * (i + 1)) for i in range(3)]
    layer.eval()
    put(name, trained[-1], layer(x), *[b.double() for b in layer.buffers()])


norm_layer("batch_norm1d", nn.BatchNorm1d(4), filled(5, 4))
norm_layer("batch_norm2d_average", nn.BatchNorm2d(3, momentum=None), filled(2, 3, 2, 2))
norm_layer("batch_norm2d_untracked", nn.BatchNorm2d(3, affine=False, track_running_stats=False), filled(2, 3, 2, 2))
norm_layer("layer_norm", nn.LayerNorm([3, 4], eps=1e-3), filled(2, 3, 4))
norm_layer("group_norm", nn.GroupNorm(2, 4), filled(2, 4, 3))

p, t = torch.sigmoid(filled(3, 4)), torch.sigmoid(filled(4, 3)).t()
classes = torch.tensor([1, 3, 2])
weight = torch.tensor([0.5, 1.0, 2.0, 0.1])
for r in ("mean", "sum"):
    put("losses_" + r,
        nn.L1Loss(reduction=r)(p, t), nn.MSELoss(reduction=r)(p, t), nn.SmoothL1Loss(reduction=r, beta=0.3)(p, t),
        nn.HuberLoss(reduction=r, delta=0.2)(p, t), nn.BCELoss(weight=weight, reduction=r)(p, t),
        nn.BCEWithLogitsLoss(weight=weight, reduction=r, pos_weight=2 * weight)(filled(3, 4), t),
        nn.NLLLoss(weight=weight, ignore_index=3, reduction=r)(p.log(), classes),
        nn.CrossEntropyLoss(weight=weight, ignore_index=2, reduction=r, label_smoothing=0.1)(filled(3, 4), classes),
        nn.KLDivLoss(reduction=r, log_target=True)(p.log(), t.log()))
put("kl_div_batch_mean", nn.KLDivLoss(reduction="batchmean")(p.log(), t))

for name, order in (("clip_2", 2.0), ("clip_1", 1.0), ("clip_inf", float("inf"))):
    ps = [nn.Parameter(torch.zeros(3)), nn.Parameter(torch.zeros(2, 2))]
    for q in ps:
        q.grad = filled(*q.shape) * 3
    total = nn.utils.clip_grad_norm_(ps, 1.5, order)
    put(name, total, *[q.grad for q in ps])

print("// What PyTorch", torch.__version__.split("+")[0], "computes; written by record.py.")
print("// clang-format off")
print("#pragma once\n#include <map>\n#include <string>\n#include <vector>\n\nnamespace recorded {\n")
print("inline const std::map<std::string, std::vector<double>> layers = {")
for name, values in rows.items():
    print(f'    {{"{name}", {{{", ".join(repr(v) for v in values)}}}}},')
print("};\n\n}  // namespace recorded")
