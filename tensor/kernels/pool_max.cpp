// Greatest elements: rows of outputs are built tap by tap, so that inner loops have no borders and become vectors.
#include <algorithm>
#include <limits>

#include "gradus/tensor/kernels/pool_parts.h"

namespace gradus::kernels {
namespace {

/// The same integer in all lanes. By way of an array, for GCC 12 puts it into a vector lane by lane.
template <class I>
GRADUS_INLINE I all_lanes(int64_t value) {
  typename I::value_type lanes[I::size];
  for (int l = 0; l < I::size; ++l) lanes[l] = static_cast<typename I::value_type>(value);
  return I::load(lanes);
}

/// corner, corner + 2, corner + 4, …: the corners of windows of 2 x 2 side by side.
template <class I>
GRADUS_INLINE I corners(int64_t corner) {
  typename I::value_type apart[I::size];
  for (int l = 0; l < I::size; ++l) apart[l] = static_cast<typename I::value_type>(2 * l);
  return I::load(apart) + all_lanes<I>(corner);
}

/// n <= N integers of one width to or from memory that holds another.
template <class I, class Index>
GRADUS_INLINE void store_as(const I& v, Index* p, int64_t n) {
  if constexpr (sizeof(Index) == sizeof(typename I::value_type)) return detail::store_some(v, p, n);
  typename I::value_type lanes[I::size];
  v.store(lanes);
  for (int l = 0; l < n; ++l) p[l] = static_cast<Index>(lanes[l]);
}
template <class I, class Index>
GRADUS_INLINE I load_as(const Index* p, int64_t n) {
  if constexpr (sizeof(Index) == sizeof(typename I::value_type)) return detail::load_some<I::size>(p, n);
  typename I::value_type lanes[I::size] = {};
  for (int l = 0; l < n; ++l) lanes[l] = static_cast<typename I::value_type>(p[l]);
  return I::load(lanes);
}

/// Windows of 2 x 2: the greatest of four vectors, and where it lies, 0, 1, w or w + 1 after the window's corner.
template <class T, class Index>
struct MaxPairs {
  template <class Arch>
  GRADUS_INLINE static void run(const Pool2d* p, const T* x, T* y, Index* index) {
    for (int64_t i = 0; i < p->oh; ++i, x += 2 * p->w, y += p->ow, index += p->ow)
      detail::cover<Arch, T>(
          p->ow, [&]<int N>(int64_t j, int64_t n) __attribute__((always_inline)) {
            window<N>(x + 2 * j, n, p->w, 2 * (i * p->w + j), y + j, index + j);
          });
  }

  template <int N>
  GRADUS_INLINE static void window(const T* x, int64_t n, int64_t w, int64_t corner, T* y, Index* index) {
    using V = simd::Vec<T, N>;
    using I = simd::Vec<simd::int_of<T>, N>;
    V best, q, r, s;
    detail::split(x, n, best, q);
    detail::split(x + w, n, r, s);
    I at(0);
    detail::Take<V, I>::run(q, I(1), best, at);
    detail::Take<V, I>::run(r, all_lanes<I>(w), best, at);
    detail::Take<V, I>::run(s, all_lanes<I>(w + 1), best, at);
    detail::store_some(best, y, n);
    store_as(I(at + corners<I>(corner)), index, n);
  }
};

/// Their gradient: each of the four elements of a window is written once, with g or with zero.
template <class T, class Index>
struct MaxPairsBack {
  template <class Arch>
  GRADUS_INLINE static void run(const Pool2d* p, const T* gy, const Index* index, T* gx) {
    const int64_t w = p->w, width = 2 * p->ow;
    for (int64_t i = 0; i < p->oh; ++i, gy += p->ow, index += p->ow, gx += 2 * w) {
      detail::cover<Arch, T>(
          p->ow, [&]<int N>(int64_t j, int64_t n) __attribute__((always_inline)) {
            window<N>(gy + j, index + j, n, w, 2 * (i * w + j), gx + 2 * j);
          });
      for (int64_t j = width; j < w; ++j) gx[j] = gx[w + j] = 0;
    }
    for (int64_t j = 0; j < (p->h - 2 * p->oh) * w; ++j) gx[j] = 0;
  }

  template <int N>
  GRADUS_INLINE static void window(const T* gy, const Index* index, int64_t n, int64_t w, int64_t corner, T* gx) {
    using V = simd::Vec<T, N>;
    using I = simd::Vec<simd::int_of<T>, N>;
    const I at = load_as<I>(index, n) - corners<I>(corner);
    const V g = detail::load_some<N>(gy, n);
    auto share = [&](int64_t place) __attribute__((always_inline)) {
      return V((at.v == all_lanes<I>(place).v) ? g.v : V().v);
    };
    detail::merge(share(0), share(1), n, gx);
    detail::merge(share(w), share(w + 1), n, gx + w);
  }
};

constexpr int64_t strip = 256;  // outputs whose maxima and places are gathered at a time

/// Outputs [j0, j1) of row i, any windows. Tap by tap, so that inner loops have no borders and become vectors; places
/// are counted in integers of type I, and Step is the horizontal stride, or 0 for any.
template <class T, class I, int Step, class Index>
GRADUS_INLINE void max_strip(const Pool2d& p, const T* x, int64_t i, int64_t j0, int64_t j1, T* y, Index* index) {
  const int64_t step = Step ? Step : p.stride[1], count = j1 - j0;
  const int64_t top = i * p.stride[0] - p.pad[0];
  const int64_t skip = top < 0 ? ceil_div(-top, p.dilation[0]) : 0;  // taps above the plane
  T best[strip];
  I at[strip];
  for (int64_t j = 0; j < count; ++j) {
    const int64_t left = (j0 + j) * step - p.pad[1];
    const int64_t first = left < 0 ? left + ceil_div(-left, p.dilation[1]) * p.dilation[1] : left;
    best[j] = -std::numeric_limits<T>::infinity();
    at[j] = static_cast<I>((top + skip * p.dilation[0]) * p.w + first);
  }
  for (int64_t u = skip; u < p.kernel[0]; ++u) {
    const int64_t row = top + u * p.dilation[0];
    if (row >= p.h) break;
    for (int64_t v = 0; v < p.kernel[1]; ++v) {
      const int64_t offset = j0 * step + v * p.dilation[1] - p.pad[1];
      const int64_t begin = offset < 0 ? ceil_div(-offset, step) : 0;
      const int64_t end = offset >= p.w ? 0 : std::min(count, ceil_div(p.w - offset, step));
      const int64_t base = row * p.w + offset;
      const I place = static_cast<I>(base), apart = static_cast<I>(step);
      for (int64_t j = begin; j < end; ++j) {
        const T value = x[base + j * step];
        const bool take = (value > best[j]) | (value != value);
        best[j] = take ? value : best[j];
        at[j] = take ? static_cast<I>(place + static_cast<I>(j) * apart) : at[j];
      }
    }
  }
  for (int64_t j = 0; j < count; ++j) y[j] = best[j], index[j] = static_cast<Index>(at[j]);
}

template <class T, class I, class Index>
struct MaxAny {
  template <class Arch>
  GRADUS_INLINE static void run(const Pool2d* p, const T* x, T* y, Index* index) {
    for (int64_t i = 0; i < p->oh; ++i, y += p->ow, index += p->ow)
      for (int64_t j = 0; j < p->ow; j += strip) {
        const int64_t end = std::min(p->ow, j + strip);
        if (p->stride[1] == 1)
          max_strip<T, I, 1>(*p, x, i, j, end, y + j, index + j);
        else if (p->stride[1] == 2)
          max_strip<T, I, 2>(*p, x, i, j, end, y + j, index + j);
        else
          max_strip<T, I, 0>(*p, x, i, j, end, y + j, index + j);
      }
  }
};

}  // namespace

template <class T, class Index>
void max_pool2d_forward(const Pool2d& p, const T* x, T* y, Index* index) {
  // Places are counted in integers as wide as T where those can hold them.
  const bool narrow = (p.h + 2 * p.pad[0]) * (p.w + 2 * p.pad[1]) < std::numeric_limits<simd::int_of<T>>::max() / 2;
  const bool fast = detail::pairs(p) && narrow;
  detail::each_plane(p, [&](int64_t i) {
    const T* in = x + i * p.h * p.w;
    const int64_t out = i * p.oh * p.ow;
    if (fast)
      simd::call<MaxPairs<T, Index>>(&p, in, y + out, index + out);
    else if (narrow)
      simd::call<MaxAny<T, simd::int_of<T>, Index>>(&p, in, y + out, index + out);
    else
      simd::call<MaxAny<T, int64_t, Index>>(&p, in, y + out, index + out);
  });
}

template <class T, class Index>
void max_pool2d_backward(const Pool2d& p, const T* gy, const Index* index, T* gx) {
  const bool fast = detail::pairs(p) && p.w < std::numeric_limits<simd::int_of<T>>::max();
  detail::each_plane(p, [&](int64_t i) {
    T* in = gx + i * p.h * p.w;
    const int64_t out = i * p.oh * p.ow, last = out + p.oh * p.ow;
    if (fast) return simd::call<MaxPairsBack<T, Index>>(&p, gy + out, index + out, in);
    std::fill_n(in, p.h * p.w, T(0));
    for (int64_t j = out; j < last; ++j) in[index[j]] += gy[j];
  });
}

template void max_pool2d_forward(const Pool2d&, const float*, float*, int32_t*);
template void max_pool2d_forward(const Pool2d&, const float*, float*, int64_t*);
template void max_pool2d_forward(const Pool2d&, const double*, double*, int32_t*);
template void max_pool2d_forward(const Pool2d&, const double*, double*, int64_t*);
template void max_pool2d_backward(const Pool2d&, const float*, const int32_t*, float*);
template void max_pool2d_backward(const Pool2d&, const float*, const int64_t*, float*);
template void max_pool2d_backward(const Pool2d&, const double*, const int32_t*, double*);
template void max_pool2d_backward(const Pool2d&, const double*, const int64_t*, double*);

}  // namespace gradus::kernels
