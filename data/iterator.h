// The input iterator over the batches of a loader.
#pragma once
#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>

#include "gradus/tensor/error.h"

namespace gradus::data {

/// Batches one after the other, the first fetched when it is first asked for. Copies share their position.
template <class Batch>
class Iterator {
 public:
  using difference_type = std::ptrdiff_t;
  using value_type = Batch;
  using pointer = Batch*;
  using reference = Batch&;
  using iterator_category = std::input_iterator_tag;

  /// The end.
  Iterator() = default;
  explicit Iterator(std::function<std::optional<Batch>()> next) : state_(std::make_shared<State>()) {
    state_->next = std::move(next);
  }

  Iterator& operator++() {
    check(state_ != nullptr, "Incrementing the DataLoader's past-the-end iterator is not allowed");
    check(current().has_value(), "Attempted to increment iterator past the end");
    state_->batch = state_->next();
    return *this;
  }

  Batch& operator*() const {
    check(state_ != nullptr, "Dereferencing the DataLoader's past-the-end iterator is not allowed");
    check(current().has_value(), "Attempted to dereference iterator that was past the end");
    return *state_->batch;
  }
  Batch* operator->() const { return &**this; }

  bool operator==(const Iterator& other) const {
    if (state_ == other.state_) return true;
    if (state_ && other.state_) return false;
    return !(state_ ? current() : other.current()).has_value();
  }
  bool operator!=(const Iterator& other) const { return !(*this == other); }

 private:
  struct State {
    std::function<std::optional<Batch>()> next;
    std::optional<Batch> batch;
    bool started = false;
  };

  std::optional<Batch>& current() const {
    if (!state_->started) {
      state_->batch = state_->next();
      state_->started = true;
    }
    return state_->batch;
  }

  std::shared_ptr<State> state_;
};

}  // namespace gradus::data
