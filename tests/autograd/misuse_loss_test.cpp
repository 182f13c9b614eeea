// Misuse of losses, embeddings and the engine, and what is said of it.
#include "gradus/autograd/record.h"
#include "gradus/gradus.h"
#include "gradus/tests/misuse.h"

using namespace gradus;
using gradus_tests::expect_words;

namespace {

const Tensor none;
Tensor a() { return ones({2, 3}); }
Tensor scalar() { return ones({}); }
Tensor classes() { return tensor({0, 1}); }

TEST(MisuseOfLosses, Classes) {
  expect_words({
      {[] { nll_loss(scalar(), classes()); }, "nll_loss: Expected 1 or more dimensions (got 0)"},
      {[] { nll_loss(a(), classes(), ones({3}, kDouble)); }, "nll_loss: expected scalar type Float but found Double"},
      {[] { nll_loss(a(), classes(), {}, 7); }, "nll_loss: 7 is not a valid value for reduction"},
      {[] { nll_loss_nd(scalar(), classes()); }, "nll_loss_nd: Expected 1 or more dimensions (got 0)"},
      {[] {
         nll_loss2d(a(), zeros({2, 1, 1}, kLong));
       },
       "nll_loss2d: only batches of spatial inputs supported (4D tensors), but got input of dimension: 2"},
      {[] { cross_entropy_loss(scalar(), scalar()); }, "cross_entropy_loss: Expected 1 or more dimensions (got 0)"},
      {[] { cross_entropy_loss(a(), a(), {}, 7); }, "cross_entropy_loss: 7 is not a valid value for reduction"},
      {[] { cross_entropy_loss(scalar(), classes()); }, "cross_entropy_loss: Expected 1 or more dimensions (got 0)"},
      {[] { cross_entropy_loss(a(), classes(), {}, 7); }, "cross_entropy_loss: 7 is not a valid value for reduction"},
      {[] { multilabel_soft_margin_loss(scalar(), scalar()); },
       "multilabel_soft_margin_loss: Expected 1 or more dimensions (got 0)"},
  });
}

TEST(MisuseOfLosses, Undefined) {
  expect_words({
      {[] { binary_cross_entropy(a(), none); }, "binary_cross_entropy: expected two tensors, but got an undefined one"},
      {[] { binary_cross_entropy_with_logits(a(), none); },
       "binary_cross_entropy_with_logits: expected two tensors, but got an undefined one"},
      {[] { margin_ranking_loss(a(), a(), none); },
       "margin_ranking_loss: expected three tensors, but got an undefined one"},
  });
}

TEST(MisuseOfLosses, Types) {
  const Tensor whole = ones({2, 3}, kInt);
  expect_words({
      {[&] { l1_loss(whole, whole); }, "l1_loss: \"l1_loss\" not implemented for 'Int'"},
  });
}

TEST(MisuseOfEmbeddings, Bags) {
  auto bag = [](const Tensor& indices, const Tensor& weights, std::optional<int64_t> padding = std::nullopt) {
    embedding_bag(a(), indices, tensor({0}), false, 0, false, weights, false, padding);
  };
  expect_words({
      {[] { embedding_bag(none, classes(), classes()); }, "embedding_bag: expected a tensor, but got an undefined one"},
      {[=] { bag(none, none); }, "embedding_bag: expected a tensor, but got an undefined one"},
      {[=] { bag(ones({2}), none); },
       "embedding_bag: Expected tensor for argument 'indices' to have one of the following scalar types: Long, Int; "
       "but "
       "got Float"},
      {[=] {
         bag(zeros({1, 2}, kLong), none);
       },
       "embedding_bag: indices has to be a 1D Tensor, but got Tensor of dimension 2"},
      {[=] { bag(classes(), ones({2}, kDouble)); },
       "embedding_bag: expected per_sample_weights to have the same type as weight, got Double and Float"},
      {[=] { bag(classes(), ones({3})); },
       "embedding_bag: If per_sample_weights ([3]) is not null, then it must have the same shape as the input ([2])"},
      {[=] { bag(classes(), none, 2); },
       "embedding_bag: padding_idx must be within the number of embeddings, -2 through 1, but got 2"},
  });
}

/// Gives more gradients than it has inputs.
struct Generous : autograd::Function<Generous> {
  static Tensor forward(autograd::AutogradContext*, const Tensor& x) { return x * 2; }
  static autograd::variable_list backward(autograd::AutogradContext*, autograd::variable_list g) {
    return {g[0], g[0]};
  }
};

/// Its result has whole numbers.
struct Rounded : autograd::Function<Rounded> {
  static Tensor forward(autograd::AutogradContext*, const Tensor& x) { return x.detach().to(kLong); }
  static autograd::variable_list backward(autograd::AutogradContext*, autograd::variable_list g) { return {g[0]}; }
};

TEST(MisuseOfTheEngine, Gradients) {
  expect_words({
      {[] { Rounded::apply(scalar().requires_grad_()).backward(); },
       "element 0 of tensors does not require grad and does not have a grad_fn"},
      {[] {
         record("rounded", ones({}, kLong), {scalar().requires_grad_()}, [](const Tensor& g, Node&) {
           return g;
         }).backward();
       },
       "grad can be computed only for floating point outputs, but got Long"},
      {[] {
         const Tensor x = scalar().requires_grad_();
         autograd::backward({x * 2}, {}, std::nullopt, false, {scalar()});
       },
       "One of the differentiated Tensors does not require grad"},
      {[] { Generous::apply(a().requires_grad_()).sum().backward(); },
       "returned an incorrect number of gradients (expected 1, got 2)"},
      {[] { autograd::gradcheck([](const auto& x) { return x[0] * 2; }, {a().to(kDouble)}); },
       "gradcheck expects at least one input tensor to require gradient, but none of the them have "
       "requires_grad=True."},
      {[] { a().register_post_accumulate_grad_hook([](const Tensor&) {}); },
       "cannot register a hook on a tensor that doesn't require gradient"},
  });
}

}  // namespace
