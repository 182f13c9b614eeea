"""Rows of tests/autograd/rows_{loss,margin_loss,embedding_bag}.cpp as torch computes them."""
import torch
import torch.nn.functional as F

softplus = lambda x: torch.logaddexp(x, torch.zeros_like(x))


def reduced(y, r):
    return y if r == "none" else y.mean() if r == "mean" else y.sum()


def differentiable(loss, formula):
    """The loss with the gradients of a formula, where torch has no derivative for every input."""
    def f(*x, reduction):
        y = reduced(formula(*x), reduction)
        return y + (loss(*[t.detach() for t in x], reduction=reduction) - y).detach()
    return f


def bce_logits(x, t, w, p):
    return w * (p * t * softplus(-x) + (1 - t) * softplus(x))


def bags(mode, begins=(0, 3, 3, 4), last=False, padding=None):
    def f(x, i, factors=None):
        table = x + 0.03 * torch.arange(6, dtype=x.dtype).unsqueeze(1) if mode == "max" else x
        offsets = torch.tensor(begins + (8,) if last else begins, dtype=torch.int64)
        return F.embedding_bag(i, table, offsets, mode=mode, per_sample_weights=factors, include_last_offset=last,
                               padding_idx=padding)
    return f


# A row of each for every reduction.
LOSSES = {
    "mse_loss": F.mse_loss,
    "mse_loss broadcast": lambda x, t, reduction: F.mse_loss(x, t.expand(3, 5), reduction=reduction),
    "l1_loss": F.l1_loss,
    "smooth_l1_loss": lambda x, t, reduction: F.smooth_l1_loss(x, t, reduction=reduction, beta=0.7),
    "huber_loss": lambda x, t, reduction: F.huber_loss(x, t, reduction=reduction, delta=0.6),
    "binary_cross_entropy": F.binary_cross_entropy,
    "binary_cross_entropy weight": differentiable(
        lambda x, t, w, reduction: F.binary_cross_entropy(x, t, w, reduction=reduction),
        lambda x, t, w: -w * (t * x.log() + (1 - t) * (1 - x).log())),
    "binary_cross_entropy_with_logits": F.binary_cross_entropy_with_logits,
    "binary_cross_entropy_with_logits weight": differentiable(
        lambda x, t, w, reduction: F.binary_cross_entropy_with_logits(x, t, w, reduction=reduction),
        lambda x, t, w: bce_logits(x, t, w, 1)),
    "binary_cross_entropy_with_logits pos_weight": differentiable(
        lambda x, t, p, reduction: F.binary_cross_entropy_with_logits(x, t, pos_weight=p, reduction=reduction),
        lambda x, t, p: bce_logits(x, t, 1, p)),
    "binary_cross_entropy_with_logits both weights": differentiable(
        lambda x, t, w, p, reduction: F.binary_cross_entropy_with_logits(x, t, w, pos_weight=p, reduction=reduction),
        bce_logits),
    "kl_div": F.kl_div,
    "kl_div log_target": lambda x, t, reduction: F.kl_div(x, t, reduction=reduction, log_target=True),
    "soft_margin_loss": differentiable(F.soft_margin_loss, lambda x, t: softplus(-t * x)),
    "hinge_embedding_loss": lambda x, t, reduction: F.hinge_embedding_loss(x, t.sign(), 0.7, reduction=reduction),
    "margin_ranking_loss": lambda a, b, t, reduction: F.margin_ranking_loss(a, b, t, 0.3, reduction=reduction),
    "poisson_nll_loss log": lambda x, t, reduction: F.poisson_nll_loss(x, t, reduction=reduction),
    "poisson_nll_loss log full": lambda x, t, reduction: F.poisson_nll_loss(x, t, full=True, reduction=reduction),
    "poisson_nll_loss": lambda x, t, reduction: F.poisson_nll_loss(x, t, False, eps=0.1, reduction=reduction),
    "poisson_nll_loss full": lambda x, t, reduction: F.poisson_nll_loss(x, t, False, True, eps=0.1, reduction=reduction),
    "gaussian_nll_loss": F.gaussian_nll_loss,
    "gaussian_nll_loss full": lambda x, t, v, reduction: F.gaussian_nll_loss(x, t, v, True, reduction=reduction),
    "multilabel_soft_margin_loss": F.multilabel_soft_margin_loss,
    "multilabel_soft_margin_loss weight": lambda x, t, w, reduction: (
        F.multilabel_soft_margin_loss(x, t, w, reduction=reduction)),
    "multi_margin_loss": lambda x, t, reduction: F.multi_margin_loss(x, t, margin=0.93, reduction=reduction),
    "multi_margin_loss square": lambda x, t, w, reduction: F.multi_margin_loss(x, t, 2, 0.7, w, reduction=reduction),
    "multilabel_margin_loss": F.multilabel_margin_loss,
    "cosine_embedding_loss": lambda x, y, t, reduction: F.cosine_embedding_loss(x, y, t.sign(), 0.1, reduction=reduction),
    "triplet_margin_loss": lambda a, p, n, reduction: F.triplet_margin_loss(a, p, n, 0.8, reduction=reduction),
    "triplet_margin_loss swap": lambda a, p, n, reduction: (
        F.triplet_margin_loss(a, p, n, 2, 3, swap=True, reduction=reduction)),
}
for variant, ignored in (("", -100), (" one row", -100), (" many classes", -100), (" image", -100), (" ignore", 1),
                         (" image ignore", 1)):
    LOSSES["nll_loss" + variant] = lambda x, t, w=None, reduction="mean", i=ignored: (
        F.nll_loss(x, t, w, ignore_index=i, reduction=reduction))
    LOSSES["cross_entropy_loss" + variant] = lambda x, t, w=None, reduction="mean", i=ignored: (
        F.cross_entropy(x, t, w, ignore_index=i, reduction=reduction))
for variant, smoothing in (("smoothing", 0.2), ("smoothing weight", 0.2), ("smoothing image", 0.2), ("all smoothed", 1.0)):
    LOSSES["cross_entropy_loss " + variant] = lambda x, t, w=None, reduction="mean", s=smoothing: (
        F.cross_entropy(x, t, w, ignore_index=1, label_smoothing=s, reduction=reduction))
for variant in ("", " and weights", " of images", " of one row", " without weights"):
    LOSSES["cross_entropy_loss probabilities" + variant] = lambda x, t, w=None, reduction="mean": (
        F.cross_entropy(x, t, w, label_smoothing=0.1, reduction=reduction))

ROWS = {
    "nll_loss2d": F.nll_loss,
    "nll_loss_nd": F.nll_loss,
    "cosine_similarity": F.cosine_similarity,
    "cosine_similarity broadcast": lambda x, y: F.cosine_similarity(x, y, -1),
    "pairwise_distance": F.pairwise_distance,
    "pairwise_distance keepdim": lambda x, y: F.pairwise_distance(x, y, 3, 1e-6, True),
    "pdist": lambda x: F.pdist(x + 0.3 * torch.arange(4, dtype=x.dtype).unsqueeze(1), 3),
    "embedding_bag sum": bags("sum"),
    "embedding_bag weighted sum": bags("sum"),
    "embedding_bag mean": bags("mean"),
    "embedding_bag max": bags("max"),
    "embedding_bag last offset": bags("sum", last=True),
    "embedding_bag one bag": bags("sum", (0,)),
    # As a product, since the gradient of embedding_bag without bags ends the process.
    "embedding_bag no bags": lambda x, i, w: torch.zeros(0, 8, dtype=x.dtype) @ (w.unsqueeze(1) * x[i]),
    "embedding_bag sum padding": bags("sum", padding=2),
    "embedding_bag mean padding": bags("mean", last=True, padding=2),
    "embedding_bag max padding": bags("max", padding=2),
}
for name, loss in LOSSES.items():
    for reduction in ("none", "mean", "sum"):
        ROWS[name + " " + reduction] = lambda *x, f=loss, r=reduction: f(*x, reduction=r)
