"""Records what PyTorch's layers compute: python3 tests/nn/record.py > tests/nn/recorded.h"""
import torch
from torch import nn
from torch.nn import init

rows, rounded = {}, set()


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


def gradients(name, f, *inputs):
    """A value, and the gradients of the inputs in floating point under a cotangent that is not constant."""
    inputs = [x.detach().clone().requires_grad_(x.is_floating_point()) for x in inputs]
    y = f(*inputs)
    wanted = [x for x in inputs if x.requires_grad]
    put(name, y, *torch.autograd.grad(y, wanted, filled(*y.shape) + 1.03))
    rounded.add(name)


signs = torch.tensor([1.0, -1.0, 1.0])
sign_table = torch.sign(filled(4, 3).t() + 0.05)
counts = torch.tensor([[0.0, 1, 2, 3], [4, 0.5, 1, 7], [2, 2, 0, 1]])
labels = torch.tensor([[3, 0, -1, 1], [1, -1, 0, 2], [0, 1, 2, 2]])
soft = torch.softmax(filled(4, 3).t() * 2, 1)
x = filled(3, 4)
image, image_classes = filled(2, 3, 2, 2), torch.tensor([[[0, 2], [1, 1]], [[2, 0], [1, 2]]])
class_weight = torch.tensor([0.3, 1.0, 2.5])
for r in ("none", "mean", "sum"):
    gradients("hinge_embedding_" + r, lambda x: nn.HingeEmbeddingLoss(margin=0.55, reduction=r)(x, sign_table), x)
    gradients("soft_margin_" + r, lambda x: nn.SoftMarginLoss(reduction=r)(x, sign_table), x)
    gradients("margin_ranking_" + r,
              lambda a, b: nn.MarginRankingLoss(margin=0.25, reduction=r)(a, b, sign_table), x, filled(4, 3).t())
    gradients("multi_margin_" + r,
              lambda x: nn.MultiMarginLoss(p=2, margin=0.75, weight=weight, reduction=r)(x, classes), x)
    gradients("multi_label_margin_" + r, lambda x: nn.MultiLabelMarginLoss(reduction=r)(x, labels), x)
    gradients("multi_label_soft_margin_" + r,
              lambda x: nn.MultiLabelSoftMarginLoss(weight=weight, reduction=r)(x, (sign_table + 1) / 2), x)
    gradients("cosine_embedding_" + r,
              lambda a, b: nn.CosineEmbeddingLoss(margin=-0.35, reduction=r)(a, b, signs), x, filled(4, 3).t())
    gradients("triplet_margin_" + r,
              lambda a, p, n: nn.TripletMarginLoss(margin=2.0, p=3, swap=True, reduction=r)(a, p, n),
              x, filled(4, 3).t(), x.roll(1, 0))
    gradients("triplet_margin_with_distance_" + r,
              lambda a, p, n: nn.TripletMarginWithDistanceLoss(
                  distance_function=lambda u, v: (u - v).abs().amax(1), margin=0.35, swap=True, reduction=r)(a, p, n),
              x, filled(4, 3).t() + 0.03, x.roll(1, 0) - 0.01)
    gradients("poisson_nll_" + r, lambda x: nn.PoissonNLLLoss(full=True, reduction=r)(x, counts), x)
    gradients("poisson_nll_counts_" + r,
              lambda x: nn.PoissonNLLLoss(log_input=False, eps=0.01, reduction=r)(x, counts), x + 1.5)
    gradients("gaussian_nll_" + r, lambda x, v: nn.GaussianNLLLoss(full=True, eps=0.3, reduction=r)(x, soft, v),
              x, filled(3, 1).abs())
    gradients("cross_entropy_probabilities_" + r,
              lambda x, t: nn.CrossEntropyLoss(weight=weight, label_smoothing=0.2, reduction=r)(x, t), x, soft)
    gradients("cross_entropy_image_" + r,
              lambda x: nn.CrossEntropyLoss(weight=class_weight, ignore_index=1, label_smoothing=0.2, reduction=r)(
                  x, image_classes), image)
    gradients("nll_image_" + r, lambda x: nn.NLLLoss(weight=class_weight, reduction=r)(x, image_classes), image)
    gradients("bce_logits_" + r,
              lambda x: nn.BCEWithLogitsLoss(weight=weight, pos_weight=2 * weight, reduction=r)(x, soft), x)
    gradients("kl_div_" + r, lambda x, t: nn.KLDivLoss(reduction=r)(x, t), x, soft)

gradients("cosine_similarity", lambda a, b: nn.CosineSimilarity(dim=0, eps=1e-3)(a, b), x, filled(4, 3).t())
gradients("pairwise_distance", lambda a, b: nn.PairwiseDistance(p=3, eps=1e-3, keepdim=True)(a, b), x, filled(4, 3).t())
gradients("normalize_3", lambda x: F.normalize(x, p=3, dim=0), x)


def layer(name, module, x, *more):
    with torch.no_grad():
        for i, p in enumerate(module.parameters()):
            p.copy_(filled(*p.shape) / (i + 1))
    parameters = list(module.parameters())
    for p in parameters:
        p.requires_grad_()
    put(name, *torch.autograd.grad((y := module(x, *more)), parameters, filled(*y.shape) + 1.03), y)
    rounded.add(name)


layer("rms_norm", nn.RMSNorm([3, 4]), filled(2, 3, 4))
layer("rms_norm_eps", nn.RMSNorm(4, eps=0.1), filled(3, 4))
layer("group_norm_image", nn.GroupNorm(2, 4, eps=1e-3), filled(2, 4, 3, 5))
layer("batch_norm3d", nn.BatchNorm3d(2, eps=1e-3), filled(2, 2, 2, 3, 2))
layer("instance_norm3d", nn.InstanceNorm3d(2, affine=True), filled(2, 2, 2, 3, 2))
layer("instance_norm2d_unbatched", nn.InstanceNorm2d(2, affine=True), filled(2, 3, 2))
layer("prelu", nn.PReLU(3), filled(2, 3, 4))
indices, offsets = torch.tensor([1, 4, 1, 0, 3, 3, 2]), torch.tensor([0, 3, 3, 5])
bag_weights = filled(7) + 0.5
for mode in ("sum", "mean", "max"):
    layer("bag_" + mode, nn.EmbeddingBag(5, 3, mode=mode), indices, offsets)
    layer("bag_table_" + mode, nn.EmbeddingBag(5, 3, mode=mode, padding_idx=1), indices[:6].reshape(3, 2))
layer("bag_last_offset", nn.EmbeddingBag(5, 3, mode="sum", include_last_offset=True),
      indices, torch.tensor([0, 3, 3, 7]), bag_weights)
layer("bag_max_norm", nn.EmbeddingBag(5, 3, mode="mean", max_norm=1.1, norm_type=1.5), indices, offsets)
layer("embedding_options", nn.Embedding(5, 3, padding_idx=-2, max_norm=0.9, norm_type=3, scale_grad_by_freq=True),
      indices.reshape(7, 1))
made("embedding_bag", lambda: nn.EmbeddingBag(4, 3, padding_idx=2))
for name, f in (("hardswish", nn.Hardswish()), ("hardsigmoid", nn.Hardsigmoid()), ("rrelu_eval", nn.RReLU(0.2, 0.5).eval()),
                ("glu", nn.GLU(1)), ("softmax2d", nn.Softmax2d()), ("gelu_tanh", nn.GELU("tanh")), ("mish", nn.Mish()),
                ("celu", nn.CELU(0.7)), ("softplus", nn.Softplus(3, 1.25)), ("log_softmax", nn.LogSoftmax(2)),
                ("softmin", nn.Softmin(0)), ("hardshrink", nn.Hardshrink(0.35)), ("softshrink", nn.Softshrink(0.35))):
    gradients(name, f, filled(2, 4, 3, 2) * 4 + 0.013)
torch.manual_seed(0)
put("rrelu_train", nn.RReLU(0.2, 0.5)(filled(3, 7)))
started("trunc_normal", lambda t: init.trunc_normal_(t), 5, 8)
started("trunc_normal_one_side", lambda t: init.trunc_normal_(t, 0.5, 2, -1, 1), 5, 4)
started("trunc_normal_tail", lambda t: init.trunc_normal_(t, 0, 1, 1.2, 4), 5, 4)
started("orthogonal_large", lambda t: init.orthogonal_(t), 20, 7)

print("// What PyTorch", torch.__version__.split("+")[0], "computes; written by record.py.")
print("// clang-format off")
print("#pragma once\n#include <map>\n#include <string>\n#include <vector>\n\nnamespace recorded {\n")
print("inline const std::map<std::string, std::vector<double>> layers = {")
for name, values in rows.items():
    text = ", ".join(f"{v:.8g}" if name in rounded else repr(v) for v in values)
    print(f'    {{"{name}", {{{text}}}}},')
print("};\n\n}  // namespace recorded")
