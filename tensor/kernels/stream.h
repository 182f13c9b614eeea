// Results larger than the last cache: written past it, so that the memory they overwrite is not read first.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/kernels/simd_bits.h"
#include "gradus/tensor/kernels/sweep.h"

namespace gradus::kernels {

/// Would so many bytes push everything else out of the last cache, and their own beginning too?
bool overflows_cache(int64_t bytes);
/// Results of more bytes than that are streamed from here on: three quarters of the last cache at first. What was set
/// before.
int64_t set_streamed_above(int64_t bytes);

/// Copies what lies in a cache to where nothing is read soon. fence_streams() is to follow the last of them.
void stream_copy(void* to, const void* from, int64_t bytes);

/// What was written past the caches comes before what this thread writes from here on.
inline void fence_streams() {
#if defined(__x86_64__)
  asm volatile("sfence" ::: "memory");
#endif
}

/// Rows of so many elements are computed two or three at a time, by a RowStream: shorter ones would cost more between
/// them, longer ones would leave the cache.
template <class T>
bool streams_rows(int64_t rows, int64_t n) {
  return n >= 128 && n <= 8192 && overflows_cache(rows * n * static_cast<int64_t>(sizeof(T)));
}

inline constexpr int64_t streamed_chunk = 131072;  // elements of rows that a thread takes at a time
/// Elements of working memory for a row of n that may begin anywhere in a vector.
inline int64_t padded(int64_t n) { return (n + 15) / 16 * 16 + 16; }

/// What belongs to the elements of every row, beside rows that begin anywhere in a vector. If Turns, whole cache lines
/// are loaded and turned, as loads that cross lines of two such rows take longer than the memory.
template <class V, bool Turns>
class RowParameters {
  using T = typename V::value_type;
  static_assert(!Turns || simd::Turned<T, V::size>::value);

 public:
  /// n elements, null for none; work is for padded(n) elements, aligned.
  GRADUS_INLINE RowParameters(const T* from, int64_t n, T* work) : p_(from) {
    if (!Turns || !from) return;
    std::copy_n(from, n, work);
    p_ = work;
  }
  explicit operator bool() const { return p_; }
  /// Before a row whose first vector begins at its element `head`.
  GRADUS_INLINE void begin(int64_t head) {
    if constexpr (Turns) {
      head_ = head;
      turned_.by(head);
      if (p_) line_ = V::load(p_);
    }
  }
  /// Those from element i on: 0, if there are some before the first vector, then i = head and so on, one vector a call.
  template <class Part>
  GRADUS_RUNS_FORMULA V next(int64_t i, const Part& part) {
    if constexpr (Turns) {
      if (i < head_) return line_;
      const V following = V::load(p_ + (i - head_) + V::size), r = turned_(line_, following);
      line_ = following;
      return r;
    } else {
      return part.load(p_ + i);
    }
  }

 private:
  const T* p_;
  int64_t head_ = 0;
  V line_;
  simd::Turned<T, V::size> turned_;
};

/// Streams rows that lie one after the other. A vector that two rows share is kept until it is whole: stored in parts,
/// it would be read from memory, and all stores behind it wait for that.
template <class V>
class RowStream {
  using T = typename V::value_type;
  static constexpr int64_t s = V::size;

 public:
  /// Elements before the first vector that is streamed to a row at `to`.
  static int64_t head(const T* to) {
    return (s - static_cast<int64_t>(reinterpret_cast<uintptr_t>(to) / sizeof(T) % s)) % s;
  }
  /// A row of n elements at `to`: for every vector of it stages(i, part), as sweep() calls it, and result(i, part), of
  /// another row's results, in one loop, so that what computes and what waits for memory overlap.
  template <class F, class G>
  GRADUS_RUNS_FORMULA void row(int64_t n, T* to, const F& stages, const G& result) {
    int64_t i = head(to);
    if (i) {
      stages(int64_t{0}, Rest<V>{i});
      Rest<V>{i}.store(shared_ + s - i, result(int64_t{0}, Rest<V>{i}));
      if (kept_)
        V::load(shared_).stream(to + i - s);
      else
        V::load(shared_ + s - i, i).store(to, i);
    }
    for (; i + s <= n; i += s) {
      stages(i, Whole<V>());
      result(i, Whole<V>()).stream(to + i);
    }
    kept_ = n - i;
    end_ = to + i;
    if (!kept_) return;
    stages(i, Rest<V>{kept_});
    Rest<V>{kept_}.store(shared_, result(i, Rest<V>{kept_}));
  }
  /// After the last row.
  GRADUS_INLINE void finish() {
    if (kept_) V::load(shared_, kept_).store(end_, kept_);
  }

 private:
  alignas(64) T shared_[s] = {};
  T* end_ = nullptr;
  int64_t kept_ = 0;  // elements of the last row in shared_
};

}  // namespace gradus::kernels
