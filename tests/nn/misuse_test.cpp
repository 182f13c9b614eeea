// Misuse of modules that no other test provokes.
#include "gradus/tests/misuse.h"

#include <limits>
#include <memory>

#include "gradus/gradus.h"

using namespace gradus;
using gradus_tests::expect_words;
namespace nn = gradus::nn;
namespace F = gradus::nn::functional;

namespace {

struct Inner : nn::Cloneable<Inner> {
  void reset() override {}
};
struct Other : nn::Cloneable<Other> {
  void reset() override {}
};
/// Registers another type of module under the same name when it is cloned.
struct Changeable : nn::Cloneable<Changeable> {
  static inline bool other = false;
  Changeable() { reset(); }
  void reset() override {
    if (other)
      register_module("part", std::make_shared<Other>());
    else
      register_module("part", std::make_shared<Inner>());
  }
};

/// Says that its forward has default arguments, and not which.
struct Forgetful : nn::Module {
  bool _forward_has_default_args() override { return true; }
  unsigned int _forward_num_required_args() override { return required ? nn::Module::_forward_num_required_args() : 1; }
  Tensor forward(const Tensor& x, int) { return x; }
  bool required = true;
};
/// Makes public what only AnyModule calls.
struct Plain : nn::Module {
  using nn::Module::_forward_num_required_args;
};
struct Transposed : nn::ConvTranspose2dImpl {
  using nn::ConvTranspose2dImpl::_forward_populate_default_args;
  using nn::ConvTranspose2dImpl::ConvTranspose2dImpl;
};
struct NoDefaults : nn::Module {
  Tensor forward(const Tensor& x, int) { return x; }
  FORWARD_HAS_DEFAULT_ARGS()
};

TEST(Misuse, ArgumentsOfForward) {
  const auto forward = [](const auto& module) { nn::AnyModule(module).forward(ones({1})); };
  expect_words({
      {[] { nn::AnyModule().type_info(); }, "Cannot call type_info() on an empty AnyModule"},
      {[] {
         Tensor y;
         nn::AnyModule().forward_tensor(ones({1}), y);
       },
       "Cannot call forward() on an empty AnyModule"},
      {[&] { forward(std::make_shared<Forgetful>()); }, "must override `_forward_num_required_args` method."},
      {[&] {
         const auto module = std::make_shared<Forgetful>();
         module->required = false;
         forward(module);
       },
       "must override `_forward_populate_default_args` method."},
      {[&] { forward(std::make_shared<NoDefaults>()); },
       "FORWARD_HAS_DEFAULT_ARGS: expected at least one default argument"},
      {[] { Plain()._forward_num_required_args(); },
       "must override `_forward_num_required_args` method. Please use `FORWARD_HAS_DEFAULT_ARGS` macro to do so."},
      {[] { Transposed(1, 1, 2)._forward_populate_default_args({}); },
       "FORWARD_HAS_DEFAULT_ARGS: expected at least 1 arguments, got 0"},
  });
}

TEST(Misuse, Modules) {
  struct Empty : nn::Module {
    Empty() { register_module("part", std::shared_ptr<Inner>()); }
  };
  expect_words({
      {[] { Empty(); }, "register_module: expected a module, but got an empty pointer for 'part'"},
      {[] {
         Changeable::other = false;
         const auto module = std::make_shared<Changeable>();
         Changeable::other = true;
         module->clone();
       },
       "Attempted to clone submodule, but it is of a different type than the submodule it was to be cloned into"},
      {[] { nn::AnyModule(nn::Linear(2, 3)).forward(1.5); },
       "Expected argument #0 to be of type gradus::Tensor, but received value of type double"},
  });
}

TEST(Misuse, Layers) {
  expect_words({
      {[] { nn::Embedding::from_pretrained(ones({3})); },
       "Embeddings parameter is expected to be 2-dimensional, got [3]"},
      {[] { nn::EmbeddingBag::from_pretrained(ones({3})); },
       "Embeddings parameter is expected to be 2-dimensional, got [3]"},
      {[] {
         F::fold(ones({4}), F::FoldFuncOptions({2, 2}, 2));
       },
       "Only unbatched (2D) or batched (3D) input Tensors are supported (got 1D)"},
      {[] { F::unfold(ones({4}), F::UnfoldFuncOptions(2)); }, "Only 4D input Tensors are supported (got 1D)"},
      {[] { nn::init::trunc_normal_(ones({3}), 0, 1, 2, -2); },
       "trunc_normal_: expected a <= b and a positive std, got a = 2, b = -2 and std = 1"},
      {[] {
         const Tensor p = ones({2}).requires_grad_();
         p.mutable_grad() = full({2}, std::numeric_limits<double>::infinity());
         nn::utils::clip_grad_norm_(p, 1.0, 2.0, true);
       },
       "for gradients from `parameters` is non-finite, so it cannot be clipped"},
  });
}

TEST(Misuse, OptionsOfLayers) {
  expect_words({
      {[] { nn::Conv2d(0, 1, 2); },
       "Conv2d: in_channels, groups and out_channels must be a positive integer, got 0, 1 and 1"},
      {[] {
         nn::Embedding(nn::EmbeddingOptions(2, 3)._weight(ones({3, 2})));
       },
       "Embedding: Shape of _weight does not match num_embeddings and embedding_dim, got [3, 2]"},
      {[] {
         nn::EmbeddingBag(nn::EmbeddingBagOptions(2, 3)._weight(ones({3, 2})));
       },
       "EmbeddingBag: Shape of weight does not match num_embeddings and embedding_dim, got [3, 2]"},
      {[] {
         nn::AdaptiveAvgPool2d(nn::AdaptiveAvgPool2dOptions({2, 2, 2}));
       },
       "Expected 2 values, but instead got 3"},
      {[] {
         nn::CrossMapLRN2d(nn::CrossMapLRN2dOptions(0))->forward(ones({1, 1, 1, 1}));
       },
       "CrossMapLRN2d: size must be greater than zero, got 0"},
      {[] { nn::MultiMarginLoss(nn::MultiMarginLossOptions().p(3)); },
       "MultiMarginLoss: only p == 1 and p == 2 supported"},
      {[] {
         nn::MultiMarginLoss(nn::MultiMarginLossOptions().weight(ones({1, 2})));
       },
       "MultiMarginLoss: weight must be one-dimensional"},
      {[] { nn::GroupNorm(2, 3); }, "GroupNorm: num_channels must be divisible by num_groups, got 3 and 2"},
      {[] { nn::init::sparse_(ones({3}), 0.5); }, "Only tensors with 2 dimensions are supported, got [3]"},
  });
}

TEST(Misuse, InputsOfLayers) {
  expect_words({
      {[] {
         const std::vector<int64_t> size = {4, 4};
         nn::ConvTranspose2d(1, 1, 2)->forward(ones({2, 2}), IntArrayRef(size));
       },
       "ConvTranspose2d: Expected 3D (unbatched) or 4D (batched) input, got [2, 2]"},
      {[] {
         nn::InstanceNorm1d(2)->forward(ones({1, 2, 3, 4}));
       },
       "expected 2D or 3D input (got 4D input)"},
      {[] {
         nn::InstanceNorm2d(2)->forward(ones({1, 2}));
       },
       "expected 3D or 4D input (got 2D input)"},
      {[] {
         nn::AdaptiveAvgPool2d(2)->forward(ones({3, 3}));
       },
       "Input dimension should be at least 3, got [3, 3]"},
      {[] {
         F::max_unpool2d(ones({2, 2}), zeros({2, 2}, kLong), F::MaxUnpool2dFuncOptions(2));
       },
       "max_unpool2d: Expected 3D or 4D input, got [2, 2]"},
  });
}

TEST(Misuse, Functionals) {
  const Tensor none, batch = ones({1, 2, 4, 4}), at = tensor({0, 1});
  const auto bag = [](const Tensor& offsets) {
    return F::EmbeddingBagFuncOptions().mode(kMax).offsets(offsets).sparse(true);
  };
  expect_words({
      {[&] {
         F::embedding_bag(at, ones({2, 3}), bag(tensor({0})));
       },
       "embedding_bag: max mode does not support sparse weights"},
      {[&] {
         F::embedding_bag(at, ones({2, 3}), bag(zeros({1, 1}, kLong)));
       },
       "embedding_bag: offsets has to be a 1D Tensor, got [1, 1]"},
      {[&] {
         F::fold(none, F::FoldFuncOptions({2, 2}, 2));
       },
       "fold: expected a tensor, but got an undefined one"},
      {[&] { F::unfold(none, F::UnfoldFuncOptions(2)); }, "unfold: expected a tensor, but got an undefined one"},
      {[&] { F::gumbel_softmax(none); }, "gumbel_softmax: expected a tensor, but got an undefined one"},
      {[&] { F::gumbel_softmax(at); }, "gumbel_softmax: expected logits in floating point, got Long"},
      {[&] { F::multi_margin_loss(batch, at, F::MultiMarginLossFuncOptions().p(3)); },
       "multi_margin_loss: only p == 1 and p == 2 supported"},
      {[&] { F::local_response_norm(batch, F::LocalResponseNormFuncOptions(0)); },
       "local_response_norm: size must be greater than zero, got 0"},
      {[&] {
         Tensor out = ones({2}).requires_grad_();
         F::normalize(ones({2}), F::NormalizeFuncOptions().dim(0).out(out));
       },
       "normalize: functions with out=... arguments don't support automatic differentiation"},
      {[&] { F::max_unpool1d(none, none, F::MaxUnpool1dFuncOptions(2)); },
       "max_unpool1d: expected an input and indices, but got an undefined tensor"},
      {[&] { F::max_unpool2d(none, none, F::MaxUnpool2dFuncOptions(2)); },
       "max_unpool2d: expected an input and indices, but got an undefined tensor"},
      {[&] { F::max_unpool3d(none, none, F::MaxUnpool3dFuncOptions(2)); },
       "max_unpool3d: expected an input and indices, but got an undefined tensor"},
      {[&] { F::fractional_max_pool2d(batch, F::FractionalMaxPool2dFuncOptions(2)); },
       "fractional_max_pool2d requires specifying either an output_size or an output_ratio"},
      {[&] {
         F::fractional_max_pool2d(ones({2, 2}), F::FractionalMaxPool2dFuncOptions(2).output_size(2));
       },
       "fractional_max_pool2d: Expected 3D or 4D (batch mode) tensor, got [2, 2]"},
  });
}

TEST(Misuse, Interpolation) {
  const auto to = [](const std::vector<int64_t>& size) { return F::InterpolateFuncOptions().size(size); };
  expect_words({
      {[&] { F::interpolate(Tensor(), to({2})); }, "interpolate: expected a tensor, but got an undefined one"},
      {[&] {
         F::interpolate(ones({2, 2}), to({2}));
       },
       "Input Error: Only 3D, 4D and 5D input Tensors supported (got 2D) for the modes"},
      {[&] {
         F::interpolate(ones({1, 1, 2}), to({2, 2}));
       },
       "interpolate: size shape must match input shape. Input is 1D, size is [2, 2]"},
  });
}

TEST(Misuse, ABatchThatFailsDoesNotCount) {
  nn::BatchNorm1d norm(3);
  expect_words({
      {[&] {
         norm->forward(ones({1, 3}));
       },
       "Expected more than 1 value per channel when training"},
      {[&] {
         norm->forward(ones({4, 2}));
       },
       "batch_norm: weight should contain 2 elements not 3"},
  });
  EXPECT_EQ(norm->num_batches_tracked.item<int64_t>(), 0);
  EXPECT_TRUE(norm->running_mean.equal(zeros({3})));
  norm->forward(ones({4, 3}));
  EXPECT_EQ(norm->num_batches_tracked.item<int64_t>(), 1);
}

}  // namespace
