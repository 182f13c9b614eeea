// Python's indexing in C++: x.index({Slice(1, 3), None, "...", i, mask}).
#pragma once
#include <limits>
#include <optional>
#include <vector>

#include "gradus/tensor/impl.h"

namespace gradus {

class Tensor;

namespace indexing {

inline constexpr int64_t INDEX_MIN = (std::numeric_limits<int64_t>::min)();
inline constexpr int64_t INDEX_MAX = (std::numeric_limits<int64_t>::max)();

struct EllipsisIndexType {};
inline constexpr EllipsisIndexType Ellipsis{};
inline constexpr std::nullopt_t None = std::nullopt;

/// start:stop:step, each optional.
class Slice {
 public:
  Slice(std::optional<int64_t> start = std::nullopt, std::optional<int64_t> stop = std::nullopt,
        std::optional<int64_t> step = std::nullopt);
  int64_t start() const { return start_; }
  int64_t stop() const { return stop_; }
  int64_t step() const { return step_; }

 private:
  int64_t start_, stop_, step_;
};
std::ostream& operator<<(std::ostream& out, const Slice& s);

/// One element of an index list: an integer, a bool, None, Ellipsis or "...", a Slice, or a tensor of integers or
/// bools.
class TensorIndex {
 public:
  enum class Kind { none, ellipsis, integer, boolean, slice, tensor };
  TensorIndex(std::nullopt_t) : kind_(Kind::none) {}
  TensorIndex(EllipsisIndexType) : kind_(Kind::ellipsis) {}
  TensorIndex(const char* dots);
  template <class I, class = std::enable_if_t<std::is_integral_v<I>>>
  TensorIndex(I v)
      : kind_(std::is_same_v<I, bool> ? Kind::boolean : Kind::integer), integer_(static_cast<int64_t>(v)) {}
  TensorIndex(Slice s) : kind_(Kind::slice), slice_(s) {}
  TensorIndex(const Tensor& t);

  Kind kind() const { return kind_; }
  bool is_none() const { return kind_ == Kind::none; }
  bool is_ellipsis() const { return kind_ == Kind::ellipsis; }
  bool is_integer() const { return kind_ == Kind::integer; }
  bool is_boolean() const { return kind_ == Kind::boolean; }
  bool is_slice() const { return kind_ == Kind::slice; }
  bool is_tensor() const { return kind_ == Kind::tensor; }
  int64_t integer() const { return integer_; }
  bool boolean() const { return integer_ != 0; }
  const Slice& slice() const { return slice_; }
  Tensor tensor() const;

 private:
  Kind kind_;
  int64_t integer_ = 0;
  Slice slice_;
  Intrusive<TensorImpl> tensor_;
};
std::ostream& operator<<(std::ostream& out, const TensorIndex& i);

}  // namespace indexing
}  // namespace gradus
