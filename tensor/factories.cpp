#include "gradus/tensor/factories.h"

#include <cmath>

#include "gradus/tensor/kernels/fill.h"

namespace gradus {
namespace {

Tensor make(const Sizes& sizes, const Sizes& strides, int64_t extent, const TensorOptions& o) {
  const ScalarType dtype = o.scalar_type();
  Tensor t(TensorImpl::create(dtype, sizes, strides, extent));
  if (o.requires_grad()) t.requires_grad_();
  return t;
}

// The options of `t`, overridden by what `o` states.
TensorOptions like(const Tensor& t, const TensorOptions& o) {
  return TensorOptions().dtype(o.dtype_opt().value_or(t.scalar_type())).requires_grad(o.requires_grad());
}

Tensor filled(Tensor t, const Scalar& v) {
  kernels::fill(*t.unsafeGetTensorImpl(), v);
  return t;
}

// Elements of memory from the first to the last of (sizes, strides).
int64_t extent_of(IntArrayRef sizes, IntArrayRef strides) {
  int64_t last = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 0) return 0;
    last += (sizes[i] - 1) * strides[i];
  }
  return last + 1;
}

}  // namespace

Tensor empty(IntArrayRef sizes, const TensorOptions& o) {
  const int64_t n = count_elements(sizes);
  check(n <= (int64_t{1} << 45), "empty: out of memory, a tensor of sizes ", sizes, " is more than any machine has");
  return make(sizes, contiguous_strides(sizes), n, o);
}

Tensor empty_strided(IntArrayRef sizes, IntArrayRef strides, const TensorOptions& o) {
  check(sizes.size() == strides.size(), "empty_strided: sizes and strides must have the same length, got ", sizes,
        " and ", strides);
  for (int64_t s : strides) check(s >= 0, "empty_strided: strides must not be negative, got ", strides);
  count_elements(sizes);
  return make(sizes, strides, extent_of(sizes, strides), o);
}

Tensor zeros(IntArrayRef sizes, const TensorOptions& o) { return full(sizes, 0, o.dtype(o.scalar_type())); }
Tensor ones(IntArrayRef sizes, const TensorOptions& o) { return full(sizes, 1, o.dtype(o.scalar_type())); }

Tensor full(IntArrayRef sizes, const Scalar& value, const TensorOptions& o) {
  const ScalarType own = value.isFloatingPoint() ? default_dtype() : value.type();
  return filled(empty(sizes, o.dtype(o.dtype_opt().value_or(own))), value);
}

Tensor empty_like(const Tensor& t, const TensorOptions& o) {
  const bool keeps = !t.is_contiguous() && is_dense(t.sizes(), t.strides());
  return keeps ? empty_strided(t.sizes(), t.strides(), like(t, o)) : empty(t.sizes(), like(t, o));
}
Tensor zeros_like(const Tensor& t, const TensorOptions& o) { return filled(empty_like(t, o), 0); }
Tensor ones_like(const Tensor& t, const TensorOptions& o) { return filled(empty_like(t, o), 1); }
Tensor full_like(const Tensor& t, const Scalar& v, const TensorOptions& o) { return filled(empty_like(t, o), v); }

Tensor arange(const Scalar& end, const TensorOptions& o) { return arange(0, end, 1, o); }
Tensor arange(const Scalar& start, const Scalar& end, const TensorOptions& o) { return arange(start, end, 1, o); }

Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, const TensorOptions& o) {
  const bool whole = start.isIntegral(true) && end.isIntegral(true) && step.isIntegral(true);
  const double a = start.toDouble(), b = end.toDouble(), s = step.toDouble();
  check(s != 0, "arange: step must be nonzero");
  check(std::isfinite(a) && std::isfinite(b), "arange: unsupported range: ", start, " -> ", end);
  check((s > 0 && b >= a) || (s < 0 && b <= a), "arange: upper bound and lower bound inconsistent with step sign, got ",
        start, " -> ", end, " by ", step);
  const double count =
      whole ? static_cast<double>((end.toLong() - start.toLong() + step.toLong() + (s > 0 ? -1 : 1)) / step.toLong())
            : std::ceil((b - a) / s);
  check(count < 1e15, "arange: invalid size, possible overflow");
  const ScalarType dtype = o.dtype_opt().value_or(whole ? kLong : default_dtype());
  Tensor t = empty({static_cast<int64_t>(count)}, o.dtype(dtype).requires_grad(false));
  kernels::arange(*t.unsafeGetTensorImpl(), start, step);
  return o.requires_grad() ? t.requires_grad_() : t;
}

Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps, const TensorOptions& o) {
  check(steps >= 0, "linspace: number of steps must be non-negative, got ", steps);
  Tensor t = empty({steps}, o.requires_grad(false));
  kernels::linspace(*t.unsafeGetTensorImpl(), start.toDouble(), end.toDouble());
  return o.requires_grad() ? t.requires_grad_() : t;
}

Tensor logspace(const Scalar& start, const Scalar& end, int64_t steps, double base, const TensorOptions& o) {
  check(steps >= 0, "logspace: number of steps must be non-negative, got ", steps);
  Tensor t = empty({steps}, o.requires_grad(false));
  kernels::logspace(*t.unsafeGetTensorImpl(), start.toDouble(), end.toDouble(), base);
  return o.requires_grad() ? t.requires_grad_() : t;
}

Tensor range(const Scalar& start, const Scalar& end, const TensorOptions& o) { return range(start, end, 1, o); }

Tensor range(const Scalar& start, const Scalar& end, const Scalar& step, const TensorOptions& o) {
  const double a = start.toDouble(), b = end.toDouble(), s = step.toDouble();
  check(s != 0, "range: step must be nonzero");
  check(std::isfinite(a) && std::isfinite(b), "range: unsupported range: ", start, " -> ", end);
  check((s > 0 && b >= a) || (s < 0 && b <= a), "range: upper bound and lower bound inconsistent with step sign, got ",
        start, " -> ", end, " by ", step);
  const double count = std::floor((b - a) / s) + 1;
  check(count < 1e15, "range: invalid size, possible overflow");
  Tensor t = empty({static_cast<int64_t>(count)}, o.requires_grad(false));
  kernels::arange(*t.unsafeGetTensorImpl(), start, step);
  return o.requires_grad() ? t.requires_grad_() : t;
}

Tensor eye(int64_t n, const TensorOptions& o) { return eye(n, n, o); }

Tensor eye(int64_t n, int64_t m, const TensorOptions& o) {
  check(n >= 0 && m >= 0, "eye: n and m must be greater or equal to 0, got ", n, " and ", m);
  Tensor t = zeros({n, m}, o.requires_grad(false));
  TensorImpl diagonal(t.storage(), t.scalar_type(), {std::min(n, m)}, {m + 1}, 0);
  kernels::fill(diagonal, 1);
  return o.requires_grad() ? t.requires_grad_() : t;
}

Tensor scalar_tensor(const Scalar& v, const TensorOptions& o) {
  return filled(empty({}, o.dtype(o.dtype_opt().value_or(v.type()))), v);
}

Tensor from_blob(void* data, IntArrayRef sizes, const TensorOptions& o) {
  return from_blob(data, sizes, contiguous_strides(sizes), Deleter(), o);
}
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const TensorOptions& o) {
  return from_blob(data, sizes, strides, Deleter(), o);
}
Tensor from_blob(void* data, IntArrayRef sizes, const Deleter& deleter, const TensorOptions& o) {
  return from_blob(data, sizes, contiguous_strides(sizes), deleter, o);
}

Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const Deleter& deleter, const TensorOptions& o) {
  check(sizes.size() == strides.size(), "from_blob: sizes and strides must have the same length, got ", sizes, " and ",
        strides);
  const int64_t n = count_elements(sizes);
  check(data || n == 0, "from_blob: got a null pointer for sizes ", sizes);
  const ScalarType dtype = o.scalar_type();
  auto storage = Storage::wrap(data, static_cast<size_t>(extent_of(sizes, strides)) * element_size(dtype), deleter);
  Tensor t(make_intrusive<TensorImpl>(std::move(storage), dtype, sizes, strides, 0));
  return o.requires_grad() ? t.requires_grad_() : t;
}

}  // namespace gradus
