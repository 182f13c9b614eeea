// Initial weights. Every function fills its tensor in place, unseen by autograd, and returns it. The numbers drawn are
// PyTorch's: the same seed gives the same weights.
#pragma once
#include <tuple>
#include <variant>

#include "gradus/nn/enums.h"
#include "gradus/tensor/tensor.h"

namespace gradus::nn::init {

using NonlinearityType =
    std::variant<enumtype::kLinear, enumtype::kConv1D, enumtype::kConv2D, enumtype::kConv3D, enumtype::kConvTranspose1D,
                 enumtype::kConvTranspose2D, enumtype::kConvTranspose3D, enumtype::kSigmoid, enumtype::kTanh,
                 enumtype::kReLU, enumtype::kLeakyReLU>;
using FanModeType = std::variant<enumtype::kFanIn, enumtype::kFanOut>;

/// What keeps the variance through a nonlinearity: 5/3 for tanh, sqrt(2) for relu, sqrt(2 / (1 + param^2)) for
/// leaky_relu of this slope, else 1.
double calculate_gain(NonlinearityType nonlinearity, double param = 0.01);

Tensor constant_(Tensor tensor, Scalar value);
Tensor ones_(Tensor tensor);
Tensor zeros_(Tensor tensor);
/// The identity matrix.
Tensor eye_(Tensor matrix);
/// The identity as a convolution of [out, in, k...]: 1 in the middle of the kernel from channel i to channel i.
Tensor dirac_(Tensor tensor);
Tensor uniform_(Tensor tensor, double low = 0, double high = 1);
Tensor normal_(Tensor tensor, double mean = 0, double std = 1);
/// Normal, of variance gain^2 2 / (fan_in + fan_out).  Glorot, Bengio 2010.
Tensor xavier_normal_(Tensor tensor, double gain = 1);
/// Uniform, of the same variance: in (-a, a), a = gain sqrt(6 / (fan_in + fan_out)).
Tensor xavier_uniform_(Tensor tensor, double gain = 1);
/// Normal, of variance calculate_gain(nonlinearity, a)^2 / fan.  He et al. 2015, arXiv:1502.01852.
Tensor kaiming_normal_(Tensor tensor, double a = 0, FanModeType mode = kFanIn,
                       NonlinearityType nonlinearity = kLeakyReLU);
/// Uniform, of the same variance: in (-b, b), b = sqrt(3) std.
Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanModeType mode = kFanIn,
                        NonlinearityType nonlinearity = kLeakyReLU);
/// Normal, of the values in [a, b] alone.
Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2);
/// Orthonormal rows or columns (the fewer ones) times gain, of the tensor as [size(0), rest].  Saxe et al. 2013.
Tensor orthogonal_(Tensor tensor, double gain = 1);
/// Normal, but for a share `sparsity` of each column, which is 0.  Martens 2010.
Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01);

/// Inputs and outputs of one unit: of a weight [out, in, k...], in and out times the size of the kernel.
std::tuple<int64_t, int64_t> _calculate_fan_in_and_fan_out(const Tensor& tensor);

}  // namespace gradus::nn::init
