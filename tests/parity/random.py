"""Records what PyTorch's CPU generator draws, into random_values.h beside this file. Needs torch (2.13.0 was used).

A row is one operation after one seed: for every size the CRC-32 of the drawn bytes followed by the generator's state,
and the first three values at the fourth size. random_test.cpp names the same operations.
"""
import os
import zlib

import torch

SIZES = [1, 7, 15, 16, 17, 31, 1000, 100003]
PERM_SIZES = [1, 2, 10, 16, 1000, 40000, 70000, 100003]
SEEDS = [0, 42, 2**63 - 1]
f32, f64, i64, i32, i16, i8, u8, boolean = (torch.float32, torch.float64, torch.int64, torch.int32, torch.int16,
                                            torch.int8, torch.uint8, torch.bool)
f16, b16 = torch.float16, torch.bfloat16


def filled(dtype, name, *args):
    return lambda n: getattr(torch.empty(n, dtype=dtype), name)(*args)


def with_gaps(dtype, *args):
    return lambda n: torch.empty(n, 2, dtype=dtype)[:, 0].normal_(*args).contiguous()


def chances(n, dtype):
    return (torch.arange(n, dtype=f64).remainder(11) / 10).to(dtype)


def weights(n, dtype):
    return torch.arange(2 * n, dtype=f64).remainder(7).add(1).reshape(2, n).to(dtype)


def rates(n, dtype):
    return (torch.arange(n, dtype=f64).remainder(9) * 2.75).to(dtype)


OPERATIONS = {
    "uniform_float": filled(f32, "uniform_", 0, 1),
    "uniform_float_range": filled(f32, "uniform_", -0.3, 0.4),
    "uniform_double": filled(f64, "uniform_", 0, 1),
    "uniform_double_range": filled(f64, "uniform_", -0.3, 0.4),
    "normal_float": filled(f32, "normal_", 0, 1),
    "normal_float_shifted": filled(f32, "normal_", 1.5, 0.3),
    "normal_double": filled(f64, "normal_", 0, 1),
    "normal_double_shifted": filled(f64, "normal_", 1.5, 0.3),
    "normal_float_with_gaps": with_gaps(f32, 1.5, 0.3),
    "normal_double_with_gaps": with_gaps(f64, 1.5, 0.3),
    "log_normal_float": filled(f32, "log_normal_", 0.5, 0.7),
    "log_normal_double": filled(f64, "log_normal_", 0.5, 0.7),
    "exponential_float": filled(f32, "exponential_", 1.7),
    "exponential_double": filled(f64, "exponential_", 1.7),
    "cauchy_float": filled(f32, "cauchy_", 0.5, 0.7),
    "cauchy_double": filled(f64, "cauchy_", 0.5, 0.7),
    "geometric_float": filled(f32, "geometric_", 0.13),
    "geometric_int64": filled(i64, "geometric_", 0.13),
    "bernoulli_float": filled(f32, "bernoulli_", 0.3),
    "bernoulli_uint8": filled(u8, "bernoulli_", 0.3),
    "bernoulli_bool": filled(boolean, "bernoulli_", 0.3),
    "bernoulli_float_of_float": lambda n: torch.bernoulli(chances(n, f32)),
    "bernoulli_double_of_double": lambda n: torch.bernoulli(chances(n, f64)),
    "random_float": filled(f32, "random_"),
    "random_double": filled(f64, "random_"),
    "random_int64": filled(i64, "random_"),
    "random_int32": filled(i32, "random_"),
    "random_int16": filled(i16, "random_"),
    "random_int8": filled(i8, "random_"),
    "random_uint8": filled(u8, "random_"),
    "random_bool": filled(boolean, "random_"),
    "randint_int64": filled(i64, "random_", 0, 10),
    "randint_int64_below_2_28": filled(i64, "random_", 0, 2**28 - 1),
    "randint_int64_from_2_28": filled(i64, "random_", 0, 2**28),
    "randint_int64_wide": filled(i64, "random_", -2**62, 2**62 + 2**40),
    "randint_int64_all_bits": filled(i64, "random_", -2**63, None),
    "randint_int32": filled(i32, "random_", -7, 100),
    "randint_int32_open": filled(i32, "random_", 5, None),
    "randint_uint8": filled(u8, "random_", 3, 256),
    "randint_bool": filled(boolean, "random_", 0, 2),
    "randint_float": filled(f32, "random_", 0, 10),
    "randint_float_rounded_bounds": filled(f32, "random_", -2**24 - 1, 2**24 + 3),
    "randint_double": filled(f64, "random_", 0, 2**53 + 3),
    "randperm_int64": lambda n: torch.randperm(n),
    "randperm_int32": lambda n: torch.randperm(n, dtype=i32),
    "multinomial_replaced": lambda n: torch.multinomial(weights(n, f32), 9, True),
    "multinomial_distinct": lambda n: torch.multinomial(weights(n, f64), min(n, 9), False),
    "uniform_half": filled(f16, "uniform_", 0, 1),
    "uniform_half_range": filled(f16, "uniform_", -1.3, 2.7),
    "normal_half": filled(f16, "normal_", 0, 1),
    "normal_half_shifted": filled(f16, "normal_", 1.5, 0.3),
    "normal_half_with_gaps": with_gaps(f16, 1.5, 0.3),
    "geometric_half": filled(f16, "geometric_", 0.13),
    "bernoulli_half": filled(f16, "bernoulli_", 0.3),
    "bernoulli_half_of_half": lambda n: torch.bernoulli(chances(n, f16)),
    "random_half": filled(f16, "random_"),
    "randint_half": filled(f16, "random_", -7, 100),
    "randint_half_rounded_bounds": filled(f16, "random_", -2051, 5000),
    "permutation_half": lambda n: torch.randperm(min(n, 2049), dtype=f16),
    "uniform_bfloat16": filled(b16, "uniform_", 0, 1),
    "uniform_bfloat16_range": filled(b16, "uniform_", -1.3, 2.7),
    "normal_bfloat16": filled(b16, "normal_", 0, 1),
    "normal_bfloat16_shifted": filled(b16, "normal_", 1.5, 0.3),
    "normal_bfloat16_with_gaps": with_gaps(b16, 1.5, 0.3),
    "geometric_bfloat16": filled(b16, "geometric_", 0.13),
    "bernoulli_bfloat16": filled(b16, "bernoulli_", 0.3),
    "bernoulli_bfloat16_of_bfloat16": lambda n: torch.bernoulli(chances(n, b16)),
    "random_bfloat16": filled(b16, "random_"),
    "randint_bfloat16": filled(b16, "random_", -7, 100),
    "randint_bfloat16_rounded_bounds": filled(b16, "random_", -2051, 5000),
    "permutation_bfloat16": lambda n: torch.randperm(min(n, 2049), dtype=b16),
    "randint_int16": filled(i16, "random_", -300, 30000),
    "randint_int8": filled(i8, "random_", -128, 128),
    "bernoulli_int8": filled(i8, "bernoulli_", 0.3),
    "multinomial_one": lambda n: torch.multinomial(weights(n, f32), 1, True),
    "poisson_float": lambda n: torch.poisson(rates(n, f32)),
    "poisson_double": lambda n: torch.poisson(rates(n, f64)),
    "geometric_int8": filled(i8, "geometric_", 0.13),
    "geometric_uint8": filled(u8, "geometric_", 0.13),
    "geometric_int16": filled(i16, "geometric_", 0.13),
    "geometric_int32": filled(i32, "geometric_", 0.13),
    "exponential_half": filled(f16, "exponential_", 1.7),
    "cauchy_half": filled(f16, "cauchy_", 0.5, 0.7),
    "log_normal_half": filled(f16, "log_normal_", 0.5, 0.7),
    "exponential_bfloat16": filled(b16, "exponential_", 1.7),
    "cauchy_bfloat16": filled(b16, "cauchy_", 0.5, 0.7),
    "log_normal_bfloat16": filled(b16, "log_normal_", 0.5, 0.7),
}

# One generator, one call after another: cached normals, odd positions in a block, both kinds of run.
SEQUENCE = [("normal_float", 3), ("uniform_float", 5), ("normal_double", 1), ("normal_float", 20), ("normal_double", 1),
            ("random_int64", 311), ("randperm_int64", 100), ("uniform_float", 1), ("uniform_double", 313),
            ("normal_float_with_gaps", 17), ("bernoulli_float", 3), ("normal_float", 1000), ("log_normal_float", 1),
            ("randint_int64", 2000), ("normal_double", 33), ("exponential_float", 7), ("normal_float", 15)]


def checksum(tensor, start=0):
    numbers = tensor.view(i16) if tensor.dtype == b16 else tensor  # numpy has no bfloat16
    return zlib.crc32(torch.get_rng_state().numpy().tobytes(), zlib.crc32(numbers.numpy().tobytes(), start))


def rows():
    for name, operation in OPERATIONS.items():
        for seed in SEEDS:
            sums, first = [], []
            for k, n in enumerate(PERM_SIZES if name.startswith("randperm") else SIZES):
                torch.manual_seed(seed)
                drawn = operation(n)
                sums.append(f"0x{checksum(drawn):08x}")
                if k == 3:
                    first = [float(v).hex() for v in drawn.flatten().double()[:3]]
            first = first + ["0"] * (3 - len(first))
            yield f'    {{"{name}", {seed}U, {{{", ".join(sums)}}}, {{{", ".join(first)}}}}},'


def sequence():
    torch.manual_seed(42)
    crc = 0
    for name, n in SEQUENCE:
        crc = checksum(OPERATIONS[name](n), crc)
        yield f'    {{"{name}", {n}, 0x{crc:08x}}},'


def linear():
    torch.manual_seed(0)
    layer = torch.nn.Linear(3, 4)
    values = layer.weight.flatten().tolist() + layer.bias.tolist()
    return ", ".join(v.hex() for v in values)


def main():
    text = f"""// Made by random.py with torch {torch.__version__.split("+")[0]}; do not edit.
#pragma once
#include <cstdint>

namespace recorded {{

struct Row {{
  const char* operation;
  uint64_t seed;
  uint32_t checksums[{len(SIZES)}];
  double first[3];
}};
struct Step {{
  const char* operation;
  int64_t n;
  uint32_t checksum;
}};

inline constexpr int64_t sizes[] = {{{", ".join(map(str, SIZES))}}};
inline constexpr int64_t permutation_sizes[] = {{{", ".join(map(str, PERM_SIZES))}}};

// clang-format off
inline constexpr Row rows[] = {{
{os.linesep.join(rows())}
}};

inline constexpr Step sequence[] = {{
{os.linesep.join(sequence())}
}};

// Linear(3, 4) after manual_seed(0): weight [4, 3], then bias [4].
inline constexpr float linear[] = {{{linear()}}};
// clang-format on

}}  // namespace recorded
"""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "random_values.h"), "w") as out:
        out.write(text)


if __name__ == "__main__":
    main()
