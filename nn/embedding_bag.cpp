#include "gradus/nn/embedding_bag.h"

#include <ostream>

#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/embedding_bag.h"
#include "gradus/nn/embedding_parts.h"
#include "gradus/nn/init.h"
#include "gradus/tensor/factories.h"

namespace gradus::nn {

EmbeddingBagImpl::EmbeddingBagImpl(const EmbeddingBagOptions& o) : options(o) { EmbeddingBagImpl::reset(); }
EmbeddingBagImpl::~EmbeddingBagImpl() = default;

void EmbeddingBagImpl::reset() {
  const int64_t n = options.num_embeddings();
  if (options.padding_idx()) options.padding_idx(detail::wrap_padding(*options.padding_idx(), n));
  if (!options._weight().defined()) {
    weight = register_parameter("weight", empty({n, options.embedding_dim()}));
    reset_parameters();
    return;
  }
  check(options._weight().sizes() == IntArrayRef({n, options.embedding_dim()}),
        "EmbeddingBag: Shape of weight does not match num_embeddings and embedding_dim, got ",
        options._weight().sizes());
  weight = register_parameter("weight", options._weight().detach());
}

void EmbeddingBagImpl::reset_parameters() {
  init::normal_(weight);
  if (!options.padding_idx()) return;
  NoGradGuard no_grad;
  weight[*options.padding_idx()].fill_(0);
}

void EmbeddingBagImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::EmbeddingBag(num_embeddings=" << options.num_embeddings()
         << ", embedding_dim=" << options.embedding_dim();
  if (options.max_norm()) stream << ", max_norm=" << *options.max_norm();
  if (options.norm_type() != 2) stream << ", norm_type=" << options.norm_type();
  if (options.scale_grad_by_freq()) stream << ", scale_grad_by_freq=true";
  if (options.sparse()) stream << ", sparse=true";
  if (!std::holds_alternative<enumtype::kMean>(options.mode()))
    stream << ", mode=" << enumtype::get_enum_name(options.mode());
  if (options.include_last_offset()) stream << ", include_last_offset=true";
  if (options.padding_idx()) stream << ", padding_idx=" << *options.padding_idx();
  stream << ")";
}

Tensor EmbeddingBagImpl::forward(const Tensor& x, const Tensor& offsets, const Tensor& per_sample_weights) {
  return functional::embedding_bag(x, weight,
                                   functional::EmbeddingBagFuncOptions()
                                       .offsets(offsets)
                                       .max_norm(options.max_norm())
                                       .norm_type(options.norm_type())
                                       .scale_grad_by_freq(options.scale_grad_by_freq())
                                       .mode(options.mode())
                                       .sparse(options.sparse())
                                       .per_sample_weights(per_sample_weights)
                                       .include_last_offset(options.include_last_offset())
                                       .padding_idx(options.padding_idx()));
}

EmbeddingBag EmbeddingBag::from_pretrained(const Tensor& embeddings, const EmbeddingBagFromPretrainedOptions& o) {
  check(embeddings.dim() == 2, "Embeddings parameter is expected to be 2-dimensional, got ", embeddings.sizes());
  EmbeddingBag e(EmbeddingBagOptions(embeddings.size(0), embeddings.size(1))
                     ._weight(embeddings)
                     .max_norm(o.max_norm())
                     .norm_type(o.norm_type())
                     .scale_grad_by_freq(o.scale_grad_by_freq())
                     .mode(o.mode())
                     .sparse(o.sparse())
                     .include_last_offset(o.include_last_offset())
                     .padding_idx(o.padding_idx()));
  e->weight.set_requires_grad(!o.freeze());
  return e;
}

namespace {

void check_mode(const functional::EmbeddingBagFuncOptions& o) {
  if (std::holds_alternative<enumtype::kMax>(o.mode())) {
    check(!o.scale_grad_by_freq(), "embedding_bag: max mode does not support scaling the gradient by the frequency");
    check(!o.sparse(), "embedding_bag: max mode does not support sparse weights");
  }
  check(!o.per_sample_weights().defined() || std::holds_alternative<enumtype::kSum>(o.mode()),
        "embedding_bag: per_sample_weights was not null. per_sample_weights is only supported for mode='kSum' (got "
        "mode='",
        enumtype::get_enum_name(o.mode()), "').Please open a feature request on GitHub.");
}

}  // namespace

Tensor functional::embedding_bag(const Tensor& in, const Tensor& weight, const EmbeddingBagFuncOptions& o) {
  Tensor x = in, offsets = o.offsets(), factors = o.per_sample_weights();
  check(!factors.defined() || x.sizes() == factors.sizes(), "embedding_bag: If per_sample_weights (",
        factors.defined() ? factors.sizes() : x.sizes(),
        ") is not null, then it must have the same shape as the input (", x.sizes(), ")");
  bool include_last = o.include_last_offset();
  if (x.dim() == 2) {
    check(!offsets.defined(),
          "If input is 2D, then offsets has to be null, as input is treated is a mini-batch of fixed length "
          "sequences. However, found offsets of type Tensor");
    // With the last one, rows without elements are bags too.
    offsets = arange(x.size(0) + 1, kLong) * x.size(1);
    include_last = true;
    x = x.reshape({-1});
    if (factors.defined()) factors = factors.reshape({-1});
  } else {
    check(x.dim() == 1, "input has to be 1D or 2D Tensor, but got Tensor of dimension ", x.dim());
    check(offsets.defined(), "offsets has to be a 1D Tensor but got null");
    check(offsets.dim() == 1, "embedding_bag: offsets has to be a 1D Tensor, got ", offsets.sizes());
  }
  check_mode(o);
  if (o.max_norm()) detail::renormalize(weight, x, *o.max_norm(), o.norm_type());
  return std::get<0>(gradus::embedding_bag(weight, x, offsets, o.scale_grad_by_freq(),
                                           static_cast<int64_t>(o.mode().index()), o.sparse(), factors, include_last,
                                           o.padding_idx()));
}

}  // namespace gradus::nn
