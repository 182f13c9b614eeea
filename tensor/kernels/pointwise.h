// The pointwise engine: one formula, instantiated on SIMD vectors in one fused, threaded, strided loop.
//
// A formula is a generic lambda over simd::Vec. It is compiled once per compute type and instruction set, for
// consecutive elements, or one that is repeated: long rows are read in place; operands that are strided, of another
// type or expanded along short rows are brought into a tile in the first-level cache before the formula sees them, so
// that layout and promotion cost no instantiations.
#pragma once
#include <utility>

#include "gradus/tensor/kernels/simd.h"
#include "gradus/tensor/kernels/simd_integer.h"
#include "gradus/tensor/kernels/simd_math.h"
#include "gradus/tensor/tensor.h"

namespace gradus::kernels {

/// Which compute types a formula is compiled for: real: float, double; integer: int64; numeric: all three. The other
/// types compute in one of these (compute_type), an element staged in it and rounded or cut off once.
enum class Kinds { real, integer, numeric };

inline constexpr size_t max_operands = 5;

/// Rows of n elements each, one `step` bytes after the other. Of operand k with bit k of `repeated` a row has one
/// element, n times. Place::streamed wants fence_streams() after the last call.
struct Rows {
  void* out;
  const void* in[max_operands];
  int64_t n, count = 1;
  simd::Place place = simd::Place::cached;
  unsigned repeated = 0;
  int64_t out_step = 0, step[max_operands] = {};
};

/// A formula ready for run_rows(): `fn` computes elements of type `compute`, as such or, of comparisons, as bools;
/// whole vectors only, where these are not masked.
struct Loop {
  void (*fn)(const void* formula, const Rows& rows);
  const void* formula;
  int operands;
  ScalarType compute, result;
  int mask = -1;  // the operand that is read as bools, if any: 1 or 0 of type `compute` to the formula
  ScalarType type_of(int operand) const { return operand == mask ? ScalarType::Bool : compute; }
};

/// Runs the loop over rows of any length.
void run_rows(const Loop& loop, const Rows& rows);

/// So many elements are taken to lie in memory.
inline constexpr int64_t distant_from = 32768;

/// Runs the loop over `out`, to whose shape the operands must expand. `out` may be one of the operands.
void run(const Loop& loop, const TensorImpl& out, const TensorImpl* const* in);

/// A fresh tensor of the operands' common shape; a permuted layout that they share is kept. `name` is for the error.
Tensor result_like(const char* name, ScalarType dtype, const TensorImpl* const* in, int count);

namespace detail {

template <class T, int N>
GRADUS_INLINE simd::Vec<T, N> to_vec(const simd::Vec<T, N>& x) {
  return x;
}
/// At once: GCC 12 loses masks that are used later than in the next instruction.
template <class T, int N>
GRADUS_INLINE simd::Vec<T, N> to_vec(const simd::Mask<T, N>& m) {
  return simd::where(m, 1, 0);
}

/// Where a row's result goes: streams want whole lines.
GRADUS_INLINE simd::Place place_of(const void* row, simd::Place place) {
  return place == simd::Place::streamed && reinterpret_cast<uintptr_t>(row) % 64 ? simd::Place::memory : place;
}

template <class T, int N>
GRADUS_INLINE void store(const simd::Vec<T, N>& x, T* to, simd::Place place, int64_t rest) {
  if (place == simd::Place::streamed) return x.stream(to);
  if (simd::Vec<T, N>::masked && place == simd::Place::part) return x.store(to, rest);
  if (place == simd::Place::memory) simd::ask_ahead(to);
  x.store(to);
}
/// A line of bools is asked for soon enough by its first store: asking four times for each cost a tenth of `a > b`.
template <class T, int N>
GRADUS_INLINE void store(const simd::Vec<T, N>& x, bool* to, simd::Place place, int64_t rest) {
  if (place == simd::Place::streamed) return simd::stream_bytes(x, to);
  if (!simd::Vec<T, N>::masked || place != simd::Place::part) return simd::store_bytes(x, to);
  bool lanes[N];
  simd::store_bytes(x, lanes);
  for (int64_t i = 0; i < rest; ++i) to[i] = lanes[i];
}
/// Asks for what follows after Bytes bytes; for bools only beside a single stream, as they come in few lines.
template <int64_t Bytes, class T>
GRADUS_INLINE void ask_ahead(const T* p) {
  if constexpr (!std::is_same_v<T, bool>)
    simd::ask_ahead<Bytes>(p);
  else if constexpr (Bytes > 4096)
    simd::ask_ahead<2048>(p);
}
template <class V, class T>
GRADUS_INLINE V load(const T* p) {
  if constexpr (std::is_same_v<T, bool>)
    return simd::load_bytes<V>(p);
  else
    return V::load(p);
}
/// One element, as often as a vector has lanes.
template <class V, class T>
GRADUS_INLINE void repeat(T x, T* to) {
  if constexpr (std::is_same_v<T, bool>)
    std::memset(to, x, V::size);
  else
    V::all(x).store(to);
}

/// The first n < V::size elements and, so that the lanes behind them hold nothing unusual, one of them again.
template <class V, class T>
GRADUS_INLINE void fill_up(const T* p, int64_t n, T* to) {
  if constexpr (std::is_same_v<T, bool>)
    for (int64_t i = 0; i < V::size; ++i) to[i] = p[i < n ? i : 0];
  else
    V::load(p, n).keep(n, V::all(*p)).store(to);
}

/// What a formula of so many vectors returns.
template <class T, class F, size_t... I>
auto result_of(const F& f, std::index_sequence<I...>) {
  return f((static_cast<void>(I), simd::Vec<T, simd::Arch<simd::Isa::base>::bytes / sizeof(T)>())...);
}
template <class T, class F, class I>
inline constexpr bool is_test = !std::is_same_v<decltype(result_of<T>(std::declval<F>(), I())),
                                                simd::Vec<T, simd::Arch<simd::Isa::base>::bytes / sizeof(T)>>;

template <class T, int Mask, class F, class I>
struct FormulaLoop;

template <class T, int Mask, class F, size_t... I>
struct FormulaLoop<T, Mask, F, std::index_sequence<I...>> {
  static constexpr bool test = is_test<T, F, std::index_sequence<I...>>;
  using Result = std::conditional_t<test, bool, T>;
  template <size_t K>
  using Source = std::conditional_t<static_cast<int>(K) == Mask, bool, T>;
  static constexpr bool single = sizeof...(I) - (Mask >= 0) < 2;
  static constexpr bool asks = single || !test;  // of several, a test writes too little to be in their way
  static constexpr int64_t ahead = !single ? 4096 : test ? 16384 : 8192;  // bytes

  /// What is left of a row beside its whole vectors is a vector of its own, for the same code: formulas are long.
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const void* formula, const Rows& rows) {
    using V = typename A::template vec<T>;
    const F f = *static_cast<const F*>(formula);
    const int64_t moves[] = {static_cast<int64_t>(rows.repeated >> I & 1) - 1 ...};  // all bits, or none
    const int64_t rest = V::masked ? rows.n % V::size : 0, whole = rows.n - rest;
    alignas(64) char lanes[sizeof...(I)][sizeof(V)];
    for (int64_t row = 0; row < rows.count; ++row) {
      const void* p[] = {first<I, V>(rows, row, lanes[I])...};
      Result* o = reinterpret_cast<Result*>(static_cast<char*>(rows.out) + row * rows.out_step);
      simd::Place place = place_of(o, rows.place);
      for (int64_t end = whole;;) {
        for (int64_t i = 0; i < end; i += V::size) {
          simd::opaque(place);  // other loops without the questions would multiply the code
          if (asks && static_cast<unsigned>(place) - 1 < 2)
            (ask_ahead<ahead>(static_cast<const Source<I>*>(p[I]) + i), ...);
          store(V(to_vec(f(load<V>(static_cast<const Source<I>*>(p[I]) + (i & moves[I]))...))), o + i, place, rest);
        }
        if (rest == 0 || place == simd::Place::part) break;
        (stage<I, V>(p[I], whole, rest, lanes[I]), ...);
        o += whole;
        end = V::size;
        place = simd::Place::part;
      }
    }
  }

 private:
  /// Where operand K of a row begins; one that is repeated is made a vector in `lanes`.
  template <size_t K, class V>
  GRADUS_INLINE static const void* first(const Rows& rows, int64_t row, char* lanes) {
    const char* p = static_cast<const char*>(rows.in[K]) + row * rows.step[K];
    if (!(rows.repeated >> K & 1)) return p;
    repeat<V>(*reinterpret_cast<const Source<K>*>(p), reinterpret_cast<Source<K>*>(lanes));
    return lanes;
  }
  /// The rest of a row from p on into `lanes`, unless that has the one element already.
  template <size_t K, class V>
  GRADUS_INLINE static void stage(const void*& p, int64_t whole, int64_t rest, char* lanes) {
    if (p == lanes) return;
    fill_up<V>(static_cast<const Source<K>*>(p) + whole, rest, reinterpret_cast<Source<K>*>(lanes));
    p = lanes;
  }
};

template <class T, size_t Ins, int Mask, class F>
Loop loop_for(const F& f) {
  using K = FormulaLoop<T, Mask, F, std::make_index_sequence<Ins>>;
  return {simd::entry<K, const void*, const Rows&>(), &f, Ins, dtype_of<T>, dtype_of<typename K::Result>, Mask};
}

}  // namespace detail

template <Kinds K, size_t Ins, int Mask, class F>
requires(Ins <= max_operands) Loop make_loop(const char* name, ScalarType compute, const F& f) {
  const ScalarType type = compute_type(compute);
  if constexpr (K != Kinds::integer) {
    if (type == ScalarType::Float) return detail::loop_for<float, Ins, Mask>(f);
    if (type == ScalarType::Double) return detail::loop_for<double, Ins, Mask>(f);
  }
  if constexpr (K != Kinds::real)
    if (type == ScalarType::Long) return detail::loop_for<int64_t, Ins, Mask>(f);
  fail(name, ": \"", name, "\" not implemented for '", gradus::name(compute), "'");
}

/// out = f(x...) pointwise, computed in the compute type of `compute`; `out` has the common shape, any type and any
/// layout. Operand number Mask, if there is one, is read as bools.
template <Kinds K, int Mask = -1, class F, class... X>
requires(sizeof...(X) <= max_operands) void map_into(const char* name, const Tensor& out, ScalarType compute,
                                                     const F& f, const X&... x) {
  const TensorImpl* in[] = {x.unsafeGetTensorImpl()...};
  run(make_loop<K, sizeof...(X), Mask>(name, compute, f), *out.unsafeGetTensorImpl(), in);
}

/// f(x...) pointwise as a new tensor of type `dtype`, computed in the compute type of `compute`.
template <Kinds K, int Mask = -1, class F, class... X>
requires(sizeof...(X) <= max_operands) Tensor
    map(const char* name, ScalarType compute, ScalarType dtype, const F& f, const X&... x) {
  const TensorImpl* in[] = {x.unsafeGetTensorImpl()...};
  const Loop loop = make_loop<K, sizeof...(X), Mask>(name, compute, f);
  Tensor out = result_like(name, dtype, in, sizeof...(X));
  run(loop, *out.unsafeGetTensorImpl(), in);
  return out;
}

}  // namespace gradus::kernels
