// Random tensors, number for number those of PyTorch's CPU generator under the same seed. They have no derivative.
#pragma once
#include "gradus/tensor/generator.h"
#include "gradus/tensor/tensor.h"

namespace gradus {

/// Uniform on [0, 1).
Tensor rand(IntArrayRef sizes, const TensorOptions& o = {});
Tensor rand(IntArrayRef sizes, std::optional<Generator> g, const TensorOptions& o = {});
Tensor rand_like(const Tensor& t, const TensorOptions& o = {});
/// Normal with mean 0 and standard deviation 1.
Tensor randn(IntArrayRef sizes, const TensorOptions& o = {});
Tensor randn(IntArrayRef sizes, std::optional<Generator> g, const TensorOptions& o = {});
Tensor randn_like(const Tensor& t, const TensorOptions& o = {});
/// Normal with this mean and standard deviation; tensors of them broadcast.
Tensor normal(double mean, double std, IntArrayRef sizes, std::optional<Generator> g = std::nullopt,
              const TensorOptions& o = {});
Tensor normal(const Tensor& mean, double std = 1, std::optional<Generator> g = std::nullopt);
Tensor normal(const Tensor& mean, const Tensor& std, std::optional<Generator> g = std::nullopt);
/// Whole numbers of [low, high), int64 unless told.
Tensor randint(int64_t high, IntArrayRef sizes, const TensorOptions& o = {});
Tensor randint(int64_t low, int64_t high, IntArrayRef sizes, const TensorOptions& o = {});
Tensor randint(int64_t low, int64_t high, IntArrayRef sizes, std::optional<Generator> g, const TensorOptions& o = {});
/// Of t's shape, and its type unless told.
Tensor randint_like(const Tensor& t, int64_t high, const TensorOptions& o = {});
Tensor randint_like(const Tensor& t, int64_t low, int64_t high, const TensorOptions& o = {});
/// A permutation of 0 … n - 1, int64 unless told.
Tensor randperm(int64_t n, const TensorOptions& o = {});
Tensor randperm(int64_t n, std::optional<Generator> g, const TensorOptions& o = {});
/// 1 with probability p (an element of the tensor, or one number for all), else 0.
Tensor bernoulli(const Tensor& p, std::optional<Generator> g = std::nullopt);
Tensor bernoulli(const Tensor& like, double p, std::optional<Generator> g = std::nullopt);
/// `samples` indices for each row of weights [categories] or [rows, categories]; int64.
Tensor multinomial(const Tensor& weights, int64_t samples, bool replacement = false,
                   std::optional<Generator> g = std::nullopt);
/// How often something happens that happens x times on average: P(k) = x^k e^-x / k!; of x's type. Error: some x < 0.
Tensor poisson(const Tensor& x, std::optional<Generator> g = std::nullopt);

}  // namespace gradus
