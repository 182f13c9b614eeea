// Large blocks: pieces of segments that the system gave, cut from the smallest free piece that is large enough and
// joined again with free neighbours. Blocks of many sizes so share the memory that blocks of size classes would each
// hold.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace gradus::detail {

class LargeBlocks {
 public:
  /// What a block of so many bytes takes.
  static size_t rounded(size_t bytes);

  /// A block from what is free here, aligned to 64; null where no piece is large enough. Throws std::bad_alloc.
  void* take(size_t bytes);
  /// The same from a new segment of at least `rounded(bytes)` and at most `most` bytes. Null where the system refuses.
  void* take_new(size_t bytes, size_t most);
  void give_back(void* p) noexcept;
  /// Gives segments of which nothing is in use back to the system.
  void release() noexcept;
  /// Bytes of all segments.
  int64_t held() const { return held_.load(std::memory_order_relaxed); }

 private:
  struct Piece {
    char* at;
    size_t bytes;
    bool used;
    bool first;  // of its segment
  };
  using Pieces = std::vector<Piece>;

  void* cut(size_t i, size_t bytes);
  bool whole(size_t i) const;

  std::mutex mutex_;
  Pieces pieces_;  // in the order of their addresses
  size_t colour_ = 0;
  std::atomic<int64_t> held_{0};
};

}  // namespace gradus::detail
