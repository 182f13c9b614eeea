// Windows of planes as columns, and back.
#pragma once
#include <cstdint>

namespace gradus::kernels {

/// Windows of kernel[0] x kernel[1] elements over planes [h, w], oh x ow of them. Pairs are {vertical, horizontal}.
struct Columns {
  int64_t planes = 0, h = 0, w = 0, oh = 0, ow = 0;
  int64_t kernel[2] = {1, 1}, stride[2] = {1, 1}, pad[2] = {0, 0}, dilation[2] = {1, 1};
};

/// y [planes, kernel, oh ow]: y[p, (u, v), (i, j)] = x[p, i stride - pad + u dilation, …], 0 outside of the plane.
template <class T>
void unfold(const Columns& c, const T* x, T* y);
/// The transpose: x = the sum of the elements of y that unfold copies from each place.
template <class T>
void fold(const Columns& c, const T* y, T* x);

extern template void unfold(const Columns&, const float*, float*);
extern template void unfold(const Columns&, const double*, double*);
extern template void fold(const Columns&, const float*, float*);
extern template void fold(const Columns&, const double*, double*);

}  // namespace gradus::kernels
