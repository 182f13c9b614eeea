// Our own matrix product: operands packed into panels that fit the caches, and one tile of C kept in registers
// (Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008).
#include <algorithm>
#include <cstring>
#include <type_traits>
#include <utility>

#include "gradus/tensor/kernels/matmul_parts.h"
#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/kernels/simd_transpose.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

using detail::broadcast;
using detail::Product;
using detail::View;

/// Rows and columns of the register tile.
struct TileShape {
  int64_t rows, cols;
};

template <class Arch, class T>
struct Tile {
  using V = typename Arch::template vec<T>;
  static constexpr bool wide = std::is_floating_point_v<T> && Arch::isa != simd::Isa::base;
  static constexpr int rows = !wide ? 4 : Arch::isa == simd::Isa::avx512 ? 12 : 6;
  // Rows of A that are not packed need an address register each.
  static constexpr int strided_rows = rows == 12 ? 8 : 4;
  static constexpr int cols = 2 * V::size;
  // Columns, in vectors, of a tile over rows of A that are not packed.
  static constexpr int strided_cols = rows == 12 ? 3 : 2;
};

template <class T>
struct AskShape {
  template <class Arch>
  GRADUS_INLINE static void run(TileShape* s) {
    *s = {Tile<Arch, T>::rows, Tile<Arch, T>::cols};
  }
};

/// Where a tile goes: C = alpha tile + beta C + bias.
template <class T>
struct Target {
  T* c;
  int64_t ldc;
  T alpha, beta;
  const T* bias;
  GRADUS_INLINE Target at(int64_t row, int64_t col) const {
    return {c + row * ldc + col, ldc, alpha, beta, bias ? bias + col : nullptr};
  }
};

/// A finished tile, rows `width` apart, into its target.
template <class V, class T>
GRADUS_INLINE void put(const T* tile, int64_t width, int64_t rows, int64_t cols, const Target<T>& t) {
  constexpr int64_t N = V::size;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < cols; j += N) {
      T* c = t.c + i * t.ldc + j;
      const int64_t n = cols - j;
      V y = V::load(tile + i * width + j);
      if (n >= N) {
        if (t.beta != T(0)) y = fma(V(t.beta), V::load(c), y);
        if (t.bias) y += V::load(t.bias + j);
        y.store(c);
      } else {
        if (t.beta != T(0)) y = fma(V(t.beta), V::load(c, n), y);
        if (t.bias) y += V::load(t.bias + j, n);
        y.store(c, n);
      }
    }
}

/// The sums of a tile into its target; of them, rows x cols belong to C.
template <class V, int R, int NV, class T>
GRADUS_INLINE void finish(typename V::R (&acc)[R][NV], const Target<T>& t, int64_t rows, int64_t cols) {
  constexpr int N = V::size;
  if (t.alpha != T(1)) {
    const V alpha(t.alpha);
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
#pragma GCC unroll 16
      for (int j = 0; j < NV; ++j) acc[i][j] *= alpha.v;
    }
  }
  if (rows == R && cols == NV * N && !t.bias && t.beta == T(0)) {
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
#pragma GCC unroll 16
      for (int j = 0; j < NV; ++j) V(acc[i][j]).store(t.c + i * t.ldc + j * N);
    }
    return;
  }
  if (rows == R && cols == NV * N && !t.bias && t.beta == T(1)) {
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
      T* const c = t.c + i * t.ldc;
#pragma GCC unroll 16
      for (int j = 0; j < NV; ++j) (V::load(c + j * N) + V(acc[i][j])).store(c + j * N);
    }
    return;
  }
  alignas(64) T done[R * NV * N];
#pragma GCC unroll 16
  for (int i = 0; i < R; ++i) {
#pragma GCC unroll 16
    for (int j = 0; j < NV; ++j) V(acc[i][j]).store(done + (i * NV + j) * N);
  }
  put<V>(static_cast<const T*>(done), NV * N, rows, cols, t);
}

/// A tile of R rows and NV vectors: sum over k of column p of A times row p of B, which begins p * ldb after b.
/// Element (i, p) of A lies at a[i + p * Packed] when Packed > 0, else at a[i * rs + p * cs].
/// Of the tile, rows x cols elements belong to C. Unrolled whole, acc is R NV registers.
template <class V, int Packed, int R, int NV, class T>
GRADUS_INLINE void tile(int64_t k, const T* a, int64_t rs, int64_t cs, const T* b, int64_t ldb, const Target<T>& t,
                        int64_t rows, int64_t cols) {
  using Raw = typename V::R;
  constexpr int N = V::size;
  if constexpr (Packed > 0)
    for (int64_t i = 0; i < rows; ++i)  // C is asked for while the product is computed
      for (int j = 0; j < NV; ++j) __builtin_prefetch(t.c + i * t.ldc + j * N, 1, 3);
  Raw acc[R][NV];  // zeroed one by one: GCC clears an initialized array in memory
#pragma GCC unroll 16
  for (int i = 0; i < R; ++i) {
#pragma GCC unroll 16
    for (int j = 0; j < NV; ++j) acc[i][j] = Raw{};
  }
  for (int64_t p = 0; p < k; ++p) {
    Raw row[NV];
#pragma GCC unroll 16
    for (int j = 0; j < NV; ++j) std::memcpy(&row[j], b + p * ldb + j * N, sizeof(Raw));
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
      Raw x;
      broadcast<V>(Packed > 0 ? a[p * Packed + i] : a[i * rs + p * cs], x);
#pragma GCC unroll 16
      for (int j = 0; j < NV; ++j) acc[i][j] += x * row[j];
    }
  }
  // What follows may have no register while the loop runs: GCC spilled a sum for it.
  asm volatile("" ::: "memory");
  finish<V, R, NV>(acc, t, rows, cols);
}

/// A tile of `rows` rows of packed A: panels are R high, so a lower tile may read more rows than it has.
template <class V, int Panel, int R, int NV, class T>
GRADUS_INLINE void packed_tile(int64_t rows, int64_t k, const T* a, const T* b, const Target<T>& t, int64_t cols) {
  constexpr int lower = R == 12 ? 8 : R == 8 || R == 6 ? 4 : R == 4 ? 2 : 0;
  if constexpr (lower > 0) {
    if (rows <= lower) return packed_tile<V, Panel, lower, NV>(rows, k, a, b, t, cols);
  }
  tile<V, Panel, R, NV>(k, a, 0, 0, b, 2 * V::size, t, rows, cols);
}

/// to[p * width + i] = from[i * ld + p] for 4 x 4 elements.
template <class T>
GRADUS_INLINE void transpose_4x4(const T* from, int64_t ld, T* to, int64_t width) {
  using R = typename simd::Vec<T, 4>::R;
  R r[4];
  for (int i = 0; i < 4; ++i) std::memcpy(&r[i], from + i * ld, sizeof(R));
  const R a = __builtin_shufflevector(r[0], r[1], 0, 4, 1, 5), b = __builtin_shufflevector(r[0], r[1], 2, 6, 3, 7);
  const R c = __builtin_shufflevector(r[2], r[3], 0, 4, 1, 5), d = __builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
  r[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
  r[1] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
  r[2] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
  r[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
  for (int p = 0; p < 4; ++p) std::memcpy(to + p * width, &r[p], sizeof(R));
}

/// The same for squares of whole vectors: rows from `count` on are zero, and of each result the first `cols` are
/// stored.
template <class V, class T>
GRADUS_INLINE void transpose_square(const T* from, int64_t ld, int64_t count, T* to, int64_t width, int64_t cols) {
  V r[V::size];
#pragma GCC unroll 16
  for (int i = 0; i < V::size; ++i)
    if (i < count) r[i] = V::load(from + i * ld);
  simd::transpose(r);
  if (cols >= V::size) {
#pragma GCC unroll 16
    for (int p = 0; p < V::size; ++p) r[p].store(to + p * width);
  } else {
#pragma GCC unroll 16
    for (int p = 0; p < V::size; ++p) r[p].store(to + p * width, cols);
  }
}

/// to[p * width + i] = from[i * ld + p] for i < count, p < k; zero for i from count to width.
template <class V, class T>
GRADUS_INLINE void pack_transposed(const T* from, int64_t ld, int64_t k, int64_t count, int64_t width, T* to) {
  constexpr int64_t run = 64 / sizeof(T);  // of p: a cache line of each row is used up before the next
  for (int64_t p0 = 0; p0 < k; p0 += run) {
    const int64_t p1 = std::min(k, p0 + run);
    int64_t i = 0;
    if constexpr (V::size == run)
      if (p1 - p0 == run) {
        if (count == width)  // the next panel is asked for
          for (int64_t q = 0; q < width; ++q) __builtin_prefetch(from + (q + width) * ld + p0, 0, 2);
        for (; i < width; i += run)
          transpose_square<V>(from + i * ld + p0, ld, count - i, to + p0 * width + i, width, width - i);
        continue;
      }
    for (; i + 4 <= count; i += 4) {
      int64_t p = p0;
      for (; p + 4 <= p1; p += 4) transpose_4x4(from + i * ld + p, ld, to + p * width + i, width);
      for (; p < p1; ++p)
        for (int64_t q = i; q < i + 4; ++q) to[p * width + q] = from[q * ld + p];
    }
    for (; i < count; ++i)
      for (int64_t p = p0; p < p1; ++p) to[p * width + i] = from[i * ld + p];
    if (count < width)
      for (int64_t p = p0; p < p1; ++p)
        for (int64_t q = count; q < width; ++q) to[p * width + q] = 0;
  }
}

/// A panel of an operand: k groups of `width` elements, of which the first `count` are its own and the others zero.
/// Element (i, p) of the operand, i < count, lies at from[i * is + p * ps]; one of the strides is 1.
template <class V, class T>
GRADUS_INLINE void pack(const T* from, int64_t is, int64_t ps, int64_t k, int64_t count, int64_t width, T* to) {
  if (is != 1) return pack_transposed<V>(from, is, k, count, width, to);
  constexpr int64_t N = V::size, line = 64 / sizeof(T);
  for (int64_t p = 0; p < k; ++p, from += ps, to += width) {
    for (int64_t q = 0; q < width; q += line) __builtin_prefetch(from + width + q, 0, 2);  // the next panel
    int64_t i = 0;
    for (; i + N <= count; i += N) V::load(from + i).store(to + i);
    for (; i < width; i += N) {
      const V some = V::load(from + i, std::max<int64_t>(0, count - i));
      if (width - i < N)
        some.store(to + i, width - i);
      else
        some.store(to + i);
    }
  }
}

/// True where panels of B are packed: where its rows are no vectors, and where many rows of A meet rows of B that lie
/// whole pages apart, of which a cache holds few.
template <class T>
bool packs_b(const Product<T>& g) {
  const bool crowded = g.b.rs * static_cast<int64_t>(sizeof(T)) % 4096 == 0;
  return g.b.cs != 1 || (crowded && g.k > 64 && g.m >= 64);
}

/// Rows of A where they lie, B packed panel by panel unless its rows already are vectors.
template <class T>
struct InPlace {
  template <class Arch>
  GRADUS_INLINE static void run(const Product<T>* g, T* panel) {
    using V = typename Tile<Arch, T>::V;
    constexpr int64_t N = V::size, most = Tile<Arch, T>::strided_cols;
    for (int64_t j = 0; j < g->n;) {
      // As few panels as possible, and all as wide as possible: 64 columns are 32 and 32 rather than 48 and 16.
      const int64_t left = ceil_div(g->n - j, N), vectors = ceil_div(left, ceil_div(left, most));
      const int64_t cols = std::min(vectors * N, g->n - j);
      if (vectors == most)
        columns<Arch, most>(*g, panel, j, cols);
      else if (most > 2 && vectors == 2)
        columns<Arch, 2>(*g, panel, j, cols);
      else
        columns<Arch, 1>(*g, panel, j, cols);
      j += cols;
    }
  }

  template <class Arch, int NV>
  GRADUS_INLINE static void columns(const Product<T>& g, T* panel, int64_t j, int64_t cols) {
    using V = typename Tile<Arch, T>::V;
    constexpr int64_t width = NV * V::size;
    const T* b = g.b.p + j * g.b.cs;
    int64_t ldb = g.b.rs;
    if (packs_b(g) || cols < width) {
      pack<V>(b, g.b.cs, g.b.rs, g.k, cols, width, panel);
      b = panel;
      ldb = width;
    }
    const Target<T> target{g.c, g.ldc, g.alpha, g.beta, g.bias};
    rows<Arch, Tile<Arch, T>::strided_rows, NV>(g, 0, b, ldb, target.at(0, j), cols);
  }

  /// Rows from i on: R at a time, then the rest by half as many.
  template <class Arch, int R, int NV>
  GRADUS_INLINE static void rows(const Product<T>& g, int64_t i, const T* b, int64_t ldb, const Target<T>& t,
                                 int64_t cols) {
    using V = typename Tile<Arch, T>::V;
    for (; i + R <= g.m; i += R)
      tile<V, 0, R, NV>(g.k, g.a.p + i * g.a.rs, g.a.rs, g.a.cs, b, ldb, t.at(i, 0), R, cols);
    if constexpr (R > 1) rows<Arch, R / 2, NV>(g, i, b, ldb, t, cols);
  }
};

/// Rows of A and a block of k, which the threads multiply together.
template <class T>
struct Block {
  int64_t m, n, k;
  View<T> a, b;
  T* packed_a;
  Target<T> c;
};

/// Packs panels [begin, end) of A.
template <class T>
struct PackRows {
  template <class Arch>
  GRADUS_INLINE static void run(const Block<T>* s, int64_t begin, int64_t end) {
    using V = typename Tile<Arch, T>::V;
    constexpr int64_t R = Tile<Arch, T>::rows;
    for (int64_t i = begin * R; i < std::min(s->m, end * R); i += R)
      pack<V>(s->a.p + i * s->a.rs, s->a.rs, s->a.cs, s->k, std::min<int64_t>(R, s->m - i), R, s->packed_a + i * s->k);
  }
};

/// Rows and columns of C that one task computes, each from a multiple of the register tile on.
struct Part {
  int64_t i0, i1, j0, j1;
};

/// A part of C: a panel of B is packed, stays in the first cache, and meets all rows of A.
template <class T>
struct Multiply {
  template <class Arch>
  GRADUS_INLINE static void run(const Block<T>* s, const Part* part, T* panel) {
    using V = typename Tile<Arch, T>::V;
    constexpr int R = Tile<Arch, T>::rows;
    constexpr int64_t width = Tile<Arch, T>::cols;
    for (int64_t j = part->j0; j < part->j1; j += width) {
      const int64_t cols = std::min(width, part->j1 - j);
      pack<V>(s->b.p + j * s->b.cs, s->b.cs, s->b.rs, s->k, cols, width, panel);
      for (int64_t i = part->i0; i < part->i1; i += R) {
        const int64_t rows = std::min<int64_t>(R, part->i1 - i);
        const T* a = s->packed_a + i * s->k;
        if (cols > V::size)
          packed_tile<V, R, R, 2>(rows, s->k, a, panel, s->c.at(i, j), cols);
        else
          packed_tile<V, R, R, 1>(rows, s->k, a, panel, s->c.at(i, j), cols);
      }
    }
  }
};

constexpr int64_t tiny_depth = 16, tiny_limit = 128;  // of k, and multiplications, of the very smallest products
constexpr int64_t serial_limit = 96 * 96 * 96;        // multiplications that one thread does alone
constexpr int64_t tasks_each = 4;                     // of a thread, so that it can take some of another's
constexpr int64_t most_pieces = 16;                   // of a product whose A is not packed
// Blocks that the second cache holds: of packed A, and of A where it lies. A k a little larger is not cut.
constexpr int64_t packed_k = 256, packed_m = 480;
constexpr int64_t in_place_k = 512, in_place_m = 512, undivided_k = 800;

/// How C is dealt out: by panels of columns, and where they are few also by rows.
struct Deal {
  int64_t m, n, rows, cols;  // rows and cols: of a task
  Deal(int64_t all_rows, int64_t all_cols, int64_t threads, const TileShape& shape)
      : m(all_rows), n(all_cols), rows(m), cols(n) {
    if (threads == 1) return;
    const int64_t most = tasks_each * threads, panels = ceil_div(n, shape.cols);
    cols = ceil_div(panels, most) * shape.cols;
    const int64_t bands = std::max<int64_t>(1, most / across());
    rows = ceil_div(ceil_div(m, shape.rows), bands) * shape.rows;
  }
  int64_t across() const { return ceil_div(n, cols); }
  int64_t down() const { return ceil_div(m, rows); }
  Part part(int64_t task) const {
    const int64_t i = task % down() * rows, j = task / down() * cols;
    return {i, std::min(m, i + rows), j, std::min(n, j + cols)};
  }
};

/// Blocks of k and of rows; inside, packing and multiplication are shared by the threads.
template <class T>
void packed(const Product<T>& g) {
  TileShape shape;
  simd::call<AskShape<T>>(&shape);
  const int64_t kc = ceil_div(g.k, ceil_div(g.k, packed_k));
  const int64_t mc = ceil_div(ceil_div(g.m, ceil_div(g.m, packed_m)), shape.rows) * shape.rows;
  const Scratch<T> packed_a(kc * mc);
  const int64_t threads = gradus::detail::in_parallel() || g.m * g.n * g.k < serial_limit ? 1 : get_num_threads();
  for (int64_t p = 0; p < g.k; p += kc)
    for (int64_t i = 0; i < g.m; i += mc) {
      Block<T> s{};
      s.m = std::min(mc, g.m - i), s.n = g.n, s.k = std::min(kc, g.k - p);
      s.a = {g.a.p + i * g.a.rs + p * g.a.cs, g.a.rs, g.a.cs};
      s.b = {g.b.p + p * g.b.rs, g.b.rs, g.b.cs};
      s.packed_a = packed_a.get();
      s.c = {g.c, g.ldc, g.alpha, p == 0 ? g.beta : T(1), p == 0 ? g.bias : nullptr};
      s.c = s.c.at(i, 0);
      const int64_t panels = ceil_div(s.m, shape.rows);
      parallel_for(panels, threads == 1 ? panels : ceil_div(32 * 1024, shape.rows * s.k),
                   [&](int64_t b, int64_t e) { simd::call<PackRows<T>>(&std::as_const(s), b, e); });
      const Deal deal(s.m, s.n, threads, shape);
      const int64_t tasks = deal.across() * deal.down();
      parallel_for(tasks, threads == 1 ? tasks : 1, [&](int64_t b, int64_t e) {
        const Scratch<T> panel(s.k * shape.cols);
        for (int64_t task = b; task < e; ++task) {
          const Part part = deal.part(task);
          simd::call<Multiply<T>>(&std::as_const(s), &part, panel.get());
        }
      });
    }
}

template <class T>
void in_place(const Product<T>& g) {
  constexpr int64_t on_stack = 4096 / sizeof(T) * 2;
  const int64_t need = g.k * 192 / static_cast<int64_t>(sizeof(T));  // the widest panel: three vectors of 64 bytes
  if (need <= on_stack) {
    alignas(64) T panel[on_stack];
    simd::call<InPlace<T>>(&g, static_cast<T*>(panel));
    return;
  }
  const Scratch<T> panel(need);
  simd::call<InPlace<T>>(&g, panel.get());
}

/// k = 0: C = beta C + bias.
template <class T>
void scale(const Product<T>& g) {
  for (int64_t i = 0; i < g.m; ++i)
    for (int64_t j = 0; j < g.n; ++j) {
      T* c = g.c + i * g.ldc + j;
      *c = (g.beta != T(0) ? g.beta * *c : T(0)) + (g.bias ? g.bias[j] : T(0));
    }
}

/// Rows of A are read where they lie while A and a panel of B stay in the first cache, and with the registers of
/// AVX-512, whose tile takes 24 sums, always: only columns that lie pages apart, where A is transposed, are packed.
template <class T>
bool is_in_place(const Product<T>& g) {
  const int64_t work = g.m * g.n * g.k;
  if (work <= 64 * 64 * 64 || g.k <= 8 || g.m <= 4) return true;
  if (!std::is_floating_point_v<T> || simd::isa() != simd::Isa::avx512) return false;
  return g.a.rs != 1 || g.a.cs * static_cast<int64_t>(sizeof(T)) % 4096 != 0 || work < 512 * 512 * 512;
}

/// Four columns at a time in the narrowest vectors: a handful of numbers is done before wider ones are filled.
template <class T>
void tiny(const Product<T>& g) {
  using V = simd::Vec<T, 4>;
  for (int64_t j = 0; j < g.n; j += 4) {
    const int64_t cols = std::min<int64_t>(4, g.n - j);
    V panel[tiny_depth];
    for (int64_t p = 0; p < g.k; ++p) {
      T row[4];
      // Columns past the last repeat it, and are not stored.
      for (int64_t q = 0; q < 4; ++q) row[q] = g.b.p[p * g.b.rs + (j + std::min(q, cols - 1)) * g.b.cs];
      panel[p] = V::load(row);
    }
    for (int64_t i = 0; i < g.m; ++i) {
      const T* a = g.a.p + i * g.a.rs;
      V sum = V(a[0]) * panel[0];
      for (int64_t p = 1; p < g.k; ++p) sum = fma(V(a[p * g.a.cs]), panel[p], sum);
      sum *= V(g.alpha);
      T* c = g.c + i * g.ldc + j;
      if (cols == 4 && g.beta == T(0) && !g.bias) {
        sum.store(c);
        continue;
      }
      T row[4];
      sum.store(row);
      for (int64_t q = 0; q < cols; ++q) {
        if (g.beta != T(0)) row[q] += g.beta * c[q];
        c[q] = g.bias ? row[q] + g.bias[j + q] : row[q];
      }
    }
  }
}

/// Rows (or columns, where B must be packed and pieces of rows would each do that) in pieces of a fixed size.
template <class T>
void in_place_pieces(const Product<T>& g) {
  const bool by_rows = g.m >= (packs_b(g) ? 4 : 1) * g.n;
  const int64_t length = by_rows ? g.m : g.n, each = std::max<int64_t>(1, g.m * g.n * g.k / length);
  const int64_t unit = length < 192 ? 32 : 48, least = ceil_div(serial_limit / 4, each);
  const int64_t grain = ceil_div(std::max(least, ceil_div(length, most_pieces)), unit) * unit;
  if (length <= grain) return in_place(g);
  parallel_for(length, grain, [&](int64_t begin, int64_t end) {
    Product<T> x = g;
    (by_rows ? x.m : x.n) = end - begin;
    if (by_rows) {
      x.a.p += begin * g.a.rs;
      x.c += begin * g.ldc;
    } else {
      x.b.p += begin * g.b.cs;
      x.c += begin;
      if (g.bias) x.bias += begin;
    }
    in_place(x);
  });
}

/// Blocks of rows and of k, so that what a panel of B meets stays in the second cache.
template <class T>
void in_place_blocks(const Product<T>& g) {
  if (g.k <= undivided_k && g.m <= in_place_m) return in_place_pieces(g);
  const int64_t unit = 8, kc = g.k <= undivided_k ? g.k : ceil_div(g.k, ceil_div(g.k, in_place_k));
  const int64_t mc = ceil_div(ceil_div(g.m, ceil_div(g.m, in_place_m)), unit) * unit;
  for (int64_t i = 0; i < g.m; i += mc)
    for (int64_t p = 0; p < g.k; p += kc) {
      Product<T> x = g;
      x.m = std::min(mc, g.m - i);
      x.k = std::min(kc, g.k - p);
      x.a.p += i * g.a.rs + p * g.a.cs;
      x.b.p += p * g.b.rs;
      x.c += i * g.ldc;
      if (p > 0) {
        x.beta = T(1);
        x.bias = nullptr;
      }
      in_place_pieces(x);
    }
}

template <class T>
void one(const Product<T>& g) {
  if (g.k == 0 || g.alpha == T(0)) return scale(g);
  if (g.k <= tiny_depth && g.m * g.n * g.k <= tiny_limit) return tiny(g);
  if ((g.m == 1 || g.n == 1) && g.m * g.n * g.k > 256) return detail::matmul_vector(g);
  if (g.k == 1) return detail::matmul_outer(g);
  if (is_in_place(g)) return in_place_blocks(g);
  packed(g);
}

}  // namespace

template <class T>
void own::matmul(const Gemm& g, const T* a, const T* b, T* c, const T* bias) {
  if (g.m <= 0 || g.n <= 0) return;
  // Integers wrap around, as unsigned ones do by definition.
  using N = std::conditional_t<std::is_integral_v<T>, uint64_t, T>;
  auto as = [](const T* p) { return reinterpret_cast<const N*>(p); };
  const View<N> va{as(a), g.trans_a ? 1 : g.lda, g.trans_a ? g.lda : 1};
  const View<N> vb{as(b), g.trans_b ? 1 : g.ldb, g.trans_b ? g.ldb : 1};
  const N alpha = static_cast<N>(static_cast<T>(g.alpha)), beta = static_cast<N>(static_cast<T>(g.beta));
  const Product<N> first{g.m, g.n, g.k, va, vb, reinterpret_cast<N*>(c), g.ldc, alpha, beta, as(bias)};
  if (g.batch == 1) return one(first);
  auto item = [&](int64_t i) {
    Product<N> x = first;
    x.a.p += i * g.stride_a;
    x.b.p += i * g.stride_b;
    x.c += i * g.stride_c;
    one(x);
  };
  // Large products share their own work among the threads; small ones are dealt out whole.
  const int64_t work = std::max<int64_t>(1, g.m * g.n * g.k);
  if (work >= 256 * 256 * 256) {
    for (int64_t i = 0; i < g.batch; ++i) item(i);
    return;
  }
  parallel_for(g.batch, std::max<int64_t>(1, serial_limit / 4 / work), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) item(i);
  });
}

template void own::matmul(const Gemm&, const float*, const float*, float*, const float*);
template void own::matmul(const Gemm&, const double*, const double*, double*, const double*);
template void own::matmul(const Gemm&, const int64_t*, const int64_t*, int64_t*, const int64_t*);

}  // namespace gradus::kernels
