// Random numbers into contiguous buffers, bit for bit as PyTorch's CPU operations of the same name draw them.
//
// Every function takes the generator's lock, checks its arguments before it draws, and draws nothing for n = 0.
// "Bit for bit" holds on every instruction set and any number of threads; log, sin, cos, exp, tan of doubles come from
// the C library, in PyTorch's case too.
//
// Order. PyTorch numbers the elements of a tensor that is not contiguous in the order of its memory: dimensions sorted
// by stride, the smallest running fastest (equal strides keep their order). So a caller with such a tensor fills a
// contiguous buffer and copies it into the view whose dimensions are permuted to descending strides. What follows:
// - `normal` is for contiguous tensors only; for any other, of whatever size, PyTorch draws `normal_serial`.
// - rand_like and randn_like of a dense permuted tensor (also channels-last) return that layout, so they fill it in
//   memory order, and randn_like with `normal_serial`. Of a tensor with gaps they return a contiguous one.
// - bernoulli(p) returns a contiguous tensor numbered in p's logical order, bernoulli_(p) goes by the output's memory.
// - normal(mean, std) with tensors is a contiguous `normal` with (0, 1), times std, plus mean.
#pragma once
#include <cstdint>
#include <optional>

#include "gradus/tensor/generator.h"

namespace gradus::kernels {

/// Uniform on [from, to): y = from + (to - from) u, rounded once, u of 24 (float) or 53 (double) random bits.
/// 16-bit floats are those of float, rounded. A y that rounds up to `to` becomes `from`. Errors: from > to, a bound or
/// to - from beyond T.
template <class T>
void uniform(Generator& g, T* y, int64_t n, double from, double to);

/// Normal with this mean and standard deviation, for contiguous tensors: from 16 elements on Box-Muller by blocks of 16
/// (8 radii and 8 angles), the last 16 drawn anew if n is no multiple of 16; below, `normal_serial`. 16-bit floats are
/// float's, rounded, but where the last 16 are drawn anew, those of an incomplete block are not drawn before.
/// Error: std < 0.
template <class T>
void normal(Generator& g, T* y, int64_t n, double mean, double std);

/// The same distribution one number at a time, in double; the second of each Box-Muller pair waits in the generator.
template <class T>
void normal_serial(Generator& g, T* y, int64_t n, double mean, double std);

/// exp of a normal number, in double. Error: std <= 0.
template <class T>
void log_normal(Generator& g, T* y, int64_t n, double mean, double std);

/// Density lambda e^(-lambda y), in double. Error: lambda <= 0.
template <class T>
void exponential(Generator& g, T* y, int64_t n, double lambda);

/// Number of trials until the first success of probability p: 1, 2, ... Error: p outside (0, 1). T may be an integer.
template <class T>
void geometric(Generator& g, T* y, int64_t n, double p);

/// median + sigma tan(pi (u - 1/2)), in double. Error: sigma <= 0.
template <class T>
void cauchy(Generator& g, T* y, int64_t n, double median, double sigma);

/// 1 with probability p, else 0, from 53 bits an element. Error: p outside [0, 1]. PyTorch draws these numbers where
/// it was built without MKL's generators, as the released wheels are.
template <class T>
void bernoulli(Generator& g, T* y, int64_t n, double p);

/// 1 with probability p[i], else 0; P is float (24 bits an element) or double (53). Error: some p outside [0, 1] or
/// NaN.
template <class T, class P>
void bernoulli(Generator& g, T* y, const P* p, int64_t n);

/// `random_()`: uniform integers of T's range from 0 on: [0, max] for integers, [0, 2^24] float, [0, 2^53] double.
template <class T>
void random(Generator& g, T* y, int64_t n);

/// `random_(from, to)` and randint: uniform integers of [from, to), drawn by remainder; without `to`, up to the largest
/// of T (2^24, 2^53 for float and double), and from = -2^63 without `to` means all 64 bits.
/// Errors: from >= to, bounds outside T.
template <class T>
void random(Generator& g, T* y, int64_t n, int64_t from, std::optional<int64_t> to);

/// The number of events where rate[i] are expected (W. Hoermann, "The transformed rejection method for generating
/// Poisson random variables", Insurance 12, 1993; below 10 by products of uniforms). Error: some rate < 0, infinite
/// or NaN.
template <class T>
void poisson(Generator& g, T* y, const T* rate, int64_t n);

/// A permutation of 0 ... n - 1 (Fisher, Yates). Error: n - 1 does not fit T.
template <class T>
void randperm(Generator& g, T* y, int64_t n);

/// Draws `samples` categories for each row of weights p [rows, categories] into y [rows, samples].
/// With replacement: binary search in the cumulated weights. Without, or for one sample: the largest p / q, in
/// descending order, where q is exponential (equal ones, which only weights of zero are, by index).
/// Errors: weights negative, infinite or NaN, a row of zeros, samples < 1, without replacement more than categories.
template <class T>
void multinomial(Generator& g, int64_t* y, const T* p, int64_t rows, int64_t categories, int64_t samples,
                 bool replacement);

}  // namespace gradus::kernels
