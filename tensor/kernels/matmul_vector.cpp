// Matrix times vector: bound by reading the matrix, which all threads read once, back and forth from call to call, so
// that what the cache kept of it is found again.
#include <algorithm>
#include <atomic>
#include <cstdint>

#include "gradus/tensor/kernels/matmul_parts.h"
#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

using detail::broadcast;
using detail::Product;

/// y[j] = sum over p of x[p] M(p, j), with M(p, j) at m[p * ps + j * js].
template <class T>
struct Sums {
  int64_t n, k;
  const T* m;
  int64_t ps, js;
  const T* x;
};

/// js = 1: rows of M, eight at a time, are added to a part of y that stays in the first cache.
template <class T>
struct AddRows {
  static constexpr int rows = 8;
  template <class Arch>
  GRADUS_INLINE static void run(const Sums<T>* s, int64_t j0, int64_t j1, int64_t p0, int64_t p1, T* y) {
    using V = typename Arch::template vec<T>;
    constexpr int64_t N = V::size;
    for (int64_t j = 0; j < j1 - j0; ++j) y[j] = 0;
    for (int64_t p = p0; p < p1; p += rows) {
      const int64_t count = std::min<int64_t>(rows, p1 - p);
      const T* m = s->m + p * s->ps + j0;
      int64_t j = 0;
      if (count == rows) {
        typename V::R x[rows];
        for (int r = 0; r < rows; ++r) broadcast<V>(s->x[p + r], x[r]);
        for (; j + N <= j1 - j0; j += N) {
          V sum = V::load(y + j);
          for (int r = 0; r < rows; ++r) sum = fma(V(x[r]), V::load(m + r * s->ps + j), sum);
          sum.store(y + j);
        }
      } else {
        for (int64_t r = 0; r < count; ++r)
          for (int64_t q = 0; q + N <= j1 - j0; q += N)
            fma(V(s->x[p + r]), V::load(m + r * s->ps + q), V::load(y + q)).store(y + q);
        j = (j1 - j0) / N * N;
      }
      for (; j < j1 - j0; ++j)
        for (int64_t r = 0; r < count; ++r) y[j] += s->x[p + r] * m[r * s->ps + j];
    }
  }
};

/// ps = 1: dot products, four rows of the stored matrix at a time.
template <class T>
struct Dots {
  template <class Arch>
  GRADUS_INLINE static void run(const Sums<T>* s, int64_t j0, int64_t j1, int64_t p0, int64_t p1, T* y) {
    int64_t j = j0;
    for (; j + 4 <= j1; j += 4) some<Arch, 4>(*s, j, p0, p1, y + (j - j0));
    for (; j < j1; ++j) some<Arch, 1>(*s, j, p0, p1, y + (j - j0));
  }

  template <class Arch, int R>
  GRADUS_INLINE static void some(const Sums<T>& s, int64_t j, int64_t p0, int64_t p1, T* y) {
    using V = typename Arch::template vec<T>;
    constexpr int64_t N = V::size;
    constexpr int lanes = R == 1 ? 4 : 2;
    V sum[R * lanes];
    const T* m = s.m + j * s.js;
    int64_t p = p0;
    for (; p + lanes * N <= p1; p += lanes * N)
      for (int l = 0; l < lanes; ++l) {
        const V x = V::load(s.x + p + l * N);
        for (int r = 0; r < R; ++r) sum[r * lanes + l] = fma(x, V::load(m + r * s.js + p + l * N), sum[r * lanes + l]);
      }
    for (; p + N <= p1; p += N) {
      const V x = V::load(s.x + p);
      for (int r = 0; r < R; ++r) sum[r * lanes] = fma(x, V::load(m + r * s.js + p), sum[r * lanes]);
    }
    if (const int64_t left = p1 - p; left > 0) {
      const V x = V::load(s.x + p, left);
      for (int r = 0; r < R; ++r) sum[r * lanes] = fma(x, V::load(m + r * s.js + p, left), sum[r * lanes]);
    }
    for (int r = 0; r < R; ++r) {
      V all = sum[r * lanes];
      for (int l = 1; l < lanes; ++l) all += sum[r * lanes + l];
      y[r] = simd::reduce_add(all);
    }
  }
};

/// Strided both ways, which no dense matrix is: plain loops.
template <class T>
void plain(const Sums<T>& s, int64_t j0, int64_t j1, int64_t p0, int64_t p1, T* y) {
  for (int64_t j = j0; j < j1; ++j) {
    T sum = 0;
    for (int64_t p = p0; p < p1; ++p) sum += s.x[p] * s.m[p * s.ps + j * s.js];
    y[j - j0] = sum;
  }
}

template <class T>
void sums(const Sums<T>& s, int64_t j0, int64_t j1, int64_t p0, int64_t p1, T* y) {
  if (s.js == 1)
    simd::call<AddRows<T>>(&s, j0, j1, p0, p1, y);
  else if (s.ps == 1)
    simd::call<Dots<T>>(&s, j0, j1, p0, p1, y);
  else
    plain(s, j0, j1, p0, p1, y);
}

constexpr int64_t task_elements = 64 * 1024;  // of the matrix, read by one task
constexpr int64_t most_pieces = 16;           // partial sums of each element
constexpr int64_t widest = 2048;              // columns of one task: their sums stay in the first cache

/// True every second time for the same matrix: read back and forth, one that is a little larger than a cache finds most
/// of itself there; read always forth, nothing.
bool turned(const void* matrix) {
  static std::atomic<uint8_t> turns[256];
  const auto key = reinterpret_cast<uintptr_t>(matrix) >> 6;
  return turns[(key ^ key >> 8 ^ key >> 16) % 256].fetch_xor(1, std::memory_order_relaxed);
}

}  // namespace

template <class T>
void detail::matmul_vector(const Product<T>& g) {
  // m = 1 as it stands; n = 1 is its transpose: C^T = B^T A^T.
  const bool row = g.m == 1;
  const T* x = row ? g.a.p : g.b.p;
  const int64_t step = row ? g.a.cs : g.b.rs;
  const Sums<T> base = row ? Sums<T>{g.n, g.k, g.b.p, g.b.rs, g.b.cs, x} : Sums<T>{g.m, g.k, g.a.p, g.a.cs, g.a.rs, x};
  Sums<T> s = base;
  Scratch<T> packed_x;
  if (step != 1) {
    packed_x = Scratch<T>(s.k);
    for (int64_t p = 0; p < s.k; ++p) packed_x.get()[p] = x[p * step];
    s.x = packed_x.get();
  }
  // Tasks depend on the sizes alone. Rows of the stored matrix are dealt out whole where they can be: so memory is read
  // in order. Where they are what is summed (js = 1), every piece has sums of its own, added at the end.
  const bool by_rows = s.js == 1 || s.n <= 64;
  const int64_t depth = by_rows ? std::max({int64_t{64}, task_elements / s.n, ceil_div(s.k, most_pieces)}) : s.k;
  const int64_t pieces = ceil_div(s.k, depth);
  const int64_t width =
      by_rows ? std::min(s.n, widest) : std::clamp<int64_t>(task_elements / s.k / 16 * 16, 16, widest);
  const int64_t wide = ceil_div(s.n, width);
  const Scratch<T> partial(pieces * s.n);
  const int64_t tasks = pieces * wide;
  const int64_t share = ceil_div(tasks, static_cast<int64_t>(get_num_threads()));  // each thread turns in its own
  const bool back = turned(s.m);
  parallel_for(tasks, s.n * s.k < 2 * task_elements ? tasks : 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t first = i / share * share, last = std::min(tasks, first + share) - 1;
      const int64_t task = back ? first + last - i : i;
      const int64_t piece = task / wide, j = task % wide * width, p = piece * depth;
      sums(s, j, std::min(s.n, j + width), p, std::min(s.k, p + depth), partial.get() + piece * s.n + j);
    }
  });
  for (int64_t j = 0; j < s.n; ++j) {
    T sum = partial.get()[j];
    for (int64_t piece = 1; piece < pieces; ++piece) sum += partial.get()[piece * s.n + j];
    T* c = row ? g.c + j : g.c + j * g.ldc;
    const T bias = g.bias ? g.bias[row ? j : 0] : T(0);
    *c = g.alpha * sum + (g.beta != T(0) ? g.beta * *c : T(0)) + bias;
  }
}

template void detail::matmul_vector(const Product<float>&);
template void detail::matmul_vector(const Product<double>&);
template void detail::matmul_vector(const Product<uint64_t>&);

}  // namespace gradus::kernels
