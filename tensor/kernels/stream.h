// Results larger than the last cache: written past it, so that the memory they overwrite is not read first.
#pragma once
#include <cstddef>
#include <cstdint>

#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/kernels/simd.h"
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

/// Rows of so many elements are computed three at a time, by a RowStream: shorter ones would cost more between them,
/// longer ones would leave the cache.
template <class T>
bool streams_rows(int64_t rows, int64_t n) {
  return n >= 128 && n <= 8192 && overflows_cache(rows * n * static_cast<int64_t>(sizeof(T)));
}

inline constexpr int64_t streamed_chunk = 131072;  // elements of rows that a thread takes at a time
/// Elements of working memory for a row of n that may begin anywhere in a vector.
inline int64_t padded(int64_t n) { return (n + 15) / 16 * 16 + 16; }

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
