// Dropout and its masks from the counter-based stream of a generator: one pass, the same bits on any instruction set
// and any number of threads.
//
// An element is kept if its 16 random bits lie below round(65536 keep), so the chance to be kept differs from
// keep = 1 - p by at most 2^-17 (p below 2^-17 drops nothing); the scale is 1 / keep exactly. PyTorch draws its masks
// from mt19937, serially; these are not the same ones.
#pragma once
#include <cstdint>

#include "gradus/tensor/generator.h"

namespace gradus::kernels {

/// The generator's next part of n elements, taken under its lock.
RandomStream next_stream(Generator& g, int64_t n);

/// y = x bit / keep, where keep = 1 - p; a dropped element is 0 whatever x holds (also inf and NaN). y may be x.
/// Unless `mask` is null, element i is also noted in bit i % 8 of mask[i / 8], (n + 7) / 8 bytes, the rest of the last
/// one 0. Without a mask the backward pass is this function on g with the same stream: gx = g bit / keep, as is every
/// later derivative. Error: p outside [0, 1].
template <class T>
void dropout(T* y, uint8_t* mask, const T* x, int64_t n, RandomStream stream, double p);

/// gx = g bit / keep from the mask that `dropout` wrote. gx may be g.
template <class T>
void dropout_backward(T* gx, const T* g, const uint8_t* mask, int64_t n, double p);

/// y = bit / keep: the factor by which `dropout` multiplies, for masks that broadcast (whole channels).
template <class T>
void dropout_noise(T* y, int64_t n, RandomStream stream, double p);

/// The mask alone, each bit 1 with probability keep; the bits of `dropout` with p = 1 - keep.
/// Error: keep outside [0, 1].
void bernoulli_bits(uint8_t* bits, int64_t n, RandomStream stream, double keep);

}  // namespace gradus::kernels
