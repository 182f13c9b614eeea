#include "gradus/tensor/allocator_large.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>

namespace gradus::detail {
namespace {

constexpr size_t page = 4096, huge_page = size_t{2} << 20;
constexpr size_t common_segment = size_t{16} << 20;  // for blocks that are smaller than half of it
constexpr size_t colours = 7, colour_step = 9 * 64;  // a block begins at one of so many places of its first page
constexpr size_t least_rest = 64 * 1024;             // what is left of a piece below that stays with the block

constexpr size_t round_up(size_t n, size_t to) { return (n + to - 1) / to * to; }

/// Fresh memory that begins with a huge page; null where there is none. What of the first `used` bytes does not fill a
/// huge page stays on small ones, so that what lies behind is not held before it is used.
char* map(size_t bytes, size_t used) {
  void* const p = mmap(nullptr, bytes + huge_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) return nullptr;
  char* const begin = static_cast<char*>(p);
  const size_t skip = round_up(reinterpret_cast<uintptr_t>(p), huge_page) - reinterpret_cast<uintptr_t>(p);
  if (skip > 0) munmap(begin, skip);
  munmap(begin + skip + bytes, huge_page - skip);
  if (bytes >= 2 * huge_page) madvise(begin + skip, used / huge_page * huge_page, MADV_HUGEPAGE);
  return begin + skip;
}

}  // namespace

size_t LargeBlocks::rounded(size_t bytes) { return round_up(bytes + (colours - 1) * colour_step, page); }

void* LargeBlocks::take(size_t bytes) {
  const size_t need = rounded(bytes);
  const std::lock_guard lock(mutex_);
  size_t best = pieces_.size();
  for (size_t i = 0; i < pieces_.size(); ++i)
    if (!pieces_[i].used && pieces_[i].bytes >= need &&
        (best == pieces_.size() || pieces_[i].bytes < pieces_[best].bytes))
      best = i;
  return best < pieces_.size() ? cut(best, need) : nullptr;
}

/// The first `bytes` of a free piece; the rest becomes a piece of its own. Blocks that a loop goes through together
/// must not all begin at the same place of a page: they would contend for the same sets of the caches.
void* LargeBlocks::cut(size_t i, size_t bytes) {
  const size_t rest = pieces_[i].bytes - bytes;
  if (rest >= least_rest) {
    const Piece behind{pieces_[i].at + bytes, rest, false, false};
    pieces_.insert(pieces_.begin() + static_cast<int64_t>(i) + 1, behind);
    pieces_[i].bytes = bytes;
  }
  pieces_[i].used = true;
  colour_ = (colour_ + 1) % colours;
  return pieces_[i].at + colour_ * colour_step;
}

void* LargeBlocks::take_new(size_t bytes, size_t most) {
  const size_t need = rounded(bytes);
  const size_t wanted = need < common_segment / 2 ? common_segment : round_up(need, huge_page);
  const size_t segment = std::max(need, std::min(wanted, most / page * page));
  const std::lock_guard lock(mutex_);
  pieces_.reserve(pieces_.size() + 2);
  char* const at = map(segment, need < common_segment / 2 ? segment : need);
  if (!at) return nullptr;
  held_.fetch_add(static_cast<int64_t>(segment), std::memory_order_relaxed);
  const auto place =
      std::upper_bound(pieces_.begin(), pieces_.end(), at, [](char* p, const Piece& x) { return p < x.at; });
  const auto piece = pieces_.insert(place, {at, segment, false, true});
  return cut(static_cast<size_t>(piece - pieces_.begin()), need);
}

void LargeBlocks::give_back(void* p) noexcept {
  const std::lock_guard lock(mutex_);
  auto at = std::upper_bound(pieces_.begin(), pieces_.end(), p, [](void* q, const Piece& x) { return q < x.at; }) - 1;
  at->used = false;
  const auto joins = [&](Pieces::iterator behind) {
    return behind != pieces_.end() && behind != pieces_.begin() && !behind->used && !behind->first &&
           !(behind - 1)->used;
  };
  if (joins(at + 1)) {
    at->bytes += (at + 1)->bytes;
    pieces_.erase(at + 1);
  }
  if (joins(at)) {
    (at - 1)->bytes += at->bytes;
    pieces_.erase(at);
  }
}

/// True for a free piece that is all of its segment.
bool LargeBlocks::whole(size_t i) const {
  return !pieces_[i].used && pieces_[i].first && (i + 1 == pieces_.size() || pieces_[i + 1].first);
}

void LargeBlocks::release() noexcept {
  const std::lock_guard lock(mutex_);
  for (size_t i = pieces_.size(); i-- > 0;) {
    if (!whole(i)) continue;
    held_.fetch_sub(static_cast<int64_t>(pieces_[i].bytes), std::memory_order_relaxed);
    munmap(pieces_[i].at, pieces_[i].bytes);
    pieces_.erase(pieces_.begin() + static_cast<int64_t>(i));
  }
}

}  // namespace gradus::detail
