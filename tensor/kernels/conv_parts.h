// What the convolutions of few channels share: their geometry, and tiles of registers.
#pragma once
#include <algorithm>

#include "gradus/tensor/kernels/conv.h"
#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/kernels/simd.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels::detail {

constexpr int64_t round_up(int64_t n, int64_t to) { return ceil_div(n, to) * to; }

/// A convolution of images without strides, or its transpose, as a correlation:
/// result (i, j) = sum of source (i + u dilation - top, j + v dilation - left) times a number over sources and taps.
struct Correlation {
  int64_t sources, results, rows, cols, out_rows, out_cols, top, left;
  int64_t kernel[2], dilation[2];

  Correlation(const Conv& d, bool transposed)
      : sources(transposed ? d.o : d.c),
        results(transposed ? d.c : d.o),
        rows(transposed ? d.out(1) : d.in[1]),
        cols(transposed ? d.out(2) : d.in[2]),
        out_rows(transposed ? d.in[1] : d.out(1)),
        out_cols(transposed ? d.in[2] : d.out(2)),
        top(transposed ? d.dilation[1] * (d.kernel[1] - 1) - d.before[1] : d.before[1]),
        left(transposed ? d.dilation[2] * (d.kernel[2] - 1) - d.before[2] : d.before[2]),
        kernel{d.kernel[1], d.kernel[2]},
        dilation{d.dilation[1], d.dilation[2]} {}

  int64_t taps() const { return kernel[0] * kernel[1]; }
  int64_t terms() const { return sources * taps(); }
  int64_t high() const { return (kernel[0] - 1) * dilation[0]; }
  int64_t wide() const { return (kernel[1] - 1) * dilation[1]; }
  int64_t plane() const { return rows * cols; }
  int64_t out_plane() const { return out_rows * out_cols; }
};

/// Results that a tile computes at once: R rows of results by up to `vectors_of_tile` vectors of positions fit the
/// registers.
inline int rows_of_tile(int64_t results) {
  const int64_t blocks = ceil_div(results, 8);
  return static_cast<int>(round_up(ceil_div(results, blocks), 2));
}
template <class Arch, int R>
constexpr int vectors_of_tile = Arch::isa == simd::Isa::avx512 ? (R == 2 ? 6 : 24 / R) : (R == 8 ? 1 : 12 / R);

/// Floats of a vector of the instruction set in use.
inline int64_t lanes_in_use() {
  const simd::Isa isa = std::min<simd::Isa>(simd::isa(), simd::widest);
  return isa == simd::Isa::avx512 ? 16 : isa == simd::Isa::avx2 ? 8 : 4;
}

/// Keeps a vector in its register: what several instructions use, GCC else loads again for each.
template <class V>
GRADUS_INLINE void in_register([[maybe_unused]] V& x) {
#if defined(__x86_64__)
  asm("" : "+v"(x.v));
#endif
}

/// Calls F<n>(arguments) for n from 1 to N.
template <int N, class F, class... A>
GRADUS_INLINE void with_constant(int n, const A&... a) {
  if (n == N) return F::template run<N>(a...);
  if constexpr (N > 1) with_constant<N - 1, F>(n, a...);
}

/// What each tap counts, [block][term][R] in blocks of R results, those that there are not with zeros.
template <class Number>
Scratch<float> numbers_by_block(const Correlation& g, int rows, const Number& number) {
  const int64_t padded = round_up(g.results, rows);
  Scratch<float> numbers(padded * g.terms());
  float* to = numbers.get();
  for (int64_t r0 = 0; r0 < padded; r0 += rows)
    for (int64_t s = 0; s < g.sources; ++s)
      for (int64_t t = 0; t < g.taps(); ++t)
        for (int64_t r = r0; r < r0 + rows; ++r) *to++ = r < g.results ? number(r, s, t) : 0.0f;
  return numbers;
}

/// sum += `elements` floats of each of `groups`, `next` apart, lane by lane.
struct AddElements {
  template <class Arch>
  GRADUS_INLINE static void run(const float* from, int64_t groups, int64_t next, int64_t elements, float* sum) {
    using V = typename Arch::template vec<float>;
    V sums[2] = {V::load(sum), V()};
    for (int64_t i = 0; i < groups; ++i, from += next) {
      int64_t j = 0;
      for (; j + 2 * V::size <= elements; j += 2 * V::size) {
        sums[0] += V::load(from + j);
        sums[1] += V::load(from + j + V::size);
      }
      for (; j < elements; j += V::size) sums[0] += V::load(from + j);
    }
    V(sums[0] + sums[1]).store(sum);
  }
};

/// Sums of all pieces, and of their lanes: `count` vectors, `apart` vectors apart.
struct AddPieces {
  template <class Arch>
  GRADUS_INLINE static void run(const float* sums, int64_t pieces, int64_t piece, int64_t count, int64_t apart,
                                float* to) {
    using V = typename Arch::template vec<float>;
    for (int64_t k = 0; k < count; ++k, sums += apart * V::size) {
      V sum = V::load(sums);
      for (int64_t i = 1; i < pieces; ++i) sum += V::load(sums + i * piece);
      to[k] = simd::reduce_add(sum);
    }
  }
};

/// Calls Kernel<R> for the rows of a tile.
template <template <int> class Kernel, class... A>
void with_rows(int rows, A... a) {
  switch (rows) {
    case 2:
      return simd::call<Kernel<2>>(a...);
    case 4:
      return simd::call<Kernel<4>>(a...);
    case 6:
      return simd::call<Kernel<6>>(a...);
    default:
      return simd::call<Kernel<8>>(a...);
  }
}

}  // namespace gradus::kernels::detail
