// Sampling of pictures and volumes at the places of a grid.
#pragma once
#include <cstdint>

namespace gradus::kernels {

enum class Sampling : int64_t { linear, nearest, cubic };
enum class Beyond : int64_t { zeros, border, reflection };

/// x [n, c, in...], grid [n, places, dims] with the last dimension's coordinate first, y [n, c, places]. Triples are
/// {depth, height, width}; two dimensions leave the first at 1.
struct GridSample {
  int64_t n = 0, c = 0, places = 0, dims = 2;
  int64_t in[3] = {1, 1, 1};
  Sampling sampling = Sampling::linear;
  Beyond beyond = Beyond::zeros;
  bool align_corners = false;

  int64_t in_plane() const { return in[0] * in[1] * in[2]; }
};

template <class T>
void grid_sample(const GridSample& s, const T* x, const T* grid, T* y);
/// gx and ggrid from gy; either may be null.
template <class T>
void grid_sample_backward(const GridSample& s, const T* gy, const T* x, const T* grid, T* gx, T* ggrid);

extern template void grid_sample(const GridSample&, const float*, const float*, float*);
extern template void grid_sample(const GridSample&, const double*, const double*, double*);
extern template void grid_sample_backward(const GridSample&, const float*, const float*, const float*, float*, float*);
extern template void grid_sample_backward(const GridSample&, const double*, const double*, const double*, double*,
                                          double*);

}  // namespace gradus::kernels
