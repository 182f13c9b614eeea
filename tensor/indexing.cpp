#include "gradus/tensor/indexing.h"

#include <ostream>
#include <string_view>

#include "gradus/tensor/tensor.h"

namespace gradus::indexing {

Slice::Slice(std::optional<int64_t> start, std::optional<int64_t> stop, std::optional<int64_t> step)
    : step_(step.value_or(1)) {
  check(step_ != 0, "slice step cannot be zero");
  start_ = start.value_or(step_ < 0 ? INDEX_MAX : 0);
  stop_ = stop.value_or(step_ < 0 ? INDEX_MIN : INDEX_MAX);
}

std::ostream& operator<<(std::ostream& out, const Slice& s) {
  return out << s.start() << ":" << s.stop() << ":" << s.step();
}

TensorIndex::TensorIndex(const char* dots) : kind_(Kind::ellipsis) {
  check(std::string_view(dots) == "...", "Expected \"...\" to represent an ellipsis index, but got \"", dots, "\"");
}

TensorIndex::TensorIndex(const Tensor& t) : kind_(Kind::tensor), tensor_(t.impl()) {
  check(t.defined(), "index: expected a tensor, but got an undefined one");
}

Tensor TensorIndex::tensor() const { return Tensor(tensor_); }

std::ostream& operator<<(std::ostream& out, const TensorIndex& i) {
  switch (i.kind()) {
    case TensorIndex::Kind::none:
      return out << "None";
    case TensorIndex::Kind::ellipsis:
      return out << "...";
    case TensorIndex::Kind::integer:
      return out << i.integer();
    case TensorIndex::Kind::boolean:
      return out << (i.boolean() ? "true" : "false");
    case TensorIndex::Kind::slice:
      return out << i.slice();
    case TensorIndex::Kind::tensor:
      return out << i.tensor();
  }
  return out;
}

}  // namespace gradus::indexing
