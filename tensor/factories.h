// New tensors: empty, zeros, ones, full, ranges, copies of C++ values, and memory of somebody else.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

Tensor empty(IntArrayRef sizes, const TensorOptions& o = {});
Tensor empty_strided(IntArrayRef sizes, IntArrayRef strides, const TensorOptions& o = {});
Tensor zeros(IntArrayRef sizes, const TensorOptions& o = {});
Tensor ones(IntArrayRef sizes, const TensorOptions& o = {});
/// dtype follows the value (int64, bool, or the default float) unless given.
Tensor full(IntArrayRef sizes, const Scalar& value, const TensorOptions& o = {});
Tensor empty_like(const Tensor& t, const TensorOptions& o = {});
Tensor zeros_like(const Tensor& t, const TensorOptions& o = {});
Tensor ones_like(const Tensor& t, const TensorOptions& o = {});
Tensor full_like(const Tensor& t, const Scalar& value, const TensorOptions& o = {});
/// start, start + step, … below end; int64 if all three are integers.
Tensor arange(const Scalar& end, const TensorOptions& o = {});
Tensor arange(const Scalar& start, const Scalar& end, const TensorOptions& o = {});
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, const TensorOptions& o = {});
/// `steps` values from start to end, both included.
Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps = 100, const TensorOptions& o = {});
/// base^start ... base^end: `steps` values whose exponents are evenly spaced.
Tensor logspace(const Scalar& start, const Scalar& end, int64_t steps = 100, double base = 10,
                const TensorOptions& o = {});
/// start, start + step, … up to end, which is included; of the default float type unless told. `arange` excludes it.
Tensor range(const Scalar& start, const Scalar& end, const Scalar& step, const TensorOptions& o = {});
Tensor range(const Scalar& start, const Scalar& end, const TensorOptions& o = {});
Tensor eye(int64_t n, const TensorOptions& o = {});
Tensor eye(int64_t n, int64_t m, const TensorOptions& o = {});
/// A 0-dimensional tensor of the number's own type, as C++ has it promoted: float64, int64 or bool.
Tensor scalar_tensor(const Scalar& v, const TensorOptions& o = {});

using Deleter = std::function<void(void*)>;
/// A tensor on memory of the caller, which must outlive it, or is given back by `deleter`. Strides in elements.
Tensor from_blob(void* data, IntArrayRef sizes, const TensorOptions& o = {});
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const TensorOptions& o = {});
Tensor from_blob(void* data, IntArrayRef sizes, const Deleter& deleter, const TensorOptions& o = {});
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const Deleter& deleter,
                 const TensorOptions& o = {});

}  // namespace gradus
