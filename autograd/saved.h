// Saved: a tensor that backward will need. An in-place change in between is found and named.
#pragma once
#include "gradus/autograd/node.h"

namespace gradus {

class Saved {
 public:
  Saved() = default;
  /// An input, with its history.
  explicit Saved(const Tensor& t);
  /// An output of the node that saves it: its elements only, for the node must not own itself.
  static Saved output(const Tensor& t, uint32_t nr = 0);
  bool defined() const { return t_.defined(); }
  /// The tensor; `self` is the node that saved it. Throws if it was changed in place since.
  Tensor get(Node& self) const;

 private:
  Tensor t_;
  uint32_t version_ = 0;
  uint32_t nr_ = 0;
  bool is_output_ = false;
};

}  // namespace gradus
