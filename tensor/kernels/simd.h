// SIMD: a vector of N lanes that reads like a number, and one source compiled for several instruction sets.
//
// Vec is built on the compilers' vector extension, so one translation unit holds the code for every instruction set:
// `call` picks, at run time, the instantiation whose lane count fits the processor. A formula written by a user is
// therefore compiled for all of them too, without compiler flags. Vec has a user-provided copy constructor on purpose:
// it travels by reference, which keeps one calling convention whatever instructions a caller may use.
#pragma once
#include <atomic>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "gradus/tensor/sanitizer.h"

// Into a function of another instruction set nothing may be called, only inlined. clang flattens the calls that a
// function has itself but not those of what it inlines, so there each function on the way has to say so.
#if defined(__clang__)
#define GRADUS_INLINE [[gnu::always_inline, gnu::flatten]] inline
#define GRADUS_RUNS_FORMULA GRADUS_INLINE
#else
#define GRADUS_INLINE [[gnu::always_inline]] inline
// GCC comes to the callees of what it must inline late: a formula called there may stay a function of the base set.
#define GRADUS_RUNS_FORMULA
#endif

// A function that may use the instructions of Isa::avx512. What is only called in kernels, GCC inlines there whatever
// it uses; clang, whatever it may.
#define GRADUS_AVX512 [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]]
#if defined(__clang__)
#define GRADUS_MASKED GRADUS_AVX512
#else
#define GRADUS_MASKED GRADUS_INLINE
#endif

namespace gradus::simd {

/// Instruction sets, slowest first: SSE2 (every x86-64), AVX2 with FMA, AVX-512 (F, BW, DQ, VL).
enum class Isa { base, avx2, avx512, unknown };

/// The set in use: the best that the processor has and the library was compiled for; the environment variable
/// GRADUS_ISA (base, avx2, avx512) may lower it.
inline Isa isa();
/// The best set of this processor.
Isa supported();
const char* name(Isa isa);

namespace detail {
inline constinit std::atomic<Isa> current{Isa::unknown};
Isa first_asked();
}  // namespace detail

inline Isa isa() {
  const Isa i = detail::current.load(std::memory_order_relaxed);
  return i == Isa::unknown ? detail::first_asked() : i;
}

template <class T>
using int_of = std::conditional_t<sizeof(T) == 8, int64_t, std::conditional_t<sizeof(T) == 4, int32_t, int8_t>>;

template <class T, int N>
struct raw {
  typedef T type __attribute__((vector_size(N * sizeof(T)), may_alias));
};

#if defined(__GNUC__) && !defined(__clang__)
#define GRADUS_FRAGILE_MASKS true
#else
#define GRADUS_FRAGILE_MASKS false
#endif

/// One truth value a lane: all bits set or none.
template <class T, int N>
struct Mask {
  using R = typename raw<int_of<T>, N>::type;
  R m;
  GRADUS_INLINE explicit Mask(const R& x) : m(x) {}
  GRADUS_INLINE Mask(const Mask& o) : m(o.m) {}
  GRADUS_INLINE Mask& operator=(const Mask& o) {
    m = o.m;
    return *this;
  }
  GRADUS_INLINE friend Mask operator&(const Mask& a, const Mask& b) { return Mask(a.solid().m & b.solid().m); }
  GRADUS_INLINE friend Mask operator|(const Mask& a, const Mask& b) { return Mask(a.solid().m | b.solid().m); }
  GRADUS_INLINE friend Mask operator^(const Mask& a, const Mask& b) { return Mask(a.solid().m ^ b.solid().m); }
  GRADUS_INLINE friend Mask operator!(const Mask& a) { return Mask(~a.solid().m); }

  /// GCC 12 has instructions for comparisons of 64-byte vectors only where a select consumes them: masks that are
  /// combined, also by its merging nested selects, fall apart into lanes. A select of floating-point constants it
  /// leaves alone.
  static constexpr bool fragile = GRADUS_FRAGILE_MASKS && N * sizeof(T) == 64;
  GRADUS_INLINE Mask solid() const {
    if constexpr (fragile) {
      using F = typename raw<std::conditional_t<sizeof(T) == 8, double, float>, N>::type;
      return Mask((R)(m ? (F)(R{} - 1) : F{}));
    } else {
      return *this;
    }
  }
};

/// What mixes with a vector of T: numbers, and what holds one of any type (gradus::Scalar).
template <class A, class T>
concept Number = std::is_arithmetic_v<A> || requires(const A& a) {
  { a.template to<T>() } -> std::same_as<T>;
};

template <class T, class A>
GRADUS_INLINE T number(const A& a) {
  if constexpr (std::is_arithmetic_v<A>)
    return static_cast<T>(a);
  else
    return a.template to<T>();
}

// s in every lane, in one instruction.
template <class T, class R>
GRADUS_AVX512 inline void broadcast512(R& r, T s) {
  if constexpr (std::is_same_v<T, float>)
    asm("vbroadcastss %1, %0" : "=v"(r) : "v"(s));
  else if constexpr (std::is_same_v<T, double>)
    asm("vbroadcastsd %1, %0" : "=v"(r) : "v"(s));
  else if constexpr (sizeof(T) == 8)
    asm("vpbroadcastq %1, %0" : "=v"(r) : "r"(s));
  else
    asm("vpbroadcastd %1, %0" : "=v"(r) : "r"(s));
}
template <class T, class R>
[[gnu::target("avx2")]] inline void broadcast256(R& r, T s) {
  if constexpr (sizeof(T) == 4)
    asm("vbroadcastss %1, %0" : "=x"(r) : "x"(s));
  else
    asm("vbroadcastsd %1, %0" : "=x"(r) : "x"(s));
}
/// s in every lane, surely in one instruction. GCC takes s - R{} apart before it knows the instruction set, and often
/// leaves it so, in thirty instructions; but it may read a number from memory in the instruction that uses the vector,
/// as products want it. So this is for what is made once a row.
template <class T, class R>
GRADUS_INLINE void broadcast(R& r, T s) {
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__)
  if constexpr (sizeof(R) == 64 && sizeof(T) >= 4) return broadcast512(r, s);
  if constexpr (sizeof(R) == 32 && sizeof(T) >= 4) return broadcast256(r, s);
#endif
  r = s - R{};
}

/// N lanes of T (float, double, int64_t, int32_t). Mixes with numbers, which take T's type: `0.5 * x`.
template <class T, int N>
struct Vec {
  using value_type = T;
  using R = typename raw<T, N>::type;
  using I = typename raw<int_of<T>, N>::type;
  static constexpr int size = N;
  /// AVX-512 moves lanes under a mask, whatever lies beyond them in memory. Compilers make no such moves of a count.
  static constexpr bool masked = sizeof(R) == 64 && sizeof(T) >= 4;
  R v;

  GRADUS_INLINE Vec() : v{} {}
  GRADUS_INLINE explicit Vec(const R& x) : v(x) {}
  GRADUS_INLINE Vec(const Vec& o) : v(o.v) {}
  template <Number<T> A>
  GRADUS_INLINE Vec(const A& a) : v(number<T>(a) - R{}) {}  // subtracting 0 keeps -0
  /// s in every lane, made once a row or so.
  GRADUS_INLINE static Vec all(T s) {
    Vec r;
    broadcast(r.v, s);
    return r;
  }
  GRADUS_INLINE Vec& operator=(const Vec& o) {
    v = o.v;
    return *this;
  }

  GRADUS_INLINE static Vec load(const T* p) {
    Vec r;
    std::memcpy(&r.v, p, sizeof r.v);
    return r;
  }
  GRADUS_INLINE void store(T* p) const { std::memcpy(p, &v, sizeof v); }
  /// Past the caches, to a multiple of the vector's size: see stream.h.
  GRADUS_INLINE void stream(T* p) const {
#if defined(__x86_64__)
    if constexpr (sizeof(R) == 64)
      stream_64(*this, p);
    else if constexpr (sizeof(R) == 32)
      stream_32(*this, p);
    else
      asm("movntps %1, %0" : "=m"(*reinterpret_cast<Lanes*>(p)) : "x"(v));
#else
    store(p);
#endif
  }
  /// The first n < N lanes; the others are zero.
  GRADUS_INLINE static Vec load(const T* p, int64_t n) {
    if constexpr (masked) {
      return load_masked(p, first(n));
    } else {
      T lanes[N] = {};
      pieces(lanes, p, n);
      return load(lanes);
    }
  }
  GRADUS_INLINE void store(T* p, int64_t n) const {
    if constexpr (masked) {
      store_masked(*this, p, first(n));
    } else {
      T lanes[N];
      store(lanes);
      pieces(p, static_cast<const T*>(lanes), n);
    }
  }
  /// The first n lanes of this, the others of `rest`.
  GRADUS_INLINE Vec keep(int64_t n, const Vec& rest) const {
    if constexpr (masked) {
      return keep_masked(*this, rest, first(n));
    } else {
      T lanes[N];
      rest.store(lanes);
      store(lanes, n);
      return load(lanes);
    }
  }

  GRADUS_INLINE friend Vec operator+(const Vec& a, const Vec& b) { return Vec(a.v + b.v); }
  GRADUS_INLINE friend Vec operator-(const Vec& a, const Vec& b) { return Vec(a.v - b.v); }
  GRADUS_INLINE friend Vec operator*(const Vec& a, const Vec& b) { return Vec(a.v * b.v); }
  GRADUS_INLINE friend Vec operator/(const Vec& a, const Vec& b) { return Vec(a.v / b.v); }
  GRADUS_INLINE friend Vec operator-(const Vec& a) { return Vec(-a.v); }
  GRADUS_INLINE Vec& operator+=(const Vec& o) { return *this = *this + o; }
  GRADUS_INLINE Vec& operator-=(const Vec& o) { return *this = *this - o; }
  GRADUS_INLINE Vec& operator*=(const Vec& o) { return *this = *this * o; }
  GRADUS_INLINE friend Mask<T, N> operator<(const Vec& a, const Vec& b) { return Mask<T, N>(a.v < b.v); }
  GRADUS_INLINE friend Mask<T, N> operator<=(const Vec& a, const Vec& b) { return Mask<T, N>(a.v <= b.v); }
  GRADUS_INLINE friend Mask<T, N> operator>(const Vec& a, const Vec& b) { return Mask<T, N>(a.v > b.v); }
  GRADUS_INLINE friend Mask<T, N> operator>=(const Vec& a, const Vec& b) { return Mask<T, N>(a.v >= b.v); }
  GRADUS_INLINE friend Mask<T, N> operator==(const Vec& a, const Vec& b) { return Mask<T, N>(a.v == b.v); }
  GRADUS_INLINE friend Mask<T, N> operator!=(const Vec& a, const Vec& b) { return Mask<T, N>(a.v != b.v); }

 private:
  using Lanes = T[N];
  GRADUS_INLINE static uint16_t first(int64_t n) {
    return static_cast<uint16_t>((1u << (static_cast<size_t>(n) * sizeof(T) / 4)) - 1);
  }
  GRADUS_MASKED static Vec load_masked(const T* p, uint16_t mask) {
    Vec r;
    asm("vmovups %1, %0%{%2%}%{z%}" : "=v"(r.v) : "m"(*reinterpret_cast<const Lanes*>(p)), "Yk"(mask));
    return r;
  }
  GRADUS_MASKED static void store_masked(const Vec& x, T* p, uint16_t mask) {
    asm("vmovups %1, %0%{%2%}" : "+m"(*reinterpret_cast<Lanes*>(p)) : "v"(x.v), "Yk"(mask));
  }
#if defined(__x86_64__)
  GRADUS_AVX512 static void stream_64(const Vec& x, T* p) {
    asm("vmovntps %1, %0" : "=m"(*reinterpret_cast<Lanes*>(p)) : "v"(x.v));
  }
  [[gnu::target("avx2,fma")]] static void stream_32(const Vec& x, T* p) {
    asm("vmovntps %1, %0" : "=m"(*reinterpret_cast<Lanes*>(p)) : "x"(x.v));
  }
#endif
  GRADUS_MASKED static Vec keep_masked(const Vec& x, const Vec& rest, uint16_t mask) {
    Vec r = rest;
    asm("vmovups %1, %0%{%2%}" : "+v"(r.v) : "v"(x.v), "Yk"(mask));
    return r;
  }

  // Powers of two of fixed size: each becomes one move, where memcpy(n) would be a call.
  GRADUS_INLINE static void pieces(T* to, const T* from, int64_t n) {
    int64_t i = 0;
    if constexpr (N > 32) {
      if (n & 32) std::memcpy(to + i, from + i, 32 * sizeof(T)), i += 32;
    }
    if constexpr (N > 16) {
      if (n & 16) std::memcpy(to + i, from + i, 16 * sizeof(T)), i += 16;
    }
    if constexpr (N > 8) {
      if (n & 8) std::memcpy(to + i, from + i, 8 * sizeof(T)), i += 8;
    }
    if constexpr (N > 4) {
      if (n & 4) std::memcpy(to + i, from + i, 4 * sizeof(T)), i += 4;
    }
    if constexpr (N > 2) {
      if (n & 2) std::memcpy(to + i, from + i, 2 * sizeof(T)), i += 2;
    }
    if (n & 1) to[i] = from[i];
  }
};

template <class T, int N>
GRADUS_INLINE Vec<T, N> where(const Mask<T, N>& m, const Vec<T, N>& a, const Vec<T, N>& b) {
  if constexpr (Mask<T, N>::fragile) {
    using I = typename Vec<T, N>::I;
    const I k = m.solid().m;
    return Vec<T, N>((typename Vec<T, N>::R)(((I)a.v & k) | ((I)b.v & ~k)));
  } else {
    return Vec<T, N>(m.m ? a.v : b.v);
  }
}
template <class T, int N, Number<T> A>
GRADUS_INLINE Vec<T, N> where(const Mask<T, N>& m, const Vec<T, N>& a, const A& b) {
  return where(m, a, Vec<T, N>(b));
}
template <class T, int N, Number<T> A>
GRADUS_INLINE Vec<T, N> where(const Mask<T, N>& m, const A& a, const Vec<T, N>& b) {
  return where(m, Vec<T, N>(a), b);
}
template <class T, int N, Number<T> A, Number<T> B>
GRADUS_INLINE Vec<T, N> where(const Mask<T, N>& m, const A& a, const B& b) {
  return where(m, Vec<T, N>(a), Vec<T, N>(b));
}

/// The same bits as integers, and back.
template <class T, int N>
GRADUS_INLINE Vec<int_of<T>, N> as_int(const Vec<T, N>& x) {
  return Vec<int_of<T>, N>((typename Vec<T, N>::I)x.v);
}
template <class T, int N>
GRADUS_INLINE Vec<T, N> as_float(const Vec<int_of<T>, N>& x) {
  return Vec<T, N>((typename Vec<T, N>::R)x.v);
}

namespace detail {
template <int N>
struct Bytes {
  typedef int8_t type __attribute__((vector_size(N)));
};

template <class T, int N>
GRADUS_AVX512 void to_bytes_512(const Vec<T, N>& x, Bytes<16>::type& r) {
  const Bytes<16>::type ones = Bytes<16>::type{} + 1;
  if constexpr (sizeof(T) == 4)
    asm("vptestmd %1, %1, %%k1\n\tvmovdqu8 %2, %0%{%%k1%}%{z%}" : "=v"(r) : "v"(x.v), "v"(ones) : "k1");
  else
    asm("vptestmq %1, %1, %%k1\n\tvmovdqu8 %2, %0%{%%k1%}%{z%}" : "=v"(r) : "v"(x.v), "v"(ones) : "k1");
}
template <class T, int N>
GRADUS_AVX512 void from_bytes_512(const bool* p, Vec<T, N>& x) {
  const Vec<T, N> ones(1);
  typename Bytes<N>::type bytes;
  std::memcpy(&bytes, p, N);
  if constexpr (sizeof(T) == 4)
    asm("vptestmb %1, %1, %%k1\n\tvmovdqu32 %2, %0%{%%k1%}%{z%}" : "=v"(x.v) : "v"(bytes), "v"(ones.v) : "k1");
  else
    asm("vptestmb %1, %1, %%k1\n\tvmovdqu64 %2, %0%{%%k1%}%{z%}" : "=v"(x.v) : "x"(bytes), "v"(ones.v) : "k1");
}

template <class T, int N>
GRADUS_INLINE typename Bytes<N>::type to_bytes(const Vec<T, N>& x) {
  typename Bytes<N>::type r;
  if constexpr (sizeof(x) == 64) {
    Bytes<16>::type all;
    to_bytes_512(x, all);
    std::memcpy(&r, &all, N);
  } else {
    r = __builtin_convertvector(x.v != 0, typename Bytes<N>::type) & 1;
  }
  return r;
}
}  // namespace detail

/// x != 0 of every lane as a byte, 1 or 0.
template <class T, int N>
GRADUS_INLINE void store_bytes(const Vec<T, N>& x, bool* to) {
  const auto bytes = detail::to_bytes(x);
  std::memcpy(to, &bytes, N);
}
/// The same past the caches, to a multiple of N bytes, where there is such an instruction: see stream.h.
template <class T, int N>
GRADUS_INLINE void stream_bytes(const Vec<T, N>& x, bool* to) {
#if defined(__x86_64__)
  const auto bytes = detail::to_bytes(x);
  if constexpr (N == 16) {
    asm("movntps %1, %0" : "=m"(*reinterpret_cast<typename detail::Bytes<16>::type*>(to)) : "x"(bytes));
  } else if constexpr (N == 8) {
    uint64_t whole;
    std::memcpy(&whole, &bytes, N);
    asm("movnti %1, %0" : "=m"(*reinterpret_cast<typename detail::Bytes<8>::type*>(to)) : "r"(whole));
  } else {
    std::memcpy(to, &bytes, N);
  }
#else
  store_bytes(x, to);
#endif
}
/// 1 in the lanes whose byte is not 0, else 0.
template <class V>
GRADUS_INLINE V load_bytes(const bool* p) {
  using T = typename V::value_type;
  constexpr int N = V::size;
  V x;
  if constexpr (sizeof(V) == 64) {
    detail::from_bytes_512(p, x);
  } else {
    typename detail::Bytes<N>::type bytes;
    std::memcpy(&bytes, p, N);
    x.v = __builtin_convertvector(__builtin_convertvector(bytes, typename Vec<simd::int_of<T>, N>::R), typename V::R);
  }
  return x;
}

/// a b + c, contracted to one rounding where the instruction set can.
template <class T, int N>
GRADUS_INLINE Vec<T, N> fma(const Vec<T, N>& a, const Vec<T, N>& b, const Vec<T, N>& c) {
  return Vec<T, N>(a.v * b.v + c.v);
}

/// The lanes brought to one as a fixed tree: f of the halves until one is left.
template <class T, int N, class F>
GRADUS_INLINE T reduce(const Vec<T, N>& x, const F& f) {
  if constexpr (N == 1) {
    return x.v[0];
  } else {
    T lanes[N];
    x.store(lanes);
    return reduce(f(Vec<T, N / 2>::load(lanes), Vec<T, N / 2>::load(lanes + N / 2)), f);
  }
}

/// Sum of the lanes.
template <class T, int N>
GRADUS_INLINE T reduce_add(const Vec<T, N>& x) {
  return reduce(x, [](const auto& a, const auto& b) { return a + b; });
}

/// Asks the memory for what is used 8 KiB later, to read it, or to write it where it is not const: a core alone asks
/// too little, and too late where a store misses. 4 KiB where several streams are read at a time.
template <int64_t Bytes = 8192, class T>
GRADUS_INLINE void ask_ahead(const T* p) {
  __builtin_prefetch(p + Bytes / sizeof(T), 0, 3);
}
template <int64_t Bytes = 8192, class T>
GRADUS_INLINE void ask_ahead(T* p) {
  __builtin_prefetch(p + Bytes / sizeof(T), 1, 3);
}

/// Where a loop's numbers lie: in a cache; in memory, and are asked for ahead; in memory, and so many that the result
/// is written past the caches; or in a cache less than a vector of them.
enum class Place : int { cached, memory, streamed, part };

/// Keeps the compiler from knowing what p is.
GRADUS_INLINE void opaque(Place& p) { asm("" : "+r"(p)); }

// ---- one source, several instruction sets ---------------------------------------------------------------------

template <Isa I>
struct Arch {
  static constexpr Isa isa = I;
  static constexpr int bytes = I == Isa::avx512 ? 64 : I == Isa::avx2 ? 32 : 16;
  template <class T>
  using vec = Vec<T, bytes / static_cast<int>(sizeof(T))>;
};

namespace detail {
// K::run<Arch>(args...) is inlined whole into a function that may use the set's instructions.
template <class K, class... A>
GRADUS_AVX512 [[gnu::flatten]] void run_avx512(A... a) {
  K::template run<Arch<Isa::avx512>>(a...);
}
template <class K, class... A>
[[gnu::target("avx2,fma"), gnu::flatten]] void run_avx2(A... a) {
  K::template run<Arch<Isa::avx2>>(a...);
}
template <class K, class... A>
[[gnu::flatten]] void run_base(A... a) {
  K::template run<Arch<Isa::base>>(a...);
}
}  // namespace detail

// The widest set compiled. Without optimization nothing is inlined, and the sanitizers need minutes for every set: the
// address sanitizer, which must see wide loads and stores, gets two. GRADUS_BASE_SET: measuring coverage needs but one.
#if defined(__OPTIMIZE__) && defined(__x86_64__) && !defined(GRADUS_BASE_SET)
constexpr Isa widest = thread_sanitizer ? Isa::base : address_sanitizer ? Isa::avx2 : Isa::avx512;
#else
constexpr Isa widest = Isa::base;
#endif

/// The instantiation of K::run for this processor. K has `template <class Arch> GRADUS_INLINE static void run(A...)`,
/// whose arguments are pointers and numbers.
template <class K, class... A>
auto entry() -> void (*)(A...) {
  [[maybe_unused]] const Isa best = isa();
  if constexpr (widest >= Isa::avx512)
    if (best == Isa::avx512) return &detail::run_avx512<K, A...>;
  if constexpr (widest >= Isa::avx2)
    if (best >= Isa::avx2) return &detail::run_avx2<K, A...>;
  return &detail::run_base<K, A...>;
}

template <class K, class... A>
void call(A... a) {
  entry<K, A...>()(a...);
}

}  // namespace gradus::simd
