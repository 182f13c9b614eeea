// GRADUS_ARG: an option with its setter, which chains, and its getter. `TORCH_ARG` for ported programs.
#pragma once
#include <utility>

/// GRADUS_ARG(double, lr) = 1e-3; declares lr(value), lr() and the member lr_.
#define GRADUS_ARG(T, name)                                \
 public:                                                   \
  auto name(const T& value)->decltype(*this) {             \
    this->name##_ = value;                                 \
    return *this;                                          \
  }                                                        \
  auto name(T&& value)->decltype(*this) {                  \
    this->name##_ = std::move(value);                      \
    return *this;                                          \
  }                                                        \
  const T& name() const noexcept { return this->name##_; } \
  T& name() noexcept { return this->name##_; }             \
                                                           \
 private:                                                  \
  T name##_
