// What rows of losses share: a loss in its three reductions.
#pragma once
#include <string>

#include "table.h"

namespace table {

inline constexpr const char* reduction_names[] = {"none", "mean", "sum"};

/// The values, reduced; `weights` is what a mean divides by, the number of values unless given.
inline Array reduce(Array values, int64_t reduction, double weights = -1) {
  if (reduction == gradus::Reduction::None) return values;
  double sum = 0;
  for (double v : values.v) sum += v;
  if (reduction == gradus::Reduction::Mean) sum /= weights < 0 ? static_cast<double>(values.v.size()) : weights;
  return {{}, {sum}};
}

using Loss = std::function<Tensor(const Tensors&, int64_t)>;

/// Rows of a loss whose values are known, one a reduction.
inline void add_reductions(std::vector<Row>& rows, const char* op, const char* variant, Loss loss, Reference values,
                           std::vector<Input> in, bool smooth = true) {
  for (int64_t reduction : {gradus::Reduction::None, gradus::Reduction::Mean, gradus::Reduction::Sum}) {
    Row r{op, std::string(variant) + reduction_names[reduction], [=](auto& x) { return loss(x, reduction); }, in,
          [=](const std::vector<Array>& a) { return reduce(values(a), reduction); }};
    r.smooth = smooth;
    rows.push_back(std::move(r));
  }
}

inline Reference formula(double (*f)(double, double)) { return pointwise(std::function<double(double, double)>(f)); }
inline Reference formula(double (*f)(double, double, double)) {
  return pointwise(std::function<double(double, double, double)>(f));
}

}  // namespace table
