// Mathematical functions of simd::Vec, found by argument-dependent lookup, so that a formula reads as it would for
// numbers.
//
// Errors stated are the largest measured, in units in the last place (ulp): in float over all 2^32 arguments against
// double, in double over random and special arguments against long double; tests/tensor/simd_math_test.cpp measures
// them.
#pragma once
#include "gradus/tensor/kernels/simd_bits.h"
#include "gradus/tensor/kernels/simd_divide.h"
#include "gradus/tensor/kernels/simd_erf.h"
#include "gradus/tensor/kernels/simd_exp.h"
#include "gradus/tensor/kernels/simd_log.h"
#include "gradus/tensor/kernels/simd_trig.h"
