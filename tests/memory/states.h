// States to compare: what a call that failed must not have changed.
#pragma once
#include <string>

#include "gradus/gradus.h"

namespace memory_tests {

using gradus::StateDict;
using gradus::Tensor;

inline bool same_bits(const Tensor& a, const Tensor& b) {
  return a.sizes() == b.sizes() && a.scalar_type() == b.scalar_type() && a.equal(b);
}

/// Names what differs, nothing when nothing does.
inline std::string difference(const StateDict& a, const StateDict& b) {
  if (a.size() != b.size()) return "number of tensors";
  for (const auto& item : a) {
    const Tensor* other = b.find(item.key());
    if (!other || !same_bits(item.value(), *other)) return item.key();
  }
  return "";
}

inline StateDict copy_of(const StateDict& d) {
  StateDict r;
  for (const auto& item : d) r.insert(item.key(), item.value().detach().clone());
  return r;
}

}  // namespace memory_tests
