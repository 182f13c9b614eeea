"""Rows of tests/autograd/rows_{reduce,statistics,softmax}.cpp as torch computes them."""
import math

import torch
import torch.nn.functional as F


def with_nan(x):
    return torch.where(x > 1, math.nan, x)


def coarse(x):
    return torch.round(x * 4) / 4


often = torch.tensor([1, 3, 2, 1, 2])


def powers(x, n):
    """torch.vander, whose own gradient fails."""
    return torch.cat((torch.ones_like(x).unsqueeze(1), x.unsqueeze(1).expand(-1, n - 1)), 1).cumprod(1)


def joined_product(*x):
    return torch.cat(x, 1).prod(1)


def joined_cumprod(*x):
    return torch.cat(x, 1).cumprod(1)


ROWS = {
    # sums
    "sum": lambda x: x.sum(),
    "sum dim": lambda x: x.sum(1),
    "sum dims, keepdim": lambda x: x.sum((0, -1), True),
    "sum channels": lambda x: x.sum((0, 2, 3)),
    "sum 0-dimensional": lambda x: x.sum(0),
    "sum dtype": lambda x: x.sum(0, dtype=torch.float64),
    "mean": lambda x: x.mean(),
    "mean dim, keepdim": lambda x: x.mean(-1, True),
    "mean of pairs": lambda x: x.mean(1),
    "mean dims": lambda x: x.mean((0, 1)),
    "cumsum": lambda x: x.cumsum(0),
    "cumsum of a vector": lambda x: x.cumsum(0),
    "cumsum last": lambda x: x.cumsum(-1),
    "cumsum in place": lambda x: x.cumsum(-1),
    "logsumexp": lambda x: x.logsumexp(1),
    "logsumexp dims, keepdim": lambda x: x.logsumexp((0, 2), True),
    "count_nonzero": lambda x: x.count_nonzero(),
    "count_nonzero dim": lambda x: x.count_nonzero(0),
    "any": lambda x: x.any(),
    "any dim": lambda x: x.any(1),
    "all": lambda x: x.all(),
    "all dim, keepdim": lambda x: x.all(0, True),
    # products
    "prod": lambda x: x.prod(),
    "prod dim": lambda x: x.prod(1),
    "prod of a number": lambda x: x.prod(0),
    "prod keepdim": lambda x: x.prod(0, True),
    "prod with zeros 1": joined_product,
    "prod with zeros 2": joined_product,
    "prod with zeros in the middle": joined_product,
    # moments and norms
    "var": lambda x: x.var(),
    "var dim": lambda x: x.var(1),
    "var biased, keepdim": lambda x: x.var((0, 2), False, True),
    "std": lambda x: x.std(),
    "std biased": lambda x: x.std((1,), False),
    "var_mean var": lambda x: torch.var_mean(x, 1)[0],
    "var_mean mean": lambda x: torch.var_mean(x, 1)[1],
    "std_mean": lambda x: torch.std_mean(x, 1)[0] * 3 + torch.std_mean(x, 1)[1],
    "norm": lambda x: x.norm(),
    "norm dim": lambda x: x.norm(2, (1,), True),
    "norm 3": lambda x: x.norm(3),
    "norm 1.5": lambda x: x.norm(1.5, (1,)),
    "norm 1": lambda x: x.norm(1),
    "norm 0": lambda x: x.norm(0),
    "norm infinity": lambda x: x.norm(math.inf, (1,)),
    "norm minus infinity": lambda x: x.norm(-math.inf, (1,)),
    # extremes
    "max": lambda x: x.max(),
    "min": lambda x: x.min(),
    "max dim": lambda x: x.max(1)[0],
    "max of a number": lambda x: x.max(0)[0],
    "min dim, keepdim": lambda x: x.min(-1, True)[0],
    "max indices": lambda x: x.max(1)[1],
    "min indices": lambda x: x.min(1)[1],
    "amax": lambda x: x.amax((1, 2)),
    "amin keepdim": lambda x: x.amin((1,), True),
    "argmax": lambda x: x.argmax(),
    "argmax dim": lambda x: x.argmax(1),
    "argmin": lambda x: x.argmin(),
    "argmin dim, keepdim": lambda x: x.argmin(0, True),
    # running values
    "cumprod": lambda x: x.cumprod(0),
    "cumprod zero first": joined_cumprod,
    "cumprod zero alone": joined_cumprod,
    "cumprod of a number": lambda x: x.cumprod(0),
    "cumprod of a vector": lambda x: x.cumprod(0),
    "cumprod zeros": lambda x: joined_cumprod(x[:, :2], x[:, 2:3] * 0, x[:, 3:]),
    "cummax": lambda x: x.cummax(1)[0],
    "cummax indices": lambda x: x.cummax(1)[1],
    "cummin": lambda x: x.cummin(1)[0],
    "logcumsumexp": lambda x: x.logcumsumexp(1),
    "logcumsumexp of a number": lambda x: x.logcumsumexp(0),
    "logcumsumexp of a vector": lambda x: x.logcumsumexp(0),
    "trapezoid x": torch.trapezoid,
    "trapezoid": lambda x: torch.trapezoid(x, dx=0.5, dim=0),
    "trapz": torch.trapz,
    "cumulative_trapezoid": torch.cumulative_trapezoid,
    "diff": lambda x: x.diff(2, 0),
    "diff prepend": lambda x: x.diff(1, -1, torch.zeros_like(x[:, :1])),
    # order statistics
    "nansum": lambda x: with_nan(x).nansum(1),
    "nanmean": lambda x: with_nan(x).nanmean(0),
    "median": lambda x: x.median(1)[0],
    "median of a number": lambda x: x.median(0)[0],
    "median all": lambda x: x.median(),
    "median index": lambda x: x.median(-1)[1],
    "nanmedian": lambda x: with_nan(x).nanmedian(1)[0],
    "nanmedian all": lambda x: with_nan(x).nanmedian(),
    "kthvalue": lambda x: x.kthvalue(2, 1)[0],
    "mode": lambda x: x.mode()[0],
    "mode index": lambda x: x.mode(0)[1],
    "quantile": lambda x: x.quantile(0.3, 1),
    "quantile keepdim, lower": lambda x: x.quantile(0.3, -1, True, interpolation="lower"),
    "quantile several": lambda x: x.quantile(torch.tensor([0.25, 0.6], dtype=torch.float64).to(x.dtype), 1),
    "nanquantile": lambda x: with_nan(x).nanquantile(0.3, 1),
    # covariance
    "cov": torch.cov,
    "cov of a vector": lambda x: torch.cov(x, correction=0),
    "cov fweights": lambda x: torch.cov(x, correction=2, fweights=often),
    "cov aweights": lambda x, w: torch.cov(x, aweights=w),
    "cov both weights": lambda x, w: torch.cov(x, correction=2, fweights=often, aweights=w),
    "corrcoef": torch.corrcoef,
    "corrcoef of a vector": torch.corrcoef,
    "vander": lambda x: powers(x, 4).flip(1),
    "vander increasing": lambda x: powers(x, 5),
    "vander whole": lambda x: torch.vander(x, 3),
    # counts and sets
    "aminmax": lambda x: torch.aminmax(x, dim=1)[0] + 2 * torch.aminmax(x, dim=1)[1],
    "histc": lambda x: x.histc(4, -1, 1),
    "bincount": lambda x: x.bincount(minlength=6),
    "bincount weights": lambda x, w: x.bincount(w, 5),
    "dist": lambda x, y: torch.dist(x, y, 3),
    "renorm": lambda x: x.renorm(2, 0, 1.5),
    "_unique": lambda x: torch._unique(x)[0],
    "_unique2": lambda x: torch._unique2(x, True, False, True)[2],
    "unique_dim": lambda x: torch.unique(x, dim=0),
    "unique_consecutive": lambda x: torch.unique_consecutive(x, return_counts=True)[1],
    "unique_dim_consecutive": lambda x: torch.unique_consecutive(x, return_inverse=True, dim=0)[1],
    "searchsorted": lambda x, v: torch.searchsorted(coarse(x).sort()[0], coarse(v)),
    "bucketize": lambda x: torch.bucketize(coarse(x), torch.tensor([-1, 0.25, 1]).to(x.dtype), right=True),
    "isin": lambda x, t: torch.isin(coarse(x), coarse(t)),
}
for where, dim in (("last", -1), ("first", 0), ("middle", 1), ("long", 1), ("one", 1), ("0-dimensional", 0)):
    ROWS["softmax " + where] = lambda x, d=dim: torch.softmax(x, d)
    ROWS["log_softmax " + where] = lambda x, d=dim: torch.log_softmax(x, d)
    ROWS["softmin " + where] = lambda x, d=dim: F.softmin(x, d)
