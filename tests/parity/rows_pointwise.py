"""Rows of tests/autograd/rows_{arithmetic,elementary,compare,activation,special,aliases}.cpp as torch computes them."""
import torch
import torch.nn.functional as F

ROWS = {
    # arithmetic
    "add": lambda x, y: x + y,
    "add alpha": lambda x, y: torch.add(x, y, alpha=0.3),
    "add number": lambda x: 1.5 + x,
    "sub": lambda x, y: x - y,
    "sub alpha": lambda x, y: torch.sub(x, y, alpha=0.3),
    "sub number": lambda x: x - 1.5,
    "sub from_number": lambda x: 1.5 - x,
    "mul": lambda x, y: x * y,
    "mul number": lambda x: 0.3 * x,
    "div": lambda x, y: x / y,
    "div number": lambda x: x / 0.3,
    "div of_number": lambda x: 0.3 / x,
    "lerp": lambda x, y: torch.lerp(x, y, 0.3),
    "addcmul": lambda x, y, z: torch.addcmul(x, y, z, value=0.3),
    "addcdiv": lambda x, y, z: torch.addcdiv(x, y, z, value=0.3),
    "pow square": lambda x: x**2,
    "pow cube": lambda x: x**3,
    "pow reciprocal": lambda x: x**-1,
    "pow reciprocal_square": lambda x: x**-2,
    "pow root": lambda x: x**0.5,
    "pow reciprocal_root": lambda x: x**-0.5,
    "pow zero": lambda x: x**0,
    "pow fraction": lambda x: x**1.7,
    "pow negative": lambda x: x**-1.5,
    "pow tensors": torch.pow,
    "pow of_two": lambda x: torch.pow(2, x),
    "pow of_number": lambda x: torch.pow(1.3, x),
    "max of_two": torch.max,
    "min of_two": torch.min,
    "clamp": lambda x: x.clamp(-0.5, 1.1),
    "clamp_min": lambda x: x.clamp_min(-0.5),
    "clamp_max": lambda x: x.clamp_max(0.5),
    "fmod number": lambda x: x.fmod(0.7),
    "remainder number": lambda x: x.remainder(0.7),
    # comparisons and choices
    "isnan": lambda x: torch.isnan(torch.log(x)),
    "isinf": lambda x: torch.isinf(1 / x.clamp_min(0)),
    "isfinite": lambda x: torch.isfinite(torch.log(x)),
    "isclose tensors": lambda x, y: torch.isclose(x, y, 0.5, 0.1),
    "where": torch.where,
    "where number": lambda c, x: torch.where(c, x, 0.7),
    "where number_first": lambda c, x: torch.where(c, 0.7, x),
    "masked_fill": lambda x, m: x.masked_fill(m, 0.25),
    "masked_fill tensor": lambda x, m, v: x.masked_fill(m, v),
    "masked_fill tensor, in place": lambda x, m, v: x.masked_fill(m, v),
    # activations
    "gelu tanh": lambda x: F.gelu(x, approximate="tanh"),
    "gelu tanh far": lambda x: F.gelu(x, approximate="tanh"),
    "softplus beta": lambda x: F.softplus(x, 2.5, 30),
    "log_sigmoid": F.logsigmoid,
    "elu scaled": lambda x: torch._C._nn.elu(x, 0.7, 1.3, 0.6),
    "celu": lambda x: F.celu(x, 1.7),
    "relu6": lambda x: F.relu6(2 * x),
    "leaky_relu slope": lambda x: F.leaky_relu(x, -0.5),
    "hardtanh": lambda x: F.hardtanh(x, -1.5, 2.5),
    "hardshrink": lambda x: F.hardshrink(x, 1.5),
    "softshrink": lambda x: F.softshrink(x, 1.5),
    "threshold": lambda x: F.threshold(x, 0.5, -3),
    "threshold above": lambda x: F.threshold(x, 0.5, 3),
    "rrelu train": lambda x: torch.manual_seed(7) and F.rrelu(-x.abs(), 0.1, 0.6, True),
    "rrelu eval": lambda x: F.rrelu(x, 0.1, 0.6),
    "glu": lambda x: F.glu(x, 1),
    "prelu": F.prelu,
    "prelu one weight": F.prelu,
    "prelu 0-dimensional weight": F.prelu,
    # special functions
    "polygamma 0": lambda x: torch.polygamma(0, x),
    "polygamma 1": lambda x: torch.polygamma(1, x),
    "polygamma 2": lambda x: torch.polygamma(2, x),
    "logit eps": lambda x: torch.logit(x, 0.2),
    "nan_to_num": lambda x: torch.nan_to_num(x, 0.5),
    "round decimals": lambda x: torch.round(x, decimals=1),
    "xlogy number": lambda x: torch.xlogy(x, 2.5),
    "xlogy of_number": lambda x: torch.xlogy(2.5, x),
    "copysign number": lambda x: torch.copysign(x, -1.0),
    "bitwise_and": lambda x, y: x & y,
    "bitwise_or": lambda x, y: x | y,
    "bitwise_xor": lambda x, y: x ^ y,
    "bitwise_left_shift": lambda x, y: x << y,
    "bitwise_right_shift": lambda x, y: x >> y,
    "bitwise_not": lambda x: ~x,
    "div floor": lambda x, y: torch.div(x, y, rounding_mode="floor"),
    "div trunc": lambda x, y: torch.div(x, y, rounding_mode="trunc"),
    "rsub": lambda x, y: torch.rsub(x, y, alpha=0.5),
    "rsub number": lambda x: torch.rsub(x, 1.5, alpha=0.5),
    "float_power number": lambda x: torch.float_power(x, 3),
    "float_power of_number": lambda x: torch.float_power(3, x),
    # Expanded, since PyTorch's gradient fails where x is.
    "clamp tensors": lambda x, lo, hi: torch.clamp(*torch.broadcast_tensors(x, lo, hi)),
    "lerp weights": torch.lerp,
    "clamp_min tensor": torch.clamp_min,
    "clamp_max tensor": torch.clamp_max,
    "isposinf": lambda x: torch.isposinf(1 / torch.floor(x)),
    "isneginf": lambda x: torch.isneginf(torch.log(torch.floor(x))),
    "clip": lambda x: torch.clip(x, -1, 1),
}
# Those whose row is torch's function of the same name.
for name in """neg reciprocal square sqrt rsqrt abs sign maximum minimum fmod remainder
        exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh erf erfc floor ceil round trunc frac
        asinh acosh atanh deg2rad rad2deg logical_not sigmoid selu relu
        erfinv lgamma digamma sinc logit xlogy logaddexp logaddexp2 atan2 hypot copysign heaviside fmax fmin ldexp
        nextafter gcd lcm floor_divide sgn float_power isreal signbit
        positive absolute negative fix arccos arcsin arctan arccosh arcsinh arctanh multiply true_divide divide arctan2
        subtract""".split():
    ROWS[name] = getattr(torch, name)
for name in "gelu silu mish softplus softsign tanhshrink elu leaky_relu hardsigmoid hardswish".split():
    ROWS[name] = getattr(F, name)
for name in "eq ne lt le gt ge".split():
    ROWS[name + " number"] = lambda x, f=getattr(torch, name): f(x, 0.5)
for name in "eq ne lt le gt ge logical_and logical_or logical_xor not_equal less less_equal greater greater_equal".split():
    ROWS[name + " tensors"] = getattr(torch, name)
