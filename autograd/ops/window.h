// Windows: weights that fall off towards both ends of a piece of a signal. `periodic` (the default) gives the first
// `window_length` of window_length + 1 symmetric weights, for a piece that repeats. Below, n counts from 0 and N is the
// number of steps between the first and the last symmetric weight. A window of length 1 is 1.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// (1 - cos(2 pi n / N)) / 2.
Tensor hann_window(int64_t window_length, const TensorOptions& o = {});
Tensor hann_window(int64_t window_length, bool periodic, const TensorOptions& o = {});
/// alpha - beta cos(2 pi n / N).
Tensor hamming_window(int64_t window_length, const TensorOptions& o = {});
Tensor hamming_window(int64_t window_length, bool periodic, const TensorOptions& o = {});
Tensor hamming_window(int64_t window_length, bool periodic, double alpha, const TensorOptions& o = {});
Tensor hamming_window(int64_t window_length, bool periodic, double alpha, double beta, const TensorOptions& o = {});
/// 0.42 - 0.5 cos(2 pi n / N) + 0.08 cos(4 pi n / N).
Tensor blackman_window(int64_t window_length, const TensorOptions& o = {});
Tensor blackman_window(int64_t window_length, bool periodic, const TensorOptions& o = {});
/// 1 - |2 n / N - 1|.
Tensor bartlett_window(int64_t window_length, const TensorOptions& o = {});
Tensor bartlett_window(int64_t window_length, bool periodic, const TensorOptions& o = {});
/// i0(beta (1 - (2 n / N - 1)^2)^(1/2)) / i0(beta).
Tensor kaiser_window(int64_t window_length, const TensorOptions& o = {});
Tensor kaiser_window(int64_t window_length, bool periodic, const TensorOptions& o = {});
Tensor kaiser_window(int64_t window_length, bool periodic, double beta, const TensorOptions& o = {});

}  // namespace gradus
