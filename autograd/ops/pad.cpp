#include "gradus/autograd/ops/pad.h"

#include <algorithm>

#include "gradus/autograd/ops/index.h"
#include "gradus/autograd/ops/resample.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/literal.h"

namespace gradus {
namespace {

// Which element of n stands at place i, which may lie outside.
using Source = int64_t (*)(int64_t i, int64_t n);
int64_t reflected(int64_t i, int64_t n) { return i < 0 ? -i : i < n ? i : 2 * (n - 1) - i; }
int64_t replicated(int64_t i, int64_t n) { return std::clamp<int64_t>(i, 0, n - 1); }
int64_t wrapped(int64_t i, int64_t n) { return (i + n) % n; }

Tensor copies(const Tensor& x, int64_t dim, int64_t before, int64_t after, Source source) {
  const int64_t n = x.size(dim);
  if (before == 0 && after == 0) return x;
  if (!is_floating(x.scalar_type())) {
    std::vector<int64_t> index;
    for (int64_t i = -before; i < n + after; ++i) index.push_back(source(i, n));
    return index_select(x, dim, tensor(index));
  }
  auto taps = std::make_shared<Taps>();
  taps->columns = n;
  for (int64_t i = -before; i < n + after; ++i) {
    taps->add(source(i, n), 1);
    taps->end_row();
  }
  return resample(x, dim, taps);
}

// Calls rule(dim, before, after) for every padded dimension, then pads.
template <class Rule>
Tensor pad_by(const char* op, const Tensor& x, IntArrayRef padding, Source source, const Rule& rule) {
  for (size_t i = 0; i < padding.size() / 2; ++i) {
    const int64_t dim = x.dim() - 1 - static_cast<int64_t>(i), before = padding[2 * i], after = padding[2 * i + 1];
    rule(dim, before, after);
    check(x.size(dim) + before + after >= 1, op, ": input ", x.sizes(), " is too small for padding (", before, ", ",
          after, ") at dimension ", dim);
  }
  Tensor y = x;
  for (size_t i = 0; i < padding.size() / 2; ++i)
    y = copies(y, x.dim() - 1 - static_cast<int64_t>(i), padding[2 * i], padding[2 * i + 1], source);
  return y.is_same(x) ? x.clone() : y;
}

void check_input(const char* op, const Tensor& x, IntArrayRef padding, int64_t dims) {
  check(x.defined(), op, ": expected a tensor, but got an undefined one");
  check(static_cast<int64_t>(padding.size()) == 2 * dims, op, ": padding size is expected to be ", 2 * dims,
        ", but got ", padding);
  check(x.dim() == dims + 1 || x.dim() == dims + 2, op, ": Expected ", dims + 1, "D or ", dims + 2,
        "D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got ",
        x.sizes());
  for (int64_t d = x.dim() - dims - 1; d < x.dim(); ++d)
    check(x.size(d) > 0, op, ": Expected ", dims + 1, "D or ", dims + 2,
          "D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got ",
          x.sizes());
}

Tensor reflection(const char* op, const Tensor& x, IntArrayRef padding, int64_t dims) {
  check_input(op, x, padding, dims);
  return pad_by(op, x, padding, reflected, [&](int64_t dim, int64_t before, int64_t after) {
    check(std::max(before, after) < x.size(dim), op,
          ": Padding size should be less than the corresponding input dimension, but got: padding (", before, ", ",
          after, ") at dimension ", dim, " of input ", x.sizes());
  });
}

Tensor replication(const char* op, const Tensor& x, IntArrayRef padding, int64_t dims) {
  check_input(op, x, padding, dims);
  return pad_by(op, x, padding, replicated, [](int64_t, int64_t, int64_t) {});
}

// What negative padding cuts off is not repeated either.
Tensor circular(const Tensor& x, IntArrayRef padding, int64_t dims) {
  check_input("pad", x, padding, dims);
  Sizes more(padding), less(padding);
  for (size_t i = 0; i < padding.size(); ++i) {
    more[i] = std::max<int64_t>(0, padding[i]);
    less[i] = std::min<int64_t>(0, padding[i]);
  }
  const bool cut = std::any_of(less.begin(), less.end(), [](int64_t n) { return n < 0; });
  const Tensor middle = cut ? constant_pad_nd(x, less) : x;
  return pad_by("pad", middle, more, wrapped, [&](int64_t dim, int64_t before, int64_t after) {
    check(std::max(before, after) <= middle.size(dim),
          "pad: Padding value causes wrapping around more than once, got (", before, ", ", after, ") at dimension ",
          dim, " of input ", middle.sizes());
  });
}

}  // namespace

Tensor constant_pad_nd(const Tensor& x, IntArrayRef padding, const Scalar& value) {
  check(x.defined(), "constant_pad_nd: expected a tensor, but got an undefined one");
  check(padding.size() % 2 == 0, "constant_pad_nd: Length of pad must be even but instead it equals ", padding.size());
  check(static_cast<int64_t>(padding.size()) <= 2 * x.dim(),
        "constant_pad_nd: Length of pad should be no more than twice the number of dimensions of the input. Pad length "
        "is ",
        padding.size(), " while the input has ", x.dim(), " dimensions.");
  Sizes sizes = x.sizes(), back;
  Tensor from = x.detach();
  for (size_t i = 0; i < padding.size() / 2; ++i) {
    const int64_t before = padding[2 * i], after = padding[2 * i + 1], dim = x.dim() - 1 - static_cast<int64_t>(i);
    int64_t& n = sizes[static_cast<size_t>(dim)];
    check(n + before + after >= 0, "constant_pad_nd: The input size ", n, ", plus negative padding ", before, " and ",
          after, ", resulted in a negative output size, which is invalid. Check dimension ", dim, " of your input.");
    n += before + after;
    back.push_back(-before);
    back.push_back(-after);
    // What negative padding cuts off; it may be more than there is if the other side adds as much.
    const int64_t start = std::clamp<int64_t>(-before, 0, x.size(dim));
    from = from.narrow(dim, start, std::max<int64_t>(0, x.size(dim) - start - std::max<int64_t>(0, -after)));
  }
  const Tensor y = full(sizes, value, x.options());
  Tensor to = y;
  for (size_t i = 0; i < padding.size() / 2; ++i) {
    const int64_t dim = x.dim() - 1 - static_cast<int64_t>(i);
    if (from.numel() > 0) to = to.narrow(dim, std::max<int64_t>(0, padding[2 * i]), from.size(dim));
  }
  if (from.numel() > 0) {
    const NoGradGuard no_grad;
    to.copy_(from);
  }
  if (!recording({x})) return y;
  return record("constant_pad_nd", y, {x}, [back](const Tensor& g, Node&) { return constant_pad_nd(g, back); });
}

Tensor reflection_pad1d(const Tensor& x, IntArrayRef padding) { return reflection("reflection_pad1d", x, padding, 1); }
Tensor reflection_pad2d(const Tensor& x, IntArrayRef padding) { return reflection("reflection_pad2d", x, padding, 2); }
Tensor reflection_pad3d(const Tensor& x, IntArrayRef padding) { return reflection("reflection_pad3d", x, padding, 3); }
Tensor replication_pad1d(const Tensor& x, IntArrayRef padding) {
  return replication("replication_pad1d", x, padding, 1);
}
Tensor replication_pad2d(const Tensor& x, IntArrayRef padding) {
  return replication("replication_pad2d", x, padding, 2);
}
Tensor replication_pad3d(const Tensor& x, IntArrayRef padding) {
  return replication("replication_pad3d", x, padding, 3);
}

Tensor pad(const Tensor& x, IntArrayRef padding, const std::string& mode, std::optional<double> value) {
  check(x.defined(), "pad: expected a tensor, but got an undefined one");
  check(padding.size() % 2 == 0, "pad: Padding length must be divisible by 2, got ", padding.size());
  check(static_cast<int64_t>(padding.size()) <= 2 * x.dim(),
        "pad: Padding length should be less than or equal to two times the input dimension but got padding length ",
        padding.size(), " and input of dimension ", x.dim());
  if (mode == "constant") return constant_pad_nd(x, padding, value.value_or(0));
  check(!value || *value == 0, "pad: Padding mode \"", mode, "\" doesn't take in value argument");
  const auto dims = static_cast<int64_t>(padding.size() / 2);
  check(dims >= 1 && dims <= 3 && (x.dim() == dims + 1 || x.dim() == dims + 2),
        "pad: Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now, got ", padding,
        " for an input of size ", x.sizes());
  if (mode == "reflect") return reflection("pad", x, padding, dims);
  if (mode == "replicate") return replication("pad", x, padding, dims);
  check(mode == "circular", "pad: Unrecognised padding mode ", mode);
  return circular(x, padding, dims);
}

}  // namespace gradus
