#include "gradus/nn/embedding.h"

#include <ostream>

#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/embedding_bag.h"
#include "gradus/autograd/ops/index.h"
#include "gradus/autograd/ops/reduce.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/nn/embedding_parts.h"
#include "gradus/nn/init.h"
#include "gradus/tensor/factories.h"

namespace gradus::nn {

int64_t detail::wrap_padding(int64_t padding, int64_t rows) {
  check(padding < rows && padding >= -rows, "Padding_idx must be within num_embeddings, got ", padding, " and ", rows);
  return padding < 0 ? padding + rows : padding;
}

void detail::renormalize(const Tensor& weight, const Tensor& x, double most, double p) {
  NoGradGuard no_grad;
  embedding_renorm_(weight, x, most, p);
}

EmbeddingImpl::EmbeddingImpl(const EmbeddingOptions& o) : options(o) { EmbeddingImpl::reset(); }
EmbeddingImpl::~EmbeddingImpl() = default;

void EmbeddingImpl::reset() {
  if (options.padding_idx())
    options.padding_idx(detail::wrap_padding(*options.padding_idx(), options.num_embeddings()));
  if (!options._weight().defined()) {
    weight = register_parameter("weight", empty({options.num_embeddings(), options.embedding_dim()}));
    reset_parameters();
    return;
  }
  check(options._weight().sizes() == IntArrayRef({options.num_embeddings(), options.embedding_dim()}),
        "Embedding: Shape of _weight does not match num_embeddings and embedding_dim, got ", options._weight().sizes());
  weight = register_parameter("weight", options._weight().detach());
}

void EmbeddingImpl::reset_parameters() {
  init::normal_(weight);
  if (!options.padding_idx()) return;
  NoGradGuard no_grad;
  weight[*options.padding_idx()].fill_(0);
}

void EmbeddingImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Embedding(num_embeddings=" << options.num_embeddings()
         << ", embedding_dim=" << options.embedding_dim();
  if (options.padding_idx()) stream << ", padding_idx=" << *options.padding_idx();
  if (options.max_norm()) stream << ", max_norm=" << *options.max_norm();
  if (options.norm_type() != 2) stream << ", norm_type=" << options.norm_type();
  if (options.scale_grad_by_freq()) stream << ", scale_grad_by_freq=true";
  if (options.sparse()) stream << ", sparse=true";
  stream << ")";
}

Tensor EmbeddingImpl::forward(const Tensor& x) {
  return functional::embedding(x, weight,
                               functional::EmbeddingFuncOptions()
                                   .padding_idx(options.padding_idx())
                                   .max_norm(options.max_norm())
                                   .norm_type(options.norm_type())
                                   .scale_grad_by_freq(options.scale_grad_by_freq())
                                   .sparse(options.sparse()));
}

Embedding Embedding::from_pretrained(const Tensor& embeddings, const EmbeddingFromPretrainedOptions& o) {
  check(embeddings.dim() == 2, "Embeddings parameter is expected to be 2-dimensional, got ", embeddings.sizes());
  Embedding e(EmbeddingOptions(embeddings.size(0), embeddings.size(1))
                  ._weight(embeddings)
                  .padding_idx(o.padding_idx())
                  .max_norm(o.max_norm())
                  .norm_type(o.norm_type())
                  .scale_grad_by_freq(o.scale_grad_by_freq())
                  .sparse(o.sparse()));
  e->weight.set_requires_grad(!o.freeze());
  return e;
}

Tensor functional::embedding(const Tensor& x, const Tensor& weight, const EmbeddingFuncOptions& o) {
  const int64_t padding = o.padding_idx() ? detail::wrap_padding(*o.padding_idx(), weight.size(0)) : -1;
  if (o.max_norm()) detail::renormalize(weight, x, *o.max_norm(), o.norm_type());
  return gradus::embedding(weight, x, padding, o.scale_grad_by_freq());
}

Tensor functional::one_hot(const Tensor& x, int64_t num_classes) { return gradus::one_hot(x, num_classes); }

}  // namespace gradus::nn
