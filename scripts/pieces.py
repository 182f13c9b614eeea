#!/usr/bin/env python3
"""Prints the tables of piecewise polynomials that the tensor/kernels/simd_*_tables.h have. Needs mpmath and numpy.
Usage: scripts/pieces.py NAME... (a name of the list at the end)

Each table has 32 intervals. A polynomial is fitted to its function at Chebyshev nodes, by least squares of the relative
error, with 60 digits, which comes close to the best. Coefficients are rounded to float from the lowest power up, and the
higher ones fitted again to what the rounding left."""
import sys

import numpy as np
from mpmath import mp, mpf

mp.dps = 60


def to_float(x):
    return float(np.float32(float(x)))


def nodes(low, high, n):
    return [(low + high) / 2 + (high - low) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * n)) for i in range(n)]


def fit(f, c, degree, at, less):
    """The coefficient of x^len(c) in f(x) - less x, where c are those of lower powers and the higher ones are free."""
    powers = range(len(c), degree + 1)
    at = [x for x in at if f(x) != 0]
    a = mp.matrix(len(at), len(powers))
    b = mp.matrix(len(at), 1)
    for i, x in enumerate(at):
        y = f(x)
        b[i] = 1 - (less * x + sum(mpf(v) * x**k for k, v in enumerate(c))) / y
        for j, p in enumerate(powers):
            a[i, j] = x**p / y
    return mp.lu_solve(a.T * a, a.T * b)[0]


def polynomial(f, low, high, degree, known, less):
    """c0..cn, floats, with less x + sum c_i x^i close to f(x) from low to high; `known` are the first of them."""
    c = list(known)
    while len(c) <= degree:
        c.append(to_float(fit(f, c, degree, nodes(mpf(low), mpf(high), 3 * degree), less)))
    return c


def error(f, low, high, c, less):
    """The largest relative error of the polynomial in exact arithmetic."""
    w = mpf(0)
    for k in range(201):
        x = mpf(low) + (mpf(high) - mpf(low)) * k / 200
        y = f(x)
        if y != 0:
            w = max(w, abs((less * x + sum(mpf(v) * x**i for i, v in enumerate(c))) / y - 1))
    return w


class Table:
    """f near `centers[i]`, from centers[i] + spans[i][0] to centers[i] + spans[i][1], as a polynomial in the distance.
    `known(i)` are coefficients that are to be exact, such as the 0 of a root. `plus_x`: one less is the coefficient of x,
    which is added apart, so that near a root nothing is rounded but the rest."""

    def __init__(self, comment, f, centers, spans, degree, known=lambda i: (), plus_x=False, shift=False, stay=(0,)):
        self.comment, self.f, self.degree, self.known, self.less = comment, f, degree, known, int(plus_x)
        self.centers, self.spans = shifted(f, centers, spans, stay) if shift else (centers, spans)
        self.shifted = shift

    def rows(self):
        for i, (center, span) in enumerate(zip(self.centers, self.spans)):
            g = lambda x: self.f(mpf(center) + x)
            c = polynomial(g, *span, self.degree, self.known(i), self.less)
            yield c, error(g, *span, c, self.less)

    def print(self, name):
        if self.shifted:
            print(f"alignas(64) inline constexpr float {name}_centers[32] = {{")
            print("    " + ", ".join(f"{c:.9g}F" if c % 1 else f"{c:g}" for c in self.centers) + "};")
        rows = list(self.rows())
        bits = float(mp.log(max(e for _, e in rows), 2))
        print(f"/// {self.comment}: within 2^{bits:.1f}.")
        print(f"alignas(64) inline constexpr Pieces<{self.degree + 1}> {name} = {{")
        for power in reversed(range(self.degree + 1)):
            print("    {" + ", ".join(str(np.float32(c[power])) + "F" for c, _ in rows) + "},")
        print("};")


def steps(step):
    """Centers at multiples of `step`, of intervals half a step to both sides."""
    return [step * k for k in range(32)], [(0 if k == 0 else -step / 2, step / 2) for k in range(32)]


def eighths(root):
    """Intervals from 1/2 to 8, eight an octave, where the bits of a float x >> 20 count them. `root(low, high)` is the
    center of an interval near a root; others have theirs in the middle."""
    low = [float(np.uint32((0x3F0 + (k + 16) % 32) << 20).view(np.float32)) for k in range(32)]
    high = [v + 2.0 ** np.floor(np.log2(v)) / 8 for v in low]
    centers = [root(a, b) or (a + b) / 2 for a, b in zip(low, high)]
    return centers, [(a - c, b - c) for a, b, c in zip(low, high, centers)]


def shifted(f, centers, spans, stay):
    """The same intervals, each center moved to a float nearby where f is almost a float (S. Gal, Computing elementary
    functions, 1986), so that the constant coefficient is hardly rounded. Some stay."""
    moved = [c if c in stay else best_center(f, c) for c in centers]
    return moved, [(low + c - m, high + c - m) for c, m, (low, high) in zip(centers, moved, spans)]


def best_center(f, c):
    def rounding(x):
        y = f(mpf(x))
        return abs(to_float(y) / y - 1)

    return min((to_float(c * (1 + k * mpf(2) ** -20)) for k in range(-150, 151)), key=rounding)


def rows_of_32(name, comment, numbers):
    print(f"/// {comment}.\nalignas(64) inline constexpr float {name}[32] = {{")
    print("    " + ", ".join(str(np.float32(v)) + "F" for v in numbers) + "};")


class Logs:
    """Reciprocals r of numbers from the middles of 32 intervals of [1, 2), moved to where -log2(r) is nearly a multiple
    of `unit`, which then is the table's logarithm: its sum with an exponent is exact."""

    def __init__(self, unit):
        self.unit = unit

    def print(self, name):
        r = [self.reciprocal(1 + (k + 0.5) / 32) for k in range(32)]
        logs = [to_float(mp.nint(-mp.log(v, 2) / self.unit) * self.unit) for v in r]
        bits = float(mp.log(max(abs(mp.log(v, 2) + w) for v, w in zip(r, logs)), 2))
        rows_of_32(f"{name}_reciprocals", "Reciprocals of numbers from the middles of 32 intervals of [1, 2)", r)
        rows_of_32(name, f"Their -log2, within 2^{bits:.1f}", logs)

    def reciprocal(self, center):
        bits = int(np.float32(1 / center).view(np.int32)) + np.arange(-12000, 12001)
        r = bits.astype(np.int32).view(np.float32)
        multiple = -np.log2(r.astype(np.longdouble)) / self.unit
        return float(r[np.argmin(abs(multiple - np.rint(multiple)))])


class ExactLogs:
    """The same with reciprocals of 6 digits, so that m r - 1 is a float, 1 and 1/2 at the ends, and what the logarithms
    are less than their multiples of `unit`."""

    def __init__(self, unit):
        self.unit = unit

    def print(self, name):
        r = [min(range(32, 65), key=lambda i: self.rest(k, i / 64)) / 64 for k in range(1, 31)]
        r = [1.0, *r, 0.5]
        assert all(self.rest(k, v) <= 2.0**-5 for k, v in enumerate(r))
        logs = [mp.nint(-mp.log(v, 2) / self.unit) * self.unit for v in r]
        rows_of_32(f"{name}_reciprocals", "Reciprocals of 6 digits of numbers from 32 intervals of [1, 2)", r)
        rows_of_32(name, "Their -log2 in multiples of a power of 2", [to_float(v) for v in logs])
        rows_of_32(f"{name}_rests", "The rest of that", [to_float(-mp.log(v, 2) - w) for v, w in zip(r, logs)])

    def rest(self, k, r):
        return max(abs(r * (1 + k / 32) - 1), abs(r * (1 + (k + 1) / 32) - 1))


class Powers:
    """2^(j/32), and the logarithms of what their rounding lost."""

    def print(self, name):
        powers = [to_float(mpf(2) ** (mpf(j) / 32)) for j in range(32)]
        rows_of_32(name, "2^(j/32) rounded", powers)
        rests = [mpf(j) / 32 - mp.log(v, 2) for j, v in enumerate(powers)]
        rows_of_32(f"{name}_rests", "j/32 less their log2", [to_float(v) for v in rests])


digamma_root = to_float(mp.findroot(mp.digamma, 1.46))
digamma_at_root = to_float(mp.digamma(digamma_root))
lgamma_eighths = eighths(lambda low, high: 1 if 1 in (low, high) else 2 if 2 in (low, high) else None)
digamma_eighths = eighths(lambda low, high: digamma_root if low < 1.6 and high > 1.3 else None)

tables = {
    "lgamma_pieces": Table("lgamma(x) in x less the center", mp.loggamma, *lgamma_eighths, 5,
                           lambda i: (0,) if lgamma_eighths[0][i] in (1, 2) else (), shift=True, stay=(1, 2)),
    "digamma_pieces": Table("digamma(x) in x less the center", mp.digamma, *digamma_eighths, 5,
                            lambda i: (digamma_at_root,) if digamma_eighths[0][i] == digamma_root else (),
                            shift=True, stay=(digamma_root,)),
    "pow_logs": Logs(2.0**-16),
    "pow_exact_logs": ExactLogs(2.0**-16),
    "pow_powers": Powers(),
    "erf_pieces": Table("erf(x) - (x - i / 8) in x - i / 8", mp.erf, *steps(1 / 8), 5, lambda i: (0,) if i == 0 else (), plus_x=True, shift=True),
}

if __name__ == "__main__":
    if len(sys.argv) < 2 or not set(sys.argv[1:]) <= set(tables):
        sys.exit(f"usage: scripts/pieces.py NAME...    with names of: {' '.join(tables)}")
    for name in sys.argv[1:]:
        tables[name].print(name)
