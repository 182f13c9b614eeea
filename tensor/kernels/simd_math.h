// Mathematical functions of simd::Vec, found by argument-dependent lookup, so that a formula reads as it would for
// numbers.
//
// Errors stated are the largest measured, in units in the last place (ulp): in float over every 61st of the 2^32
// arguments (exp, log: every one, every 7th) and all boundaries, in double over 4 million random arguments and the
// boundaries, two arguments as 20 and 4 million random pairs. tests/tensor/simd_math_test.cpp measures them:
// GRADUS_EXHAUSTIVE=1. Polynomials without a source are minimax ones, computed for the interval stated.
#pragma once
#include "gradus/tensor/kernels/simd_bits.h"
#include "gradus/tensor/kernels/simd_divide.h"
#include "gradus/tensor/kernels/simd_erf.h"
#include "gradus/tensor/kernels/simd_exp.h"
#include "gradus/tensor/kernels/simd_gamma.h"
#include "gradus/tensor/kernels/simd_log.h"
#include "gradus/tensor/kernels/simd_pow.h"
#include "gradus/tensor/kernels/simd_trig.h"
