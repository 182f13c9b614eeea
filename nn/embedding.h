// Embedding: a table of vectors, looked up by number.
#pragma once
#include <optional>

#include "gradus/nn/layer.h"

namespace gradus::nn {

/// padding_idx: a row that starts at 0 and learns nothing. max_norm: rows that are looked up are scaled down to this
/// norm_type-norm, in place. scale_grad_by_freq: gradients are divided by how often the row occurs. sparse: accepted;
/// gradients are dense.
struct EmbeddingOptions {
  EmbeddingOptions(int64_t num_embeddings, int64_t embedding_dim)
      : num_embeddings_(num_embeddings), embedding_dim_(embedding_dim) {}
  GRADUS_ARG(int64_t, num_embeddings);
  GRADUS_ARG(int64_t, embedding_dim);
  GRADUS_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
  GRADUS_ARG(std::optional<double>, max_norm) = std::nullopt;
  GRADUS_ARG(double, norm_type) = 2.0;
  GRADUS_ARG(bool, scale_grad_by_freq) = false;
  GRADUS_ARG(bool, sparse) = false;
  GRADUS_ARG(Tensor, _weight) = {};
};
struct EmbeddingFromPretrainedOptions {
  GRADUS_ARG(bool, freeze) = true;
  GRADUS_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
  GRADUS_ARG(std::optional<double>, max_norm) = std::nullopt;
  GRADUS_ARG(double, norm_type) = 2.0;
  GRADUS_ARG(bool, scale_grad_by_freq) = false;
  GRADUS_ARG(bool, sparse) = false;
};

/// y [..., embedding_dim] = weight[x], x [...] of int64; weight [num_embeddings, embedding_dim] starts standard normal.
class EmbeddingImpl : public Cloneable<EmbeddingImpl> {
 public:
  EmbeddingImpl(int64_t num_embeddings, int64_t embedding_dim)
      : EmbeddingImpl(EmbeddingOptions(num_embeddings, embedding_dim)) {}
  explicit EmbeddingImpl(const EmbeddingOptions& options);
  ~EmbeddingImpl() override;
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);

  EmbeddingOptions options;
  Tensor weight;
};

class Embedding : public ModuleHolder<EmbeddingImpl> {
 public:
  using ModuleHolder<EmbeddingImpl>::ModuleHolder;
  using Impl = EmbeddingImpl;
  /// A table with these rows, which does not learn unless freeze(false).
  static Embedding from_pretrained(const Tensor& embeddings, const EmbeddingFromPretrainedOptions& options = {});
};

namespace functional {

struct EmbeddingFuncOptions {
  GRADUS_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
  GRADUS_ARG(std::optional<double>, max_norm) = std::nullopt;
  GRADUS_ARG(double, norm_type) = 2.0;
  GRADUS_ARG(bool, scale_grad_by_freq) = false;
  GRADUS_ARG(bool, sparse) = false;
};
Tensor embedding(const Tensor& x, const Tensor& weight, const EmbeddingFuncOptions& options = {});
/// 1 at the class, 0 elsewhere: [..., num_classes].
Tensor one_hot(const Tensor& x, int64_t num_classes = -1);

}  // namespace functional
}  // namespace gradus::nn
