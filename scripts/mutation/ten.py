"""Ten derivatives of different families, each broken in one place: file, part of the line, and the change."""
TEN = [
    ("autograd/ops/activation.cpp", "return g * s * (1 + x * (1 - s));", "+ -> -"),
    ("autograd/ops/arithmetic.cpp", "return -g * a / (b * b);", "- -> nothing"),
    ("autograd/ops/elementary.cpp", "return g * (1 - y * y);", "1 - y * y -> 1"),
    ("autograd/ops/special.cpp", "return g / (1 + exp(b - a));", "1 + exp(b - a) -> exp(b - a)"),
    ("autograd/ops/loss.cpp", "return g * w * (sigmoid(x) - t);", "g * w -> g"),
    ("autograd/ops/softmax.cpp", "return y * (g - sum(g * y, d, true));", "g - sum(g * y, d, true) -> g"),
    ("autograd/ops/norm.cpp", "y = d * rsqrt(mean(d * d, IntArrayRef(dims), true) + norm.eps);",
     "d * rsqrt(mean(d * d, IntArrayRef(dims), true) + norm.eps) -> d"),
    ("autograd/ops/reduce_moments.cpp", "2 / (n - correction)", "n - correction -> n"),
    ("autograd/ops/scan.cpp", "return sub(part(gt(g, 0)), part(lt(g, 0)));",
     "part(gt(g, 0)), part(lt(g, 0)) -> part(lt(g, 0)), part(gt(g, 0))"),
    ("autograd/ops/matmul.cpp", "gemm(a.get(self), !ta, g, false)", "tb ? gemm(g, true, a.get(self), ta) : gemm(a.get(self), !ta, "
     "g, false) -> -(tb ? gemm(g, true, a.get(self), ta) : gemm(a.get(self), !ta, g, false))"),
]
