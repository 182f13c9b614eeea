"""Rows of tests/autograd/rows_{special_functions,window}.cpp and of the names of torch.special as torch computes them."""
import torch

s = torch.special


def window(f, *args):
    return lambda x: f(x.numel(), *args, dtype=x.dtype if x.is_floating_point() else torch.float32)


ROWS = {
    # special functions
    "i0": torch.i0,
    "special_i1": s.i1,
    "special_i1 zero": s.i1,
    "special_i1e zero": s.i1e,
    "special_ndtr": s.ndtr,
    "special_ndtri": s.ndtri,
    "special_ndtri tail": s.ndtri,
    "special_log_ndtr": s.log_ndtr,
    "special_log_ndtr tail": s.log_ndtr,
    "special_erfcx": s.erfcx,
    "special_erfcx large": s.erfcx,
    "special_entr": s.entr,
    "special_xlog1py": s.xlog1py,
    "special_xlog1py zero": s.xlog1py,
    "special_xlog1py number": lambda x: s.xlog1py(x, 1.5),
    "special_xlog1py of_number": lambda x: s.xlog1py(2.5, x),
    "special_zeta": s.zeta,
    "special_zeta number": lambda x: s.zeta(x, 1.5),
    "special_zeta of_number": lambda x: s.zeta(2.5, x),
    "mvlgamma": lambda x: torch.mvlgamma(x, 3),
    "mvlgamma 1": lambda x: torch.mvlgamma(x, 1),
    "frexp": lambda x: torch.frexp(x)[0],
    "frexp exponent": lambda x: torch.frexp(x)[1],
    # other names
    "special_polygamma 1": lambda x: s.polygamma(1, x),
    "special_multigammaln": lambda x: s.multigammaln(x, 3),
    "special_logsumexp": lambda x: s.logsumexp(x, 1),
    "special_softmax last": lambda x: s.softmax(x, -1),
    "special_log_softmax last": lambda x: s.log_softmax(x, -1),
    "multigammaln": lambda x: s.multigammaln(x, 3),
    # windows
    "hann_window": window(torch.hann_window),
    "hann_window symmetric": window(torch.hann_window, False),
    "hamming_window": window(torch.hamming_window),
    "hamming_window symmetric": window(torch.hamming_window, False),
    "hamming_window alpha": window(torch.hamming_window, True, 0.6),
    "hamming_window beta": window(torch.hamming_window, True, 0.6, 0.3),
    "blackman_window": window(torch.blackman_window),
    "blackman_window symmetric": window(torch.blackman_window, False),
    "bartlett_window": window(torch.bartlett_window),
    "bartlett_window symmetric": window(torch.bartlett_window, False),
    "kaiser_window": window(torch.kaiser_window),
    "kaiser_window symmetric": window(torch.kaiser_window, False),
    "kaiser_window beta": window(torch.kaiser_window, True, 5),
}
for variant in ("", " negative", " large"):
    ROWS["special_i0e" + variant] = s.i0e
    ROWS["special_i1e" + variant] = s.i1e
for name in "expit exp2 expm1 log1p erf erfc erfinv gammaln digamma psi sinc i0 logit xlogy round".split():
    ROWS["special_" + name] = getattr(s, name)
for name in "expit gammaln psi i0e i1 i1e ndtr ndtri log_ndtr erfcx entr xlog1py zeta".split():
    ROWS[name] = getattr(s, name)
