#include "gradus/nn/functional/padding.h"

#include <algorithm>

#include "gradus/autograd/ops/index.h"
#include "gradus/autograd/ops/join.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/literal.h"

namespace gradus::nn::functional {
namespace {

Tensor constant(const Tensor& x, int64_t dim, int64_t before, int64_t after, double value) {
  const int64_t from = std::max<int64_t>(0, -before);
  const int64_t length = x.size(dim) - from - std::max<int64_t>(0, -after);
  check(length >= 0, "pad: the padding cuts off more than there is, got ", x.sizes(), " and ", before, ", ", after);
  const Tensor middle = x.narrow(dim, from, length);
  auto edge = [&](int64_t n) {
    Sizes sizes(x.sizes());
    sizes[static_cast<size_t>(dim)] = n;
    return full(sizes, value, x.options());
  };
  std::vector<Tensor> parts;
  if (before > 0) parts.push_back(edge(before));
  parts.push_back(middle);
  if (after > 0) parts.push_back(edge(after));
  return parts.size() == 1 ? middle : cat(parts, dim);
}

// The elements of x that stand at -before ... size + after - 1 along dim.
Tensor pick(const Tensor& x, int64_t dim, int64_t before, int64_t after, const PadFuncOptions::mode_t& mode) {
  const int64_t n = x.size(dim);
  const bool reflect = std::holds_alternative<enumtype::kReflect>(mode);
  const bool circular = std::holds_alternative<enumtype::kCircular>(mode);
  const int64_t most = std::max(before, after);
  check(before >= 0 && after >= 0, "pad: expected a padding of at least 0 in this mode, got ", before, ", ", after);
  if (reflect)
    check(most < n, "Padding size should be less than the corresponding input dimension, but got: padding (", before,
          ", ", after, ") at dimension ", dim, " of input ", x.sizes());
  if (circular) check(most <= n, "Padding value causes wrapping around more than once.");
  check(n > 0, "pad: expected a dimension that is not empty, got ", x.sizes());
  std::vector<int64_t> index;
  for (int64_t i = -before; i < n + after; ++i) {
    if (reflect)
      index.push_back(i < 0 ? -i : i < n ? i : 2 * (n - 1) - i);
    else
      index.push_back(circular ? (i + n) % n : std::clamp<int64_t>(i, 0, n - 1));
  }
  return x.index_select(dim, tensor(index));
}

}  // namespace

Tensor pad(const Tensor& x, const PadFuncOptions& options) {
  const auto& pad = options.pad();
  check(pad.size() % 2 == 0, "Padding length must be divisible by 2, got ", pad.size());
  check(static_cast<int64_t>(pad.size() / 2) <= x.dim(), "Padding length too large, got ", pad.size(), " for ",
        x.sizes());
  const bool zeros = std::holds_alternative<enumtype::kConstant>(options.mode());
  check(zeros || options.value() == 0, "Padding mode \"", enumtype::get_enum_name(options.mode()),
        "\" doesn't take in value argument");
  Tensor y = x;
  for (size_t i = 0; i < pad.size() / 2; ++i) {
    const int64_t dim = x.dim() - 1 - static_cast<int64_t>(i), before = pad[2 * i], after = pad[2 * i + 1];
    if (before == 0 && after == 0) continue;
    y = zeros ? constant(y, dim, before, after, options.value()) : pick(y, dim, before, after, options.mode());
  }
  return y;
}

}  // namespace gradus::nn::functional
