// Layers with odd options, values and gradients as PyTorch has them.
#include "gradus/tests/nn/parity.h"

using namespace gradus;
using namespace gradus::parity;
namespace F = gradus::nn::functional;
namespace init = gradus::nn::init;

TEST(Options, OfNorms) {
  expect_layer("rms_norm", nn::RMSNorm(std::vector<int64_t>{3, 4}), filled({2, 3, 4}));
  expect_layer("rms_norm_eps", nn::RMSNorm(nn::RMSNormOptions({4}).eps(0.1)), filled({3, 4}));
  expect_layer("group_norm_image", nn::GroupNorm(nn::GroupNormOptions(2, 4).eps(1e-3)), filled({2, 4, 3, 5}));
  expect_layer("batch_norm3d", nn::BatchNorm3d(nn::BatchNorm3dOptions(2).eps(1e-3)), filled({2, 2, 2, 3, 2}));
  expect_layer("instance_norm3d", nn::InstanceNorm3d(nn::InstanceNorm3dOptions(2).affine(true)),
               filled({2, 2, 2, 3, 2}));
  expect_layer("instance_norm2d_unbatched", nn::InstanceNorm2d(nn::InstanceNorm2dOptions(2).affine(true)),
               filled({2, 3, 2}));
  EXPECT_EQ(nn::RMSNorm(nn::RMSNormOptions({3}).elementwise_affine(false))->parameters().size(), 0u);
  const Tensor x = filled({3, 4}), w = filled({4});
  EXPECT_TRUE(F::rms_norm(x, F::RMSNormFuncOptions({4}).weight(w).eps(0.1)).equal(rms_norm(x, {4}, w, 0.1)));
}

TEST(Options, NormsSayWhichInputsTheyTake) {
  EXPECT_EQ(error_of([] { nn::BatchNorm3d(2)(zeros({2, 2, 2, 2})); }), "expected 5D input (got 4D input)");
  EXPECT_EQ(error_of([] { nn::InstanceNorm3d(2)(zeros({2, 2, 2})); }), "expected 4D or 5D input (got 3D input)");
  const char* few = "Expected more than 1 value per channel when training, got input size [1, 3]";
  EXPECT_EQ(error_of([] { nn::BatchNorm1d(3)(zeros({1, 3})); }), few);
  EXPECT_EQ(error_of([] { F::batch_norm(zeros({1, 3}), {}, {}, F::BatchNormFuncOptions().training(true)); }), few);
  nn::BatchNorm1d norm(3);
  norm->eval();
  EXPECT_EQ(norm(zeros({1, 3})).sizes(), (IntArrayRef{1, 3}));
}

TEST(Options, OfActivations) {
  const Tensor x = filled({2, 4, 3, 2}) * 4 + 0.013;
  auto expect = [&](const char* name, auto layer) {
    expect_gradients(
        name, [&](auto& x) { return layer(x); }, x);
  };
  expect("hardswish", nn::Hardswish());
  expect("hardsigmoid", nn::Hardsigmoid());
  nn::RReLU rrelu(nn::RReLUOptions().lower(0.2).upper(0.5));
  rrelu->eval();
  expect("rrelu_eval", rrelu);
  expect("glu", nn::GLU(1));
  expect("softmax2d", nn::Softmax2d());
  expect("gelu_tanh", nn::GELU(nn::GELUOptions().approximate("tanh")));
  expect("mish", nn::Mish());
  expect("celu", nn::CELU(nn::CELUOptions().alpha(0.7)));
  expect("softplus", nn::Softplus(nn::SoftplusOptions().beta(3).threshold(1.25)));
  expect("log_softmax", nn::LogSoftmax(2));
  expect("softmin", nn::Softmin(0));
  expect("hardshrink", nn::Hardshrink(0.35));
  expect("softshrink", nn::Softshrink(0.35));
  nn::PReLU prelu(nn::PReLUOptions().num_parameters(3));
  expect_layer("prelu", prelu, filled({2, 3, 4}));
}

TEST(Options, RReLUDrawsTheSlopesOfPyTorch) {
  nn::RReLU rrelu(nn::RReLUOptions().lower(0.2).upper(0.5));
  manual_seed(0);
  expect_recorded("rrelu_train", {rrelu(filled({3, 7}))});
  manual_seed(0);
  const Tensor x = filled({3, 7});
  const Tensor y = F::rrelu(x, F::RReLUFuncOptions().lower(0.2).upper(0.5).training(true).inplace(true));
  EXPECT_TRUE(y.is_same(x));
  expect_recorded("rrelu_train", {x});
  EXPECT_EQ(str(rrelu), "torch::nn::RReLU(lower=0.2, upper=0.5)");
  EXPECT_EQ(str(nn::RReLU(nn::RReLUOptions().inplace(true))),
            "torch::nn::RReLU(lower=0.125, upper=0.333333, inplace=true)");
}

TEST(Options, GumbelSoftmaxDrawsClasses) {
  manual_seed(3);
  const Tensor logits = log(tensor({0.1, 0.2, 0.7}, kFloat)).expand({20000, 3}).contiguous().requires_grad_();
  const Tensor y = F::gumbel_softmax(logits, F::GumbelSoftmaxFuncOptions().hard(true).tau(0.5));
  const Tensor share = y.detach().mean(0);
  EXPECT_TRUE(share.allclose(tensor({0.1, 0.2, 0.7}, kFloat), 0, 0.015)) << share;
  EXPECT_TRUE(y.detach().sum(1).allclose(ones({20000})));
  y.select(1, 0).sum().backward();
  EXPECT_GT(logits.grad().abs().sum().item<float>(), 0);
  const Tensor soft = F::gumbel_softmax(logits.detach(), F::GumbelSoftmaxFuncOptions().dim(0));
  EXPECT_TRUE(soft.sum(0).allclose(ones({3}), 1e-4, 1e-4));
}

TEST(Options, AlphaDropoutKeepsMeanAndVariance) {
  manual_seed(1);
  nn::AlphaDropout drop(0.3);
  nn::FeatureAlphaDropout drop_channels(0.3);
  const Tensor x = randn({300, 400});
  const Tensor y = drop(x);
  EXPECT_NEAR(y.mean().item<double>(), 0, 0.02);
  EXPECT_NEAR(y.var().item<double>(), 1, 0.03);
  const Tensor z = drop_channels(ones({50, 20, 5})).var(2);
  EXPECT_EQ(z.abs().max().item<float>(), 0);
  drop->eval();
  EXPECT_TRUE(drop(x).is_same(x));
  EXPECT_EQ(str(drop), "torch::nn::AlphaDropout(p=0.3, inplace=false)");
  EXPECT_EQ(str(drop_channels), "torch::nn::FeatureAlphaDropout(p=0.3, inplace=false)");
  // As in LibTorch the functional forms do nothing unless told that this is training.
  EXPECT_TRUE(F::alpha_dropout(x).is_same(x));
  const Tensor own = x.clone();
  EXPECT_TRUE(
      F::feature_alpha_dropout(own, F::FeatureAlphaDropoutFuncOptions().training(true).inplace(true)).is_same(own));
  EXPECT_FALSE(own.equal(x));
  EXPECT_EQ(error_of([] { nn::AlphaDropout(-0.1); }), "dropout probability has to be between 0 and 1, but got -0.1");
}

TEST(Options, DropoutInPlaceOverwritesItsInput) {
  manual_seed(2);
  const Tensor x = ones({4, 6, 5}), y = F::dropout(x, F::DropoutFuncOptions().p(0.5).inplace(true));
  EXPECT_TRUE(y.is_same(x));
  EXPECT_EQ(((x == 0) | (x == 2)).all().item<bool>(), true);
  // Of a matrix single elements are dropped, as LibTorch does.
  const Tensor matrix = nn::Dropout2d(0.5)(ones({40, 50}));
  EXPECT_TRUE(((matrix == 0) | (matrix == 2)).all().item<bool>());
  EXPECT_NEAR(matrix.mean().item<double>(), 1, 0.15);
  const Tensor channels = ones({6, 3, 5});
  EXPECT_TRUE(F::dropout2d(channels, F::Dropout2dFuncOptions().p(0.5).inplace(true)).is_same(channels));
  EXPECT_EQ(channels.var({1, 2}).abs().max().item<float>(), 0);
  EXPECT_TRUE((channels == 0).any().item<bool>());
}

namespace {

struct EmbeddingBag : testing::Test {
  Tensor indices = tensor({1, 4, 1, 0, 3, 3, 2}), offsets = tensor({0, 3, 3, 5});
};
using Embedding = EmbeddingBag;

}  // namespace

TEST_F(EmbeddingBag, IsThatOfPyTorch) {
  const std::pair<const char*, nn::EmbeddingBagMode> modes[] = {{"sum", kSum}, {"mean", kMean}, {"max", kMax}};
  for (const auto& [name, mode] : modes) {
    expect_layer(str("bag_", name), nn::EmbeddingBag(nn::EmbeddingBagOptions(5, 3).mode(mode)), indices, offsets);
    expect_layer(str("bag_table_", name), nn::EmbeddingBag(nn::EmbeddingBagOptions(5, 3).mode(mode).padding_idx(1)),
                 indices.narrow(0, 0, 6).reshape({3, 2}));
  }
  expect_layer("bag_last_offset", nn::EmbeddingBag(nn::EmbeddingBagOptions(5, 3).mode(kSum).include_last_offset(true)),
               indices, tensor({0, 3, 3, 7}), filled({7}) + 0.5);
  expect_layer("bag_max_norm", nn::EmbeddingBag(nn::EmbeddingBagOptions(5, 3).max_norm(1.1).norm_type(1.5)), indices,
               offsets);
  expect_made("embedding_bag", [] { return nn::EmbeddingBag(nn::EmbeddingBagOptions(4, 3).padding_idx(2)); });
}

TEST_F(EmbeddingBag, FreezesStandsInContainersAndPrints) {
  const Tensor table = filled({4, 3});
  nn::EmbeddingBag frozen =
      nn::EmbeddingBag::from_pretrained(table, nn::EmbeddingBagFromPretrainedOptions().mode(kSum));
  EXPECT_FALSE(frozen->weight.requires_grad());
  EXPECT_TRUE(frozen(tensor({{1, 2}})).equal(table[1].unsqueeze(0) + table[2]));
  nn::AnyModule any(frozen);
  EXPECT_TRUE(any.forward(tensor({{0, 0}})).equal(2 * table.narrow(0, 0, 1)));
  EXPECT_EQ(str(nn::EmbeddingBag(10, 2)), "torch::nn::EmbeddingBag(num_embeddings=10, embedding_dim=2)");
  EXPECT_EQ(str(nn::EmbeddingBag(nn::EmbeddingBagOptions(10, 2)
                                     .max_norm(2)
                                     .norm_type(3)
                                     .scale_grad_by_freq(true)
                                     .sparse(true)
                                     .mode(kSum)
                                     .padding_idx(5))),
            "torch::nn::EmbeddingBag(num_embeddings=10, embedding_dim=2, max_norm=2, norm_type=3, "
            "scale_grad_by_freq=true, sparse=true, mode=kSum, padding_idx=5)");
}

TEST_F(EmbeddingBag, SaysWhatItCannotTake) {
  const Tensor w = ones({5, 3});
  auto error = [&](const Tensor& x, const F::EmbeddingBagFuncOptions& o) {
    return error_of([&] { F::embedding_bag(x, w, o); });
  };
  using O = F::EmbeddingBagFuncOptions;
  EXPECT_NE(error(tensor({{1, 2}}), O().offsets(offsets)).find("If input is 2D, then offsets has to be null"),
            std::string::npos);
  EXPECT_EQ(error(indices, O()), "offsets has to be a 1D Tensor but got null");
  EXPECT_EQ(error(zeros({1, 1, 1}, kLong), O()), "input has to be 1D or 2D Tensor, but got Tensor of dimension 3");
  EXPECT_EQ(error(indices, O().offsets(offsets).mode(kMax).scale_grad_by_freq(true)),
            "embedding_bag: max mode does not support scaling the gradient by the frequency");
  EXPECT_NE(error(indices, O().offsets(offsets).per_sample_weights(ones({7})))
                .find("only supported for mode='kSum' (got mode='kMean')"),
            std::string::npos);
  EXPECT_NE(error(indices, O().offsets(offsets).mode(kSum).per_sample_weights(ones({6})))
                .find("must have the same shape as the input ([7])"),
            std::string::npos);
}

TEST_F(Embedding, RenormalizesOnlyTheRowsItLooksUp) {
  expect_layer(
      "embedding_options",
      nn::Embedding(nn::EmbeddingOptions(5, 3).padding_idx(-2).max_norm(0.9).norm_type(3).scale_grad_by_freq(true)),
      indices.reshape({7, 1}));
  const Tensor w = full({3, 2}, 4.0), before = w.clone();
  F::embedding(tensor({2, 2}), w, F::EmbeddingFuncOptions().max_norm(1));
  EXPECT_TRUE(w.narrow(0, 0, 2).equal(before.narrow(0, 0, 2)));
  EXPECT_NEAR(w[2].norm().item<double>(), 1, 1e-6);
}

TEST(Init, TruncatedNormalsAreThoseOfPyTorch) {
  expect_started("trunc_normal", {5, 8}, [](Tensor t) { return init::trunc_normal_(t); });
  expect_started("trunc_normal_one_side", {5, 4}, [](Tensor t) { return init::trunc_normal_(t, 0.5, 2, -1, 1); });
  expect_started("trunc_normal_tail", {5, 4}, [](Tensor t) { return init::trunc_normal_(t, 0, 1, 1.2, 4); });
  EXPECT_NE(error_of([] { init::trunc_normal_(zeros({2}), 0, 1, 2, 1); }).find("expected a <= b"), std::string::npos);
}

TEST(Init, OrthogonalIsThatOfPyTorchAtEverySize) {
  expect_started(
      "orthogonal_large", {20, 7}, [](Tensor t) { return init::orthogonal_(t); }, 2e-6);
  for (const std::vector<int64_t>& sizes :
       std::vector<std::vector<int64_t>>{{1, 1}, {1, 5}, {31, 31}, {32, 40}, {33, 33}, {300, 200}, {200, 300}}) {
    const Tensor t = init::orthogonal_(zeros(sizes), 2).to(kDouble);
    const int64_t k = std::min(sizes[0], sizes[1]);
    const Tensor product = sizes[0] > sizes[1] ? t.t().matmul(t) : t.matmul(t.t());
    EXPECT_TRUE(product.allclose(4 * eye(k, kDouble), 0, 2e-6)) << IntArrayRef(sizes);
  }
  EXPECT_EQ(init::orthogonal_(zeros({0, 3})).numel(), 0);
}
