// Fills: one value, ranges.
#pragma once
#include "gradus/tensor/impl.h"
#include "gradus/tensor/scalar.h"

namespace gradus::kernels {

/// Every element of t, of any layout, becomes v.
void fill(const TensorImpl& t, const Scalar& v);
/// t, contiguous and one-dimensional: start + i step.
void arange(const TensorImpl& t, const Scalar& start, const Scalar& step);
/// t, contiguous and one-dimensional: from start to end, symmetric about the middle.
void linspace(const TensorImpl& t, double start, double end);
/// t, contiguous and one-dimensional: base to the powers from start to end.
void logspace(const TensorImpl& t, double start, double end, double base);
/// t, contiguous: the numbers in order.
void write(const TensorImpl& t, ArrayRef<Scalar> numbers);
/// The first element.
Scalar read(const TensorImpl& t);

}  // namespace gradus::kernels
