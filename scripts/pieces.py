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


def text(x):
    return "inf<float>" if x == mp.inf else str(np.float32(x)) + "F"


def nodes(low, high, n):
    return [(low + high) / 2 + (high - low) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * n)) for i in range(n)]


def value(c, x):
    return sum(mpf(v) * x**k for k, v in enumerate(c))


def fit(f, c, degree, at, apart):
    """The coefficient of x^len(c) in f - apart, where c are those of lower powers and the higher ones are free."""
    powers = range(len(c), degree + 1)
    at = [x for x in at if f(x) != 0]
    a = mp.matrix(len(at), len(powers))
    b = mp.matrix(len(at), 1)
    for i, x in enumerate(at):
        y = f(x)
        b[i] = 1 - (value(apart, x) + value(c, x)) / y
        for j, p in enumerate(powers):
            a[i, j] = x**p / y
    return mp.lu_solve(a.T * a, a.T * b)[0]


def polynomial(f, low, high, degree, known, apart):
    """c0..cn, floats, with apart + sum c_i x^i close to f(x) from low to high; `known` are the first of them."""
    c = list(known)
    while len(c) <= degree:
        c.append(to_float(fit(f, c, degree, nodes(mpf(low), mpf(high), 3 * degree), apart)))
    return c


def error(f, low, high, c, apart):
    """The largest relative error of the polynomial in exact arithmetic."""
    w = mpf(0)
    for k in range(1, 400, 2):
        x = mpf(low) + (mpf(high) - mpf(low)) * k / 400
        y = f(x)
        if y != 0:
            w = max(w, abs((value(apart, x) + value(c, x)) / y - 1))
    return w


class Table:
    """f near `centers[i]`, from centers[i] + spans[i][0] to centers[i] + spans[i][1], as a polynomial in the distance,
    or in the distance over `scales[i]`, as spans then are too.
    `known(i)` are coefficients that are to be exact, such as the 0 of a root. `apart`: coefficients of
    what is added apart, so that little is rounded: the x near a root."""

    def __init__(self, comment, f, centers, spans, degree, known=lambda i: (), apart=(), shift=False, stay=(0,), scales=[1] * 32):
        self.comment, self.f, self.degree, self.known, self.apart = comment, f, degree, known, apart
        self.centers, self.spans = shifted(f, centers, spans, stay) if shift else (centers, spans)
        self.shifted, self.scales = shift, scales

    def rows(self):
        for i, (center, span, scale) in enumerate(zip(self.centers, self.spans, self.scales)):
            g = lambda x: self.f(mpf(center) + scale * x)
            c = polynomial(g, *span, self.degree, self.known(i), self.apart)
            yield c, 0 if c == list(self.known(i)) else error(g, *span, c, self.apart)

    def print(self, name):
        if self.shifted:
            print(f"alignas(64) inline constexpr float {name}_centers[32] = {{")
            print("    " + ", ".join(str(np.float32(c)) + "F" if c % 1 else f"{int(c)}" for c in self.centers) + "};")
        rows = list(self.rows())
        bits = float(mp.log(max(e for _, e in rows), 2))
        print(f"/// {self.comment}: within 2^{bits:.1f}.")
        print(f"alignas(64) inline constexpr Pieces<{self.degree + 1}> {name} = {{")
        for power in reversed(range(self.degree + 1)):
            print("    {" + ", ".join(text(c[power]) for c, _ in rows) + "},")
        print("};")


class FarTangents(Table):
    """tan(x) - (x - c) near multiples c of pi / 64, the first half of the columns from 0 up, the second from -pi / 4. Their
    constants, which come first, are rounded, and the last row is what they lack. All that is 0 at 0 is so that -0 stays."""

    def __init__(self, comment):
        multiples = [i - 32 if i >= 16 else i for i in range(32)]
        super().__init__(comment, mp.tan, [mp.pi * i / 64 for i in multiples], [(-mp.pi / 128, mp.pi / 128)] * 32, 4, apart=(0, 1))

    def rows(self):
        for c, span in zip(self.centers, self.spans):
            y = to_float(mp.tan(c)) if c else -0.0
            low = to_float(mp.tan(c) - mpf(y)) if c else -0.0
            g = lambda x: mp.tan(c + x) - mpf(y)
            p = polynomial(g, *span, self.degree, (low,) if c else (low, 0), self.apart)
            yield [y] + p, error(lambda x: mp.tan(c + x), *span, [mpf(y) + mpf(low)] + p[1:], self.apart)

    def print(self, name):
        rows = list(self.rows())
        bits = float(mp.log(max(e for _, e in rows), 2))
        print(f"/// tan(c) for c = i pi / 64.")
        print("alignas(64) inline constexpr float tan_centers[32] = {")
        print("    " + ", ".join(str(np.float32(c[0])) + "F" for c, _ in rows) + "};")
        print(f"/// {self.comment}: within 2^{bits:.1f}.")
        print(f"alignas(64) inline constexpr Pieces<{self.degree + 1}> {name} = {{")
        for power in reversed(range(1, self.degree + 2)):
            print("    {" + ", ".join(str(np.float32(c[power])) + "F" for c, _ in rows) + "},")
        print("};")


class Tangents:
    """Multiples s and k of sin(c) and cos(c), c = i pi / 32, with the same factor: of those for which roundings, with r up to
    pi / 64, harden least one for which s / k is almost tan(c). And a magic number, less what turns i to the one of a root
    or a pole next to it, all in parts of `scale`."""

    def __init__(self, scale):
        self.scale = scale

    def print(self, name):
        columns = [i - 32 if i > 16 else i for i in range(32)]
        pairs = {m: self.pair(m) for m in range(2, 15)} | {0: (0.0, 1.0), 1: (0.0, 1.0), 15: (1.0, 0.0), 16: (1.0, 0.0)}
        turned = {1: -1, -1: 1, 15: 1, -15: -1}
        sines = [pairs[abs(m)][0] * (-1 if m < 0 and abs(m) in range(2, 15) else 1) for m in columns]
        magic = [(3 * 2**22 - turned.get(m, 0)) / self.scale for m in columns]
        rows_of_32(f"{name}_magic", "A magic number, less what makes i the next multiple of 16, if that is nearer than 2", magic)
        rows_of_32(f"{name}_sines", "sin(i pi / 32), that i changed, times a number", sines)
        rows_of_32(f"{name}_cosines", "cos(i pi / 32) times the same number", [pairs[abs(m)][1] for m in columns])

    def pair(self, m):
        tangent = mp.tan(mp.pi * m / 32)
        steps = 256
        best = min(range(steps), key=lambda i: self.bound(2 ** (i / steps), float(tangent)))
        at = 2.0 ** np.linspace(max(best - 0.5, 0) / steps, (best + 0.5) / steps, 4000)
        k = min(map(to_float, at), key=lambda v: abs(to_float(v * tangent) / (v * tangent) - 1))
        return to_float(k * tangent), k

    @staticmethod
    def bound(k, tangent):
        """The sum of what all roundings change the tangent by, in its last places, at most."""
        half_place = lambda v: 2.0 ** (np.floor(np.log2(np.maximum(np.abs(v), 2.0**-40))) - 24)
        r = np.linspace(-np.pi / 64, np.pi / 64, 2000)
        s, c = k * tangent, 1 - r * r / 3
        above, below = s * c + k * r, k * c - s * r
        y = above / below
        error = (half_place(above) + half_place(k * r)) / abs(above) + (half_place(below) + half_place(s * r)) / abs(below)
        error += half_place(r) * (1 + y * y) / abs(y) + 2.0**-25 * abs(s / above - k / below)
        return np.max(error * abs(y) / half_place(y))


def steps(step):
    """Centers at multiples of `step`, of intervals half a step to both sides."""
    return [step * k for k in range(32)], [(0 if k == 0 else -step / 2, step / 2) for k in range(32)]


def denser(b, s, count):
    """Intervals from 0 on that end where b x + s x^2 is 1/2, 3/2, ..."""
    at = lambda u: (mp.sqrt(b * b + 4 * mpf(s) * u) - b) / (2 * mpf(s))
    centers = [to_float(at(k)) for k in range(count)]
    return centers, [(at(max(k - 0.5, 0)) - c, at(k + 0.5) - c) for k, c in enumerate(centers)]


def octaves(first):
    """The center, span and scale of the interval from 2^n to 2^(n+1), with n = first, first + 1, ..."""
    scales = [2.0 ** (first + k) for k in range(32)]
    return [1.5 * s for s in scales], [(-0.5, 0.5)] * 32, scales


def erfinv_over_x(t):
    """erfinv(x) / x at x = 1 - t."""
    return mp.erfinv(1 - t) / (1 - t) if t < 1 else mp.sqrt(mp.pi) / 2


def erfinv_known(i):
    """Where x is 1, where 1 - x is 1, and where 1 - x would be less than the last place of 1."""
    constants = {0: mp.inf, 31: to_float(erfinv_over_x(1) - 1)}
    return (constants.get(i, 0),) + (0,) * 7 if i < 7 or i == 31 else ()


def by_bits(offset, drop, end):
    """Intervals of x >= 0 up to `end` that the bits of the float x + offset tell apart when the last `drop` are dropped,
    at their lowest 5 bits. The first one has its center at 0."""
    centers, spans = [mpf(0)] * 32, [(mpf(0), mpf(0))] * 32
    bits = int(np.float32(offset).view(np.int32)) >> drop
    edge = lambda b: mpf(float(np.int32(b << drop).view(np.float32))) - offset
    for b in range(bits, bits + 32):
        low, high = max(edge(b), 0), min(edge(b + 1), end)
        if low < high:
            centers[b % 32] = c = mpf(0) if low == 0 else (low + high) / 2
            spans[b % 32] = (low - c, high - c)
    assert edge(bits + 32) >= end
    return centers, spans


def eighths(root):
    """Intervals from 1/2 to 8, eight an octave, where the bits of a float x >> 20 count them. `root(low, high)` is the
    center of an interval near a root; others have theirs in the middle."""
    low = [float(np.uint32((0x3F0 + (k + 16) % 32) << 20).view(np.float32)) for k in range(32)]
    high = [v + 2.0 ** np.floor(np.log2(v)) / 8 for v in low]
    centers = [root(a, b) or (a + b) / 2 for a, b in zip(low, high)]
    return centers, [(a - c, b - c) for a, b, c in zip(low, high, centers)]


def quarters(lowest, root):
    """Intervals of 8 octaves from 2^lowest up, four an octave, where the bits of a float x >> 21 count them.
    `root(low, high)` is the center of an interval near a root; others have theirs in the middle."""
    number = lambda k: float(np.int32(k << 21).view(np.float32))
    first = (127 + lowest) * 4
    centers, spans = [0] * 32, [(0, 0)] * 32
    for k in range(first, first + 32):
        low, high = number(k), number(k + 1)
        centers[k % 32] = c = root(low, high) or (low + high) / 2
        spans[k % 32] = (low - c, high - c)
    return centers, spans


def lgamma_or_log(x):
    return -mp.log(32 * x) if x < 1 / 16 else mp.loggamma(x)


def shifted(f, centers, spans, stay):
    """The same intervals, each center moved to a float nearby where f is almost a float (S. Gal, Computing elementary
    functions, 1986), so that the constant coefficient is hardly rounded. Some stay."""
    moved = [c if c in stay else best_center(f, c) for c in centers]
    return moved, [(low + c - m, high + c - m) for c, m, (low, high) in zip(centers, moved, spans)]


def best_center(f, c, most=mp.inf):
    """Of 301 numbers around c, at most `most` apart."""
    step = min(c * mpf(2) ** -20, most)

    def rounding(x):
        y = f(mpf(x))
        return abs(to_float(y) / y - 1)

    return min((to_float(c + k * step) for k in range(-150, 151)), key=rounding)


def around_0(step):
    """The 32 intervals from multiples of `step` to the next, from -16 steps up, those from 0 up first, as the lowest bits
    of integers have it. The center of the one after 0 is 0."""
    low = [(i - 32 if i >= 16 else i) * step for i in range(32)]
    centers = [c + step / 2 if c else 0 for c in low]
    return centers, [(a - c, a + step - c) for c, a in zip(centers, low)]


def steps_up(step, first):
    """The 32 intervals from multiples of `step` to the next; the center of the first is `first`."""
    centers = [first] + [step * (k + 0.5) for k in range(1, 32)]
    return centers, [(step * k - c, step * (k + 1) - c) for k, c in enumerate(centers)]


def acos_part(x):
    return mp.acos(x) / mp.sqrt(1 - x) if x < 1 else mp.sqrt(2)


def asin_part(x):
    return -acos_part(x) if x >= 0.5 else mp.asin(x) / x - 1 if x else mpf(0)


def half_octaves(lowest, first):
    """Centers of halves of octaves from 2^lowest up, which are told apart by the bits of a float from 22 up. The first
    goes down to 0, and its center is `first`."""
    edges = [mpf(0)] + [mpf(2) ** (lowest + k // 2) * (1 + mpf(k % 2) / 2) for k in range(1, 33)]
    centers = [first] + [float(low + high) / 2 for low, high in zip(edges[1:], edges[2:])]
    return centers, [(low - c, high - c) for c, low, high in zip(centers, edges, edges[1:])]


def root_at(i):
    """For `known`: the function of column i has its root at the center."""
    return lambda k: (0,) if k == i else ()


class Powers:
    """Floats next to 2^((i + shift) / 32), with a shift for which they are almost such powers, above all the lower ones,
    whose last place counts most, and for which e^0, computed in float, is 1."""

    def __init__(self, shift):
        self.shift = shift

    def print(self, name):
        print(f"/// 2^((i {self.shift:+.9g}) / 32).")
        print(f"alignas(64) inline constexpr float {name}[32] = {{")
        print("    " + ", ".join(f"{to_float(mpf(2) ** ((i + mpf(self.shift)) / 32)):.9g}F" for i in range(32)) + "};")


class TwoWayPowers:
    """Floats p next to 2^(i / 32) for which 1 / p is almost a float too; what ln p is more than that of the power; p / 4
    and 1 / (4 p). The two hold the bits of floats, less and plus i 2^18: what is added to them, and subtracted, is not the
    exponent alone."""

    def print(self, name):
        exact = [mpf(2) ** (mpf(i) / 32) for i in range(32)]
        p = [best_center(lambda x: 1 / x, c) if c != 1 else c for c in exact]
        bits = lambda x: int(np.float32(to_float(x)).view(np.int32))
        up = [bits(v / 4) - (i << 18) for i, v in enumerate(p)]
        down = [bits(1 / mpf(v) / 4) + (i << 18) for i, v in enumerate(p)]
        floats = lambda row: [np.int32(b).view(np.float32) for b in row]
        rest = [mp.log(mpf(v) / c) for v, c in zip(p, exact)]
        for part, row in (("up", floats(up)), ("down", floats(down)), ("rests", rest)):
            print(f"alignas(64) inline constexpr float {name}_{part}[32] = {{")
            print("    " + ", ".join(f"{float(v):.9g}F" if v else "0" for v in row) + "};")


def rows_of_32(name, comment, numbers):
    print(f"/// {comment}.\nalignas(64) inline constexpr float {name}[32] = {{")
    print("    " + ", ".join(str(np.float32(v)) + "F" for v in numbers) + "};")


class Logs:
    """log2(e) over numbers from the middles of 32 intervals of [1, 2), which is r, and multiples of `unit`, exact in a sum
    with an exponent. With z = m r - log2(e), log2(m) is such a multiple and z + z^2 (c1 + c2 z): the r for which that is
    closest in the whole interval, and for which log2(1), computed in float, is 0."""

    def __init__(self, unit, c1, c2):
        self.unit, self.c1, self.c2 = (np.longdouble(np.float32(v)) for v in (unit, c1, c2))

    def print(self, name):
        rows = [self.best(k / 32 + 1, k / 32 + 33 / 32) for k in range(32)]
        bits = float(np.log2(max(error for error, _, _ in rows)))
        rows_of_32(f"{name}_reciprocals", "log2(e) over numbers from the middles of 32 intervals of [1, 2)", [r for _, r, _ in rows])
        rows_of_32(name, f"log2 of the numbers, less what the polynomial errs: within 2^{bits:.1f}, all in all", [w for _, _, w in rows])

    def best(self, low, high):
        log2e = np.longdouble(np.float32(1.442695))
        bits = int(np.float32(2 * log2e / (low + high)).view(np.int32)) + np.arange(-16000, 16001)
        r = bits.astype(np.int32).view(np.float32).astype(np.longdouble)
        logs = -np.log2(r / log2e)
        multiples = np.rint((logs + 2.6e-9) / self.unit) * self.unit
        z = np.outer(r, np.linspace(low, high, 41)) - log2e
        off = z + z * z * (self.c1 + self.c2 * z) - np.log2(1 + z / log2e) + (multiples - logs)[:, None]
        worst = abs(off).max(axis=1)
        if low == 1:
            rounded = lambda x: x.astype(np.float32).astype(np.longdouble)
            u = rounded(z[:, 0])
            log = rounded(u + rounded(u * u) * rounded(self.c1 + self.c2 * u))
            worst[log != -multiples] = np.inf
        k = np.argmin(worst)
        return worst[k], float(r[k]), float(multiples[k])


class AtanhCenters:
    """Centers of halves of octaves of 1 - x, 7/8 to 5/4 and 5/4 to 7/4 times a power of 2, and what atanh has there. The
    bits of 1 - x, a float, from 22 up tell them apart if 2^21 is added before. Centers lie in the middle as the
    function counts, but not so far up that what is left were more than x, and at 0 in the first."""

    def print(self, name):
        edge = lambda k: 1 - mpf(float(np.int32((k << 22) - (1 << 21)).view(np.float32)))
        centers = [mpf(0)] * 32
        for k in range(223, 254):
            low, high = edge(k + 1), edge(k)
            middle = mp.tanh(min((mp.atanh(low) + mp.atanh(high)) / 2, 2 * mp.atanh(low)))
            centers[k % 32] = mpf(best_center(mp.atanh, middle, (high - low) / 2400))
        rows_of_32(f"{name}_minus_centers", "Centers of intervals of x in halves of octaves of 1 - x, with a minus", [-c for c in centers])
        rows_of_32(f"{name}_at_centers", "atanh at the centers", [mp.atanh(c) for c in centers])


class ExactLogs:
    """Reciprocals r of 6 digits of numbers from 32 intervals of [1, 2), so that m r - 1 is a float, 1 and 1/2 at the ends,
    the nearest multiples of `unit` to -log2(r), and what those are less than the logarithms."""

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


class PowersAndRests:
    """2^(j/32), and the logarithms of what their rounding lost."""

    def print(self, name):
        powers = [to_float(mpf(2) ** (mpf(j) / 32)) for j in range(32)]
        rows_of_32(name, "2^(j/32) rounded", powers)
        rests = [mpf(j) / 32 - mp.log(v, 2) for j, v in enumerate(powers)]
        rows_of_32(f"{name}_rests", "j/32 less their log2", [to_float(v) for v in rests])


digamma_root = to_float(mp.findroot(mp.digamma, 1.46))
digamma_at_root = to_float(mp.digamma(digamma_root))
lgamma_quarters = quarters(-5, lambda low, high: 1 if 1 in (low, high) else 2 if 2 in (low, high) else None)
digamma_eighths = eighths(lambda low, high: digamma_root if low < 1.6 and high > 1.3 else None)

tables = {
    "two_way_powers": TwoWayPowers(),
    "exp_powers": Powers(-0.02457761417780653),
    "tanh_pieces": Table("tanh(x) in x - centers[i]", mp.tanh, *by_bits(0.625, 20, 9.3), 4, lambda i: (0, 1) if i == 18 else (), shift=True),
    "erf_pieces": Table("erf(x) - (x - i / 8) in x - i / 8", mp.erf, *steps(1 / 8), 4, lambda i: (0,) if i == 0 else (), apart=(0, 1)),
    "erfc_pieces": Table("erfc(x) up to 4 where 3.2 x + 1.1625 x^2 is near i", mp.erfc, *denser(3.2, 1.1625, 32), 5, lambda i: (1,) if i == 0 else (), shift=True),
    "erfinv_pieces": Table("erfinv(x) / x - 1 in m - 3/2, m the mantissa of 1 - |x|, of exponent i - 31; infinite in column 0", erfinv_over_x, *octaves(-31)[:2], 7, erfinv_known, apart=(1,), scales=octaves(-31)[2]),
    "normal_tail_pieces": Table("The normal distribution from |x| up, in |x| - i / 4, and 0 from 5.875 on", lambda x: mp.ncdf(-x) if x < 5.875 else mpf(0), *steps(1 / 4), 4, lambda i: (0,) * 5 if i > 23 else (0.5,) if i == 0 else ()),
    "asinh_pieces": Table("asinh(x)", mp.asinh, *half_octaves(-4, 0), 6, root_at(0), shift=True),
    "acosh_pieces": Table("acosh(1 + x) / x^(1/2)", lambda x: mp.acosh(1 + x) / mp.sqrt(x) if x else mp.sqrt(2), *half_octaves(-4, 3 / 64), 6, shift=True),
    "softplus_pieces": Table("log(1 + e^-x) in x - i / 2", lambda x: mp.log1p(mp.exp(-x)), *steps(1 / 2), 5),
    "atanh": AtanhCenters(),
    "atan_pieces": Table("atan(x), or atan(x) + pi / 2 below 0", lambda x: mp.atan(x) + (mp.pi / 2 if x < 0 else 0), *around_0(1 / 16), 4, root_at(0), shift=True),
    "atan2_pieces": Table("atan(x)", mp.atan, [mpf(k) / 31 for k in range(32)], [(0 if k == 0 else -mpf(1) / 62, mpf(1) / 62) for k in range(32)], 3, root_at(0), shift=True),
    "asin_pieces": Table("asin(x) / x - 1, or (asin(x) - pi / 2) / (1 - x)^(1/2) from 1/2 up", asin_part, *steps_up(1 / 32, 0), 3, lambda i: (0, 0) if i == 0 else (), shift=True),
    "acos_pieces": Table("acos(x) / (1 - x)^(1/2)", acos_part, *steps_up(1 / 32, 1 / 64), 3, shift=True),
    "tan": Tangents(2.0**10),
    "tan_pieces": FarTangents("tan(x) - tan(c) - (x - c) in x - c for c = i pi / 64"),
    "lgamma_pieces": Table("lgamma(x), or -log(32 x) below 1/16, in x less the center", lgamma_or_log, *lgamma_quarters, 6,
                           lambda i: (0,) if lgamma_quarters[0][i] in (1, 2) else (), shift=True, stay=(1, 2)),
    "digamma_pieces": Table("digamma(x) in x less the center", mp.digamma, *digamma_eighths, 5,
                            lambda i: (digamma_at_root,) if digamma_eighths[0][i] == digamma_root else (),
                            shift=True, stay=(digamma_root,)),
    "pow_logs": Logs(2.0**-17, -0.34661462, 0.16020086),
    "pow_exact_logs": ExactLogs(2.0**-16),
    "pow_powers": PowersAndRests(),
}

if __name__ == "__main__":
    if len(sys.argv) < 2 or not set(sys.argv[1:]) <= set(tables):
        sys.exit(f"usage: scripts/pieces.py NAME...    with names of: {' '.join(tables)}")
    for name in sys.argv[1:]:
        tables[name].print(name)
