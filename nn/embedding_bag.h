// EmbeddingBag: sums, means or maxima of the vectors of a table. Formulas: autograd/ops/embedding_bag.h.
#pragma once
#include "gradus/nn/any.h"
#include "gradus/nn/embedding.h"
#include "gradus/nn/enums.h"

namespace gradus::nn {

using EmbeddingBagMode = std::variant<enumtype::kSum, enumtype::kMean, enumtype::kMax>;

/// As EmbeddingOptions. include_last_offset: the last offset is where the last bag ends, and no bag of its own.
struct EmbeddingBagOptions {
  EmbeddingBagOptions(int64_t num_embeddings, int64_t embedding_dim)
      : num_embeddings_(num_embeddings), embedding_dim_(embedding_dim) {}
  GRADUS_ARG(int64_t, num_embeddings);
  GRADUS_ARG(int64_t, embedding_dim);
  GRADUS_ARG(std::optional<double>, max_norm) = std::nullopt;
  GRADUS_ARG(double, norm_type) = 2.0;
  GRADUS_ARG(bool, scale_grad_by_freq) = false;
  GRADUS_ARG(EmbeddingBagMode, mode) = kMean;
  GRADUS_ARG(bool, sparse) = false;
  GRADUS_ARG(Tensor, _weight) = {};
  GRADUS_ARG(bool, include_last_offset) = false;
  GRADUS_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
};
struct EmbeddingBagFromPretrainedOptions {
  GRADUS_ARG(bool, freeze) = true;
  GRADUS_ARG(std::optional<double>, max_norm) = std::nullopt;
  GRADUS_ARG(double, norm_type) = 2.0;
  GRADUS_ARG(bool, scale_grad_by_freq) = false;
  GRADUS_ARG(EmbeddingBagMode, mode) = kMean;
  GRADUS_ARG(bool, sparse) = false;
  GRADUS_ARG(bool, include_last_offset) = false;
  GRADUS_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
};

/// Of x [L] of int64 in bags that begin at offsets [B], or x [B, n], bags of n each: y [B, embedding_dim].
class EmbeddingBagImpl : public Cloneable<EmbeddingBagImpl> {
 public:
  EmbeddingBagImpl(int64_t num_embeddings, int64_t embedding_dim)
      : EmbeddingBagImpl(EmbeddingBagOptions(num_embeddings, embedding_dim)) {}
  explicit EmbeddingBagImpl(const EmbeddingBagOptions& options);
  ~EmbeddingBagImpl() override;
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& offsets = {}, const Tensor& per_sample_weights = {});

  EmbeddingBagOptions options;
  Tensor weight;

 protected:
  FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(Tensor())}, {2, AnyValue(Tensor())})
};

class EmbeddingBag : public ModuleHolder<EmbeddingBagImpl> {
 public:
  using ModuleHolder<EmbeddingBagImpl>::ModuleHolder;
  using Impl = EmbeddingBagImpl;
  /// A table with these rows, which does not learn unless freeze(false).
  static EmbeddingBag from_pretrained(const Tensor& embeddings, const EmbeddingBagFromPretrainedOptions& options = {});
};

namespace functional {

struct EmbeddingBagFuncOptions {
  GRADUS_ARG(Tensor, offsets) = {};
  GRADUS_ARG(std::optional<double>, max_norm) = std::nullopt;
  GRADUS_ARG(double, norm_type) = 2.0;
  GRADUS_ARG(bool, scale_grad_by_freq) = false;
  GRADUS_ARG(EmbeddingBagMode, mode) = kMean;
  GRADUS_ARG(bool, sparse) = false;
  GRADUS_ARG(Tensor, per_sample_weights) = {};
  GRADUS_ARG(bool, include_last_offset) = false;
  GRADUS_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
};
Tensor embedding_bag(const Tensor& x, const Tensor& weight, const EmbeddingBagFuncOptions& options = {});

}  // namespace functional
}  // namespace gradus::nn
