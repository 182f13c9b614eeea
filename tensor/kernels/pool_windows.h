// Maxima over windows listed one by one: pooling of three dimensions, adaptive and fractional pooling.
#pragma once
#include <cstdint>
#include <vector>

namespace gradus::kernels {

/// Planes of in[0] x in[1] x in[2] elements to planes of out[...]. Window i of axis a is every dilation[a]-th element
/// of [first[a][i], last[a][i]); if `apart`, plane p has windows of its own, at p out[a] + i.
struct Windows {
  int64_t planes = 0;
  int64_t in[3] = {1, 1, 1}, out[3] = {1, 1, 1}, dilation[3] = {1, 1, 1};
  std::vector<int64_t> first[3], last[3];
  bool apart = false;

  int64_t in_plane() const { return in[0] * in[1] * in[2]; }
  int64_t out_plane() const { return out[0] * out[1] * out[2]; }
};

/// y = the greatest element of each window; NaN if it holds one. index = its place in the plane: of equal ones the
/// first, of several NaN the last, as in PyTorch.
template <class T>
void window_max(const Windows& w, const T* x, T* y, int64_t* index);

/// gx = gy added where the indices say, planes of n elements to planes of m.
template <class T>
void plane_scatter(int64_t planes, int64_t n, int64_t m, const T* gy, const int64_t* index, T* gx);

/// Windows of `kernel` elements for fractional pooling: the first elements that a random number in [0, 1) for each
/// plane and axis gives, from samples [planes, axes]; axis a of the windows uses column `columns[a]`, or is whole if
/// that is negative. "Fractional Max-Pooling", B. Graham, 2014.
template <class T>
void fractional_windows(Windows& w, const int64_t* kernel, const T* samples, int64_t axes, const int* columns);

extern template void window_max(const Windows&, const float*, float*, int64_t*);
extern template void window_max(const Windows&, const double*, double*, int64_t*);
extern template void plane_scatter(int64_t, int64_t, int64_t, const float*, const int64_t*, float*);
extern template void plane_scatter(int64_t, int64_t, int64_t, const double*, const int64_t*, double*);
extern template void fractional_windows(Windows&, const int64_t*, const float*, int64_t, const int*);
extern template void fractional_windows(Windows&, const int64_t*, const double*, int64_t, const int*);

}  // namespace gradus::kernels
