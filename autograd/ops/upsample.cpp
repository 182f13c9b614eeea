#include "gradus/autograd/ops/upsample.h"

#include <cmath>

#include "gradus/autograd/ops/index.h"
#include "gradus/autograd/ops/resample.h"
#include "gradus/autograd/wide.h"
#include "gradus/tensor/literal.h"

namespace gradus {
namespace {

/// One dimension: from `in` to `out` elements.
struct Axis {
  int64_t in, out;
  bool align_corners;
  OptionalScale scale;

  /// Elements of x to one of the result.
  double step() const {
    if (align_corners) return out > 1 ? static_cast<double>(in - 1) / static_cast<double>(out - 1) : 0;
    return scale && *scale > 0 ? 1 / *scale : static_cast<double>(in) / static_cast<double>(out);
  }
  /// The place of element i in x, in units of its elements.
  double place(int64_t i) const {
    return align_corners ? step() * static_cast<double>(i) : step() * (static_cast<double>(i) + 0.5) - 0.5;
  }
};

using Row = void (*)(const Axis& a, int64_t i, Taps& to);

// In single precision, as PyTorch does whatever the element type: elsewhere other elements would be picked.
int64_t nearest_source(const Axis& a, int64_t i) {
  if (a.in == a.out) return i;
  if (2 * a.in == a.out) return i / 2;
  return std::min(static_cast<int64_t>(std::floor(static_cast<float>(i) * static_cast<float>(a.step()))), a.in - 1);
}
void nearest(const Axis& a, int64_t i, Taps& to) { to.add(nearest_source(a, i), 1); }

int64_t exact_source(const Axis& a, int64_t i) {
  const auto place = static_cast<float>((static_cast<double>(i) + 0.5) * static_cast<float>(a.step()));
  return std::min(static_cast<int64_t>(std::floor(place)), a.in - 1);
}
void nearest_exact(const Axis& a, int64_t i, Taps& to) { to.add(exact_source(a, i), 1); }

void linear(const Axis& a, int64_t i, Taps& to) {
  const double place = std::max(0.0, a.place(i));
  const int64_t k = std::min(static_cast<int64_t>(place), a.in - 1);
  const double rest = std::clamp(place - static_cast<double>(k), 0.0, 1.0);
  to.add(k, 1 - rest);
  to.add(std::min(k + 1, a.in - 1), rest);
}

double cubic_filter(double x, double a) {
  x = std::abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

void cubic(const Axis& a, int64_t i, Taps& to) {
  const double place = a.place(i);
  const int64_t k = std::min(static_cast<int64_t>(std::floor(place)), a.in - 1);
  const double rest = std::clamp(place - static_cast<double>(k), 0.0, 1.0);
  for (int64_t j = -1; j <= 2; ++j)
    to.add(std::clamp<int64_t>(k + j, 0, a.in - 1), cubic_filter(rest - static_cast<double>(j), -0.75));
}

// A filter `reach` elements wide on each side, stretched where several elements of x go into one.
template <class Filter>
void antialiased(const Axis& a, int64_t i, Taps& to, double reach, const Filter& filter) {
  const double stretch = std::max(1.0, a.step()), center = a.step() * (static_cast<double>(i) + 0.5);
  const int64_t first = std::max<int64_t>(static_cast<int64_t>(center - reach * stretch + 0.5), 0);
  const int64_t last = std::min(static_cast<int64_t>(center + reach * stretch + 0.5), a.in);
  double total = 0;
  for (int64_t k = first; k < last; ++k) total += filter((static_cast<double>(k) - center + 0.5) / stretch);
  for (int64_t k = first; k < last; ++k) to.add(k, filter((static_cast<double>(k) - center + 0.5) / stretch) / total);
}
void linear_antialiased(const Axis& a, int64_t i, Taps& to) {
  antialiased(a, i, to, 1, [](double x) { return std::max(0.0, 1 - std::abs(x)); });
}
void cubic_antialiased(const Axis& a, int64_t i, Taps& to) {
  antialiased(a, i, to, 2, [](double x) { return cubic_filter(x, -0.5); });
}

struct Kind {
  const char* op;
  Row row;
  size_t dims;
};

std::shared_ptr<const Taps> taps_of(const Kind& kind, const Axis& a) {
  auto taps = std::make_shared<Taps>();
  taps->columns = a.in;
  for (int64_t i = 0; i < a.out; ++i) {
    kind.row(a, i, *taps);
    taps->end_row();
  }
  return taps;
}

void check_arguments(const Kind& kind, const Tensor& x, IntArrayRef size) {
  check(x.defined(), kind.op, ": expected a tensor, but got an undefined one");
  check(size.size() == kind.dims, kind.op, ": It is expected output_size equals to ", kind.dims, ", but got size ",
        size.size());
  check(x.dim() == static_cast<int64_t>(kind.dims) + 2, kind.op, ": It is expected input_size equals to ",
        kind.dims + 2, ", but got size ", x.dim());
  bool positive = true;
  for (size_t i = 0; i < kind.dims; ++i) positive &= size[i] > 0 && x.size(static_cast<int64_t>(i) + 2) > 0;
  check(positive, kind.op, ": Input and output sizes should be greater than 0, but got input ", x.sizes(),
        " and output ", size);
  check(x.size(1) > 0, kind.op, ": Non-empty ", kind.dims + 2, "D data tensor expected but got a tensor with sizes ",
        x.sizes());
}

using Scales = std::initializer_list<OptionalScale>;

// The dimensions one after the other, those first that shrink most. Unchanged ones are left out.
template <class Apply>
Tensor each_dimension(const Kind& kind, const Tensor& x, IntArrayRef size, bool align_corners, Scales scales,
                      const Apply& apply) {
  check_arguments(kind, x, size);
  std::vector<std::pair<double, size_t>> order;
  for (size_t i = 0; i < kind.dims; ++i)
    order.push_back({static_cast<double>(size[i]) / static_cast<double>(x.size(static_cast<int64_t>(i) + 2)), i});
  std::sort(order.begin(), order.end());
  Tensor y = x;
  for (const auto& [ratio, i] : order) {
    const auto dim = static_cast<int64_t>(i) + 2;
    const Axis axis{x.size(dim), size[i], align_corners, scales.begin()[i]};
    if (axis.in != axis.out || axis.step() != 1) y = apply(y, dim, axis);
  }
  return y.is_same(x) ? x.clone() : y;
}

Tensor resize(const Kind& kind, const Tensor& x, IntArrayRef size, bool align_corners, Scales scales) {
  auto apply = [&](const Tensor& y, int64_t dim, const Axis& axis) { return resample(y, dim, taps_of(kind, axis)); };
  const Tensor y = each_dimension(kind, wide(x), size, align_corners, scales, apply);
  return y.to(x.scalar_type());
}

// Bytes are picked, not summed.
Tensor pick(const Kind& kind, const Tensor& x, IntArrayRef size, Scales scales) {
  if (!x.defined() || x.scalar_type() != kByte) return resize(kind, x, size, false, scales);
  return each_dimension(kind, x, size, false, scales, [&](const Tensor& y, int64_t dim, const Axis& axis) {
    return index_select(y, dim, tensor(taps_of(kind, axis)->index));
  });
}

}  // namespace

Tensor upsample_nearest1d(const Tensor& x, IntArrayRef size, OptionalScale s) {
  return pick({"upsample_nearest1d", nearest, 1}, x, size, {s});
}
Tensor upsample_nearest2d(const Tensor& x, IntArrayRef size, OptionalScale h, OptionalScale w) {
  return pick({"upsample_nearest2d", nearest, 2}, x, size, {h, w});
}
Tensor upsample_nearest3d(const Tensor& x, IntArrayRef size, OptionalScale d, OptionalScale h, OptionalScale w) {
  return pick({"upsample_nearest3d", nearest, 3}, x, size, {d, h, w});
}
Tensor _upsample_nearest_exact1d(const Tensor& x, IntArrayRef size, OptionalScale s) {
  return pick({"_upsample_nearest_exact1d", nearest_exact, 1}, x, size, {s});
}
Tensor _upsample_nearest_exact2d(const Tensor& x, IntArrayRef size, OptionalScale h, OptionalScale w) {
  return pick({"_upsample_nearest_exact2d", nearest_exact, 2}, x, size, {h, w});
}
Tensor _upsample_nearest_exact3d(const Tensor& x, IntArrayRef size, OptionalScale d, OptionalScale h, OptionalScale w) {
  return pick({"_upsample_nearest_exact3d", nearest_exact, 3}, x, size, {d, h, w});
}
Tensor upsample_linear1d(const Tensor& x, IntArrayRef size, bool align_corners, OptionalScale s) {
  return resize({"upsample_linear1d", linear, 1}, x, size, align_corners, {s});
}
Tensor upsample_bilinear2d(const Tensor& x, IntArrayRef size, bool align_corners, OptionalScale h, OptionalScale w) {
  return resize({"upsample_bilinear2d", linear, 2}, x, size, align_corners, {h, w});
}
Tensor upsample_trilinear3d(const Tensor& x, IntArrayRef size, bool align_corners, OptionalScale d, OptionalScale h,
                            OptionalScale w) {
  return resize({"upsample_trilinear3d", linear, 3}, x, size, align_corners, {d, h, w});
}
Tensor upsample_bicubic2d(const Tensor& x, IntArrayRef size, bool align_corners, OptionalScale h, OptionalScale w) {
  return resize({"upsample_bicubic2d", cubic, 2}, x, size, align_corners, {h, w});
}
Tensor _upsample_bilinear2d_aa(const Tensor& x, IntArrayRef size, bool align_corners, OptionalScale h,
                               OptionalScale w) {
  return resize({"_upsample_bilinear2d_aa", linear_antialiased, 2}, x, size, align_corners, {h, w});
}
Tensor _upsample_bicubic2d_aa(const Tensor& x, IntArrayRef size, bool align_corners, OptionalScale h, OptionalScale w) {
  return resize({"_upsample_bicubic2d_aa", cubic_antialiased, 2}, x, size, align_corners, {h, w});
}

}  // namespace gradus
