// What every use of oneDNN shares: the engine, threads, errors, and a cache of compiled primitives.
#pragma once
#if defined(GRADUS_ONEDNN)
#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <oneapi/dnnl/dnnl.hpp>
#include <utility>

#include "gradus/tensor/error.h"

namespace gradus::kernels::onednn {

dnnl::engine& engine();
/// The stream of this thread.
dnnl::stream& stream();

/// oneDNN computes on the calling thread alone while one of these lives: work is dealt to threads by parallel_for. Its
/// OpenMP setting belongs to the calling thread and is put back.
class OneThread {
 public:
  OneThread();
  ~OneThread();
  OneThread(const OneThread&) = delete;

 private:
  int old_;
};

/// Runs f, turning oneDNN's errors into gradus::Error that begins with the operation's name.
template <class F>
decltype(auto) guarded(const char* operation, const F& f) {
  try {
    return f();
  } catch (const dnnl::error& e) {
    fail(operation, ": oneDNN failed with status ", static_cast<int>(e.status), ": ", e.what());
  }
}

/// Shape and attributes: all that a compiled primitive depends on; unused places are zero.
using Key = std::array<int64_t, 28>;

/// A bounded map that forgets the value unused for longest; safe to use from several threads.
template <class Value>
class Cache {
 public:
  explicit Cache(size_t capacity) : capacity_(capacity) {}

  /// The value of `key`, made by `make` if it is not there. Two threads may make it at once; the first stays.
  template <class Make>
  std::shared_ptr<const Value> get(const Key& key, const Make& make) {
    {
      std::lock_guard lock(mutex_);
      if (auto found = index_.find(key); found != index_.end()) {
        order_.splice(order_.begin(), order_, found->second);
        return found->second->second;
      }
    }
    std::shared_ptr<const Value> value = std::make_shared<const Value>(make());
    std::lock_guard lock(mutex_);
    if (auto found = index_.find(key); found != index_.end()) return found->second->second;
    std::list<Entry> fresh;
    fresh.emplace_front(key, value);
    index_.emplace(key, fresh.begin());
    order_.splice(order_.begin(), fresh);
    if (order_.size() > capacity_) {
      index_.erase(order_.back().first);
      order_.pop_back();
    }
    return value;
  }

  size_t size() const {
    std::lock_guard lock(mutex_);
    return order_.size();
  }

 private:
  using Entry = std::pair<Key, std::shared_ptr<const Value>>;
  size_t capacity_;
  mutable std::mutex mutex_;
  std::list<Entry> order_;
  std::map<Key, typename std::list<Entry>::iterator> index_;
};

}  // namespace gradus::kernels::onednn
#endif
