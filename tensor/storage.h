// Storage: bytes, their owner, and the version counter that every tensor and view on them shares.
#pragma once
#include <functional>

#include "gradus/tensor/intrusive.h"

namespace gradus {

class Storage : public Counted {
 public:
  /// `bytes` of fresh memory, 64-byte aligned and padded to a multiple of 64; header and data are one block, and in it
  /// also `room` bytes for the tensor that owns them.
  static Intrusive<Storage> create(size_t bytes, size_t room = 0);
  void* room() { return reinterpret_cast<char*>(this) + header; }
  /// Memory of somebody else; `deleter` is called with `data` when the last tensor goes.
  static Intrusive<Storage> wrap(void* data, size_t bytes, std::function<void(void*)> deleter);
  static void destroy(Storage* s);

  static constexpr size_t header = 64;  // what a Storage takes of its block

  void* data() const { return data_; }
  size_t nbytes() const { return bytes_; }
  bool owns() const { return owns_; }
  /// Grows or shrinks, keeping what fits; memory that was wrapped cannot be resized.
  void resize(size_t bytes);

  uint32_t version() const { return version_.load(std::memory_order_relaxed); }
  void bump() { version_.fetch_add(1, std::memory_order_relaxed); }
  /// To a count above another storage's: a tensor that changes from that one to this has visibly changed.
  void bump_past(uint32_t other) {
    const uint32_t own = version();
    version_.store((own < other ? other : own) + 1, std::memory_order_relaxed);
  }

 private:
  Storage() = default;
  ~Storage() = default;
  static void* operator new(size_t, void* at) { return at; }
  void release_data();

  std::atomic<uint32_t> version_{0};
  bool owns_ = true;
  void* data_ = nullptr;
  size_t bytes_ = 0;
  size_t block_ = 0;  // size of the block that holds this header
  size_t space_ = 0;  // of it, bytes for elements
  size_t moved_ = 0;  // size of the separate block that holds the data after a resize, or 0
  std::function<void(void*)>* deleter_ = nullptr;
};

}  // namespace gradus
