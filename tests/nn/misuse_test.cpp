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
