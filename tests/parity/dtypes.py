"""Records PyTorch's types of results and its conversions into dtype_values.h beside this file. Needs torch (2.13.0 was
used).

`promoted`: torch.promote_types. `result_types`: the type of a + b where either is a tensor of one dimension, of none, or
a number. `casts`: special numbers written as each type and converted to every other. `ranges`: arange and linspace.
"""
import os

import torch

TYPES = [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.float16, torch.float32, torch.float64,
         torch.bool, torch.bfloat16]
NAMES = ["kByte", "kChar", "kShort", "kInt", "kLong", "kHalf", "kFloat", "kDouble", "kBool", "kBFloat16"]
NAME = dict(zip(TYPES, NAMES))
NUMBERS = [True, 1, 1.5]

# Halfway cases of both 16-bit floats, the largest and the smallest numbers of every type, and what lies beyond them.
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 127.0, 128.0, -128.0, -129.0, 255.0, 256.0, 257.0, -257.0,
           300.7, -300.7, 32767.0, 32768.0, -32768.0, -32769.0, 65504.0, 65519.0, 65520.0, -65520.0, 65535.0, 65536.0,
           1 + 2**-11, 1 + 3 * 2**-11, 1 + 2**-11 + 2**-23, 1 + 2**-8, 1 + 3 * 2**-8, 1 + 2**-8 + 2**-23, 2.0**-14,
           2.0**-15, 2.0**-24, 2.0**-25, 1.5 * 2**-24, 2.0**-26, 2.0**-126, 2.0**-133, 2.0**-134, 1.5 * 2**-133,
           2.0**-149, 2147483647.0, 2147483648.0, -2147483648.0, -2147483649.0, 4294967296.0, 1e10, -1e10, 2.0**53 + 2,
           2.0**62, -2.0**62, 2.0**63, -2.0**63, 3.3895313892515355e38, 3.3961775292304e38, 3.4028234663852886e38, 1e39,
           -1e300, float("inf"), -float("inf"), float("nan")]


def text(v):
    if v != v:
        return "NAN"
    if v in (float("inf"), -float("inf")):
        return "INFINITY" if v > 0 else "-INFINITY"
    return "%g" % v if float("%g" % v) == v else repr(v)


def whole(t):
    return str(t).replace("-9223372036854775808", "INT64_MIN")


def operands(dtype):
    return [torch.ones(2, dtype=dtype), torch.ones((), dtype=dtype)]


def written(out):
    rows = lambda items: ",\n    ".join(items)
    out.write("// Made by dtypes.py with torch %s; do not edit.\n#pragma once\n#include <cmath>\n#include <cstdint>\n\n"
              "#include \"gradus/tensor/dtype.h\"\n\nnamespace recorded {\n\nusing gradus::ScalarType;\n%s\n"
              "// clang-format off\n" % (torch.__version__.split("+")[0], "".join("using gradus::%s;\n" % n for n in NAMES)))
    out.write("inline constexpr ScalarType types[] = {%s};\n" % ", ".join(NAMES))
    out.write("inline constexpr ScalarType promoted[10][10] = {\n    %s};\n" % rows(
        "{%s}" % ", ".join(NAME[torch.promote_types(a, b)] for b in TYPES) for a in TYPES))
    out.write("// [a][its dimensions][b][b's dimensions]\n"
              "inline constexpr ScalarType result_types[10][2][10][2] = {\n    %s};\n" % rows(
                  "{%s}" % ", ".join("{%s}" % ", ".join("{%s}" % ", ".join(NAME[(x + y).dtype] for y in operands(b))
                                                       for b in TYPES) for x in operands(a)) for a in TYPES))
    out.write("// [a][its dimensions][true, 1, 1.5]\ninline constexpr ScalarType with_number[10][2][3] = {\n    %s};\n" %
              rows("{%s}" % ", ".join("{%s}" % ", ".join(NAME[(x + n).dtype] for n in NUMBERS) for x in operands(a))
                   for a in TYPES))
    out.write("inline constexpr double special[] = {%s};\n" % ", ".join(text(v) for v in SPECIAL))
    out.write("// special[i] as a double, converted to each type: as doubles, int64 as itself.\n"
              "struct Cast { ScalarType from, to; double as_double[%d]; int64_t as_int64[%d]; };\n"
              "inline constexpr Cast casts[] = {\n" % (len(SPECIAL), len(SPECIAL)))
    for a in TYPES:
        for b in TYPES:
            y = torch.tensor(SPECIAL, dtype=torch.float64).to(a).to(b)
            exact = b is torch.int64
            out.write("    {%s, %s, {%s}, {%s}},\n" % (
                NAME[a], NAME[b], "" if exact else ", ".join(text(v) for v in y.double().tolist()),
                ", ".join(whole(v) for v in y.tolist()) if exact else ""))
    out.write("};\n")
    out.write("struct Range { ScalarType type; double start, end, step; int64_t n; double first[12]; };\n")
    out.write("inline constexpr Range aranges[] = {\n")
    for t in TYPES:
        for start, end, step in [(0, 9, 1), (2, 30, 3), (0.5, 4, 0.25), (0.3, 5, 0.7), (100, 130, 5), (5, -3, -0.75)]:
            if t is torch.bool or (t is torch.int64 and abs(step) < 1):
                continue
            y = torch.arange(start, end, step, dtype=t)
            out.write("    {%s, %s, %s, %s, %d, {%s}},\n" % (NAME[t], text(start), text(end),
                                                         text(step), len(y),
                                                         ", ".join(text(v) for v in y.double().tolist()[:12])))
    out.write("};\ninline constexpr Range linspaces[] = {\n")
    for t in TYPES:
        for start, end, n in [(0, 10, 5), (-3, 7.5, 8), (1.7, 9.2, 6), (0, 1, 11), (5, 5, 3), (2, 3, 1), (0.1, 97.3, 12)]:
            if t is torch.bool:
                continue
            y = torch.linspace(start, end, n, dtype=t)
            out.write("    {%s, %s, %s, 0, %d, {%s}},\n" % (NAME[t], text(start), text(end), n,
                                                        ", ".join(text(v) for v in y.double().tolist()[:12])))
    out.write("};\n// clang-format on\n\n}  // namespace recorded\n")


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "dtype_values.h"), "w") as out:
    written(out)
