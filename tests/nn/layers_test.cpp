// Layers: initial weights, values, options and printing as PyTorch has them.
#include <gtest/gtest.h>

#include <cmath>

#include "gradus/tests/nn/parity.h"

using namespace gradus;
using namespace gradus::parity;
namespace F = gradus::nn::functional;
namespace init = gradus::nn::init;

namespace {

template <class Layer>
void expect_norm(const std::string& name, Layer layer, const Tensor& x) {
  {
    NoGradGuard no_grad;
    if (layer->weight.defined()) {
      layer->weight.copy_(filled(layer->weight.sizes().vec()));
      layer->bias.copy_(filled(layer->bias.sizes().vec()) / 2);
    }
  }
  Tensor trained;
  for (int i = 0; i < 3; ++i) trained = layer(x * (i + 1));
  layer->eval();
  std::vector<Tensor> all = {trained, layer(x)};
  for (const Tensor& b : layer->buffers()) all.push_back(b);
  expect_recorded(name, all, 3e-6);
}

}  // namespace

TEST(Layers, InitialWeightsAreThoseOfPyTorch) {
  expect_made("linear", [] { return nn::Linear(5, 3); });
  expect_made("linear_no_bias", [] { return nn::Linear(nn::LinearOptions(5, 3).bias(false)); });
  expect_made("bilinear", [] { return nn::Bilinear(2, 3, 4); });
  expect_made("conv1d", [] { return nn::Conv1d(nn::Conv1dOptions(4, 6, 3).groups(2)); });
  expect_made("conv2d", [] { return nn::Conv2d(nn::Conv2dOptions(3, 4, {3, 2})); });
  expect_made("embedding", [] { return nn::Embedding(nn::EmbeddingOptions(4, 3).padding_idx(1)); });
  expect_made("two_layers", [] {
    nn::Linear in(2, 4), out(4, 1);  // arguments of one call are made in no certain order
    return nn::Sequential(in, nn::Tanh(), out);
  });
}

TEST(Init, NumbersAreThoseOfPyTorch) {
  expect_started("uniform", {4, 5}, [](Tensor t) { return init::uniform_(t, -2, 3); });
  expect_started("normal", {4, 5}, [](Tensor t) { return init::normal_(t, 1, 2); });
  expect_started("xavier_uniform", {4, 3, 2}, [](Tensor t) { return init::xavier_uniform_(t, 1.5); });
  expect_started("xavier_normal", {4, 5}, [](Tensor t) { return init::xavier_normal_(t); });
  expect_started("kaiming_uniform", {4, 3, 2}, [](Tensor t) { return init::kaiming_uniform_(t, 0, kFanOut, kReLU); });
  expect_started("kaiming_normal", {4, 5}, [](Tensor t) { return init::kaiming_normal_(t, 0.2); });
  expect_started(
      "orthogonal_wide", {3, 5}, [](Tensor t) { return init::orthogonal_(t); }, 1e-6);
  expect_started(
      "orthogonal_tall", {4, 3, 1}, [](Tensor t) { return init::orthogonal_(t, 2.0); }, 1e-6);
  expect_started("sparse", {5, 4}, [](Tensor t) { return init::sparse_(t, 0.3); });
  expect_started("dirac", {3, 2, 3}, [](Tensor t) { return init::dirac_(t); });
  expect_started("eye", {2, 3}, [](Tensor t) { return init::eye_(t); });
}

TEST(Init, GainsAndErrors) {
  EXPECT_DOUBLE_EQ(init::calculate_gain(kLinear), 1);
  EXPECT_DOUBLE_EQ(init::calculate_gain(kConv2D), 1);
  EXPECT_DOUBLE_EQ(init::calculate_gain(kSigmoid), 1);
  EXPECT_DOUBLE_EQ(init::calculate_gain(kTanh), 5.0 / 3);
  EXPECT_DOUBLE_EQ(init::calculate_gain(kReLU), std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(init::calculate_gain(kLeakyReLU, 0.2), std::sqrt(2 / 1.04));
  EXPECT_EQ(init::_calculate_fan_in_and_fan_out(zeros({4, 3, 5, 2})), (std::tuple<int64_t, int64_t>(30, 40)));
  EXPECT_EQ(init::constant_(zeros({2}), 7)[1].item<float>(), 7);
  EXPECT_EQ(init::ones_(zeros({2}))[0].item<float>(), 1);
  EXPECT_EQ(init::zeros_(ones({2}))[0].item<float>(), 0);
  EXPECT_EQ(error_of([] { init::kaiming_uniform_(zeros({3})); }),
            "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions, got [3]");
  EXPECT_NE(error_of([] { init::eye_(zeros({3})); }).find("Only tensors with 2 dimensions are supported"),
            std::string::npos);
  EXPECT_NE(error_of([] {
              init::dirac_(zeros({3, 3}));
            }).find("Only tensors with 3, 4, or 5 dimensions"),
            std::string::npos);
  EXPECT_NE(error_of([] { init::orthogonal_(zeros({3})); }).find("Only tensors with 2 or more dimensions"),
            std::string::npos);
}

TEST(Layers, LinearAndItsGradients) {
  nn::Linear layer(3, 2);
  const Tensor x = randn({4, 3});
  const Tensor y = layer(x);
  EXPECT_TRUE(allclose(y, x.matmul(layer->weight.t()) + layer->bias));
  y.sum().backward();
  EXPECT_TRUE(allclose(layer->weight.grad()[0], x.sum(0)));
  EXPECT_FLOAT_EQ(layer->bias.grad()[1].item<float>(), 4);
  nn::Linear bare(nn::LinearOptions(3, 2).bias(false));
  EXPECT_FALSE(bare->bias.defined());
  EXPECT_EQ(bare->parameters().size(), 1u);
  EXPECT_TRUE(allclose(bare(x), x.matmul(bare->weight.t())));
  EXPECT_TRUE(allclose(F::linear(x, layer->weight, layer->bias), y));
  nn::Bilinear pair(3, 4, 5);
  {
    NoGradGuard no_grad;
    pair->weight.copy_(filled({5, 3, 4}));
    pair->bias.copy_(filled({5}));
  }
  expect_recorded("bilinear_forward", {pair(filled({2, 3}), filled({2, 4}))});
  EXPECT_NE(error_of([&] {
              pair(filled({2, 4}), filled({2, 4}));
            }).find("bilinear(): input1 size does not match weight size"),
            std::string::npos);
}

TEST(Layers, ShapesOnly) {
  const Tensor x = randn({2, 3, 4});
  EXPECT_EQ(nn::Flatten()(x).sizes(), (IntArrayRef{2, 12}));
  EXPECT_EQ(nn::Flatten(nn::FlattenOptions().start_dim(0).end_dim(1))(x).sizes(), (IntArrayRef{6, 4}));
  EXPECT_EQ(nn::Unflatten(2, std::vector<int64_t>{2, 2})(x).sizes(), (IntArrayRef{2, 3, 2, 2}));
  EXPECT_TRUE(nn::Identity()(x).is_same(x));
}

TEST(Layers, ConvolutionsPadAsTold) {
  const Tensor x = filled({2, 3, 6}), w = filled({4, 3, 3});
  const std::map<std::string, nn::conv_padding_mode_t> modes = {
      {"zeros", kZeros}, {"reflect", kReflect}, {"replicate", kReplicate}, {"circular", kCircular}};
  NoGradGuard no_grad;
  for (const auto& [name, mode] : modes) {
    nn::Conv1d layer(nn::Conv1dOptions(3, 4, 3).padding(2).padding_mode(mode).bias(false));
    layer->weight.copy_(w);
    expect_recorded("conv1d_" + name, {layer(x)}, 2e-6);
  }
  nn::Conv2d same(nn::Conv2dOptions(2, 2, {3, 4}).padding(kSame).padding_mode(kReflect).bias(false));
  same->weight.copy_(filled({2, 2, 3, 4}));
  expect_recorded("conv2d_same_reflect", {same(filled({1, 2, 5, 6}))}, 2e-6);
  expect_recorded("pad", {F::pad(filled({2, 3, 4}), F::PadFuncOptions({1, 2, -1, 1}).value(0.5))});
}

TEST(Layers, ConvolutionOptions) {
  const Tensor x = randn({2, 4, 8, 8});
  nn::Conv2d layer(nn::Conv2dOptions(4, 6, 3).stride(2).padding({1, 0}).dilation(2).groups(2));
  EXPECT_EQ(layer(x).sizes(), (IntArrayRef{2, 6, 3, 2}));
  EXPECT_TRUE(allclose(
      layer(x), F::conv2d(x, layer->weight,
                          F::Conv2dFuncOptions().bias(layer->bias).stride(2).padding({1, 0}).dilation(2).groups(2))));
  EXPECT_EQ(nn::Conv2d(nn::Conv2dOptions(4, 6, 3).padding(kSame))(x).sizes(), (IntArrayRef{2, 6, 8, 8}));
  EXPECT_EQ(nn::Conv2d(nn::Conv2dOptions(4, 6, 3).padding(kValid))(x).sizes(), (IntArrayRef{2, 6, 6, 6}));
  EXPECT_EQ(nn::Conv1d(4, 6, 3)(x.select(2, 0)).sizes(), (IntArrayRef{2, 6, 6}));
  EXPECT_EQ(error_of([] { nn::Conv2d(nn::Conv2dOptions(3, 4, 3).groups(2)); }),
            "in_channels must be divisible by groups");
  EXPECT_EQ(error_of([] { nn::Conv2d(nn::Conv2dOptions(4, 3, 3).groups(2)); }),
            "out_channels must be divisible by groups");
  EXPECT_EQ(error_of([] { nn::Conv2d(nn::Conv2dOptions(4, 4, 3).padding(kSame).stride(2)); }),
            "padding='same' is not supported for strided convolutions");
  EXPECT_EQ(error_of([] { nn::Conv2dOptions(4, 4, {3, 3, 3}); }), "Expected 2 values, but instead got 3");
}

TEST(Layers, NormsTrainAndEvaluate) {
  expect_norm("batch_norm1d", nn::BatchNorm1d(4), filled({5, 4}));
  expect_norm("batch_norm2d_average", nn::BatchNorm2d(nn::BatchNorm2dOptions(3).momentum(std::nullopt)),
              filled({2, 3, 2, 2}));
  expect_norm("batch_norm2d_untracked",
              nn::BatchNorm2d(nn::BatchNorm2dOptions(3).affine(false).track_running_stats(false)),
              filled({2, 3, 2, 2}));
  expect_norm("layer_norm", nn::LayerNorm(nn::LayerNormOptions({3, 4}).eps(1e-3)), filled({2, 3, 4}));
  expect_norm("group_norm", nn::GroupNorm(2, 4), filled({2, 4, 3}));
  expect_recorded("normalize", {F::normalize(filled({3, 4}))});
  EXPECT_EQ(error_of([] { nn::BatchNorm1d(3)(zeros({3})); }), "expected 2D or 3D input (got 1D input)");
  EXPECT_EQ(error_of([] { nn::BatchNorm2d(3)(zeros({2, 3})); }), "expected 4D input (got 2D input)");
  nn::BatchNorm2d norm(2);
  EXPECT_EQ(norm->named_buffers().keys(),
            (std::vector<std::string>{"running_mean", "running_var", "num_batches_tracked"}));
  norm(randn({2, 2, 3, 3}));
  EXPECT_EQ(norm->num_batches_tracked.item<int64_t>(), 1);
  norm->reset_running_stats();
  EXPECT_EQ(norm->num_batches_tracked.item<int64_t>(), 0);
  EXPECT_EQ(norm->running_var[0].item<float>(), 1);
  const Tensor x = randn({2, 3, 5, 5});
  const Tensor y = nn::InstanceNorm2d(3)(x);
  EXPECT_LT(y.mean(IntArrayRef{2, 3}).abs().max().item<float>(), 1e-5);
}

TEST(Layers, PoolingAndDropout) {
  const Tensor x = randn({2, 3, 8, 8});
  EXPECT_EQ(nn::MaxPool2d(2)(x).sizes(), (IntArrayRef{2, 3, 4, 4}));
  EXPECT_EQ(nn::MaxPool2d(nn::MaxPool2dOptions({3, 2}).stride(1).padding(1).ceil_mode(true))(x).size(2), 8);
  const auto [best, where_best] = nn::MaxPool2d(2)->forward_with_indices(x);
  EXPECT_TRUE(equal(x.flatten(2).gather(2, where_best.flatten(2)), best.flatten(2)));
  EXPECT_EQ(nn::MaxPool1d(2)(x[0]).sizes(), (IntArrayRef{3, 8, 4}));
  EXPECT_TRUE(allclose(nn::AvgPool2d(8)(x), nn::AdaptiveAvgPool2d(1)(x), 1e-4, 1e-6));
  EXPECT_EQ(nn::AdaptiveAvgPool2d(nn::AdaptiveAvgPool2dOptions({4, 2}))(x).sizes(), (IntArrayRef{2, 3, 4, 2}));
  EXPECT_EQ(nn::AdaptiveAvgPool2d(nn::AdaptiveAvgPool2dOptions({std::nullopt, 2}))(x).sizes(),
            (IntArrayRef{2, 3, 8, 2}));
  expect_recorded("avg_pool1d", {nn::AvgPool1d(nn::AvgPool1dOptions(3).stride(2).padding(1))(filled({1, 2, 7}))});
  expect_recorded("adaptive_avg_pool1d", {nn::AdaptiveAvgPool1d(3)(filled({1, 2, 7}))});

  nn::Dropout drop(0.25);
  const Tensor ones_in = ones({1000});
  const Tensor y = drop(ones_in);
  EXPECT_NEAR((y == 0).to(kFloat).mean().item<float>(), 0.25, 0.06);
  EXPECT_TRUE(((y == 0).logical_or((y - 4.0 / 3).abs() < 1e-6)).all().item<bool>());
  drop->eval();
  EXPECT_TRUE(equal(drop(ones_in), ones_in));
  Tensor in_place = ones({100});
  const Tensor same = nn::Dropout(nn::DropoutOptions(0.5).inplace(true))(in_place);
  EXPECT_TRUE(same.is_same(in_place));
  EXPECT_GT((in_place == 0).to(kFloat).sum().item<float>(), 0);
  const Tensor channels = nn::Dropout2d(0.5)(ones({50, 4, 3, 3}));
  EXPECT_TRUE(equal(channels.amax({2, 3}), channels.amin({2, 3})));
  EXPECT_EQ(error_of([] { nn::Dropout(1.5); }), "dropout probability has to be between 0 and 1, but got 1.5");
  EXPECT_EQ(error_of([] { nn::Dropout2d(-1); }), "dropout probability has to be between 0 and 1, but got -1");
}

TEST(Layers, Embedding) {
  nn::Embedding e(nn::EmbeddingOptions(5, 3).padding_idx(-2));
  EXPECT_EQ(*e->options.padding_idx(), 3);
  EXPECT_EQ(e->weight.detach()[3].abs().sum().item<float>(), 0);
  const Tensor x = tensor({{1, 3}, {1, 4}});
  const Tensor y = e(x);
  EXPECT_EQ(y.sizes(), (IntArrayRef{2, 2, 3}));
  y.sum().backward();
  EXPECT_TRUE(equal(e->weight.grad().select(1, 0), tensor({0.0f, 2.0f, 0.0f, 0.0f, 1.0f})));
  nn::Embedding by_frequency(nn::EmbeddingOptions(5, 3).scale_grad_by_freq(true));
  by_frequency(x).sum().backward();
  EXPECT_TRUE(allclose(by_frequency->weight.grad().select(1, 0), tensor({0.0f, 1.0f, 0.0f, 1.0f, 1.0f})));
  nn::Embedding bounded(nn::EmbeddingOptions(5, 3).max_norm(0.5));
  init::ones_(bounded->weight);
  EXPECT_NEAR(bounded(tensor({2})).norm().item<float>(), 0.5, 1e-5);
  EXPECT_FLOAT_EQ(bounded->weight.detach()[0][0].item<float>(), 1);
  const Tensor table = randn({4, 2});
  nn::Embedding given = nn::Embedding::from_pretrained(table);
  EXPECT_FALSE(given->weight.requires_grad());
  EXPECT_TRUE(equal(given(tensor({2, 0})), stack({table[2], table[0]})));
  EXPECT_TRUE(nn::Embedding::from_pretrained(table, nn::EmbeddingFromPretrainedOptions().freeze(false))
                  ->weight.requires_grad());
  EXPECT_NE(error_of([] {
              nn::Embedding(nn::EmbeddingOptions(5, 3).padding_idx(5));
            }).find("Padding_idx must be within num_embeddings"),
            std::string::npos);
}

TEST(Layers, ActivationsUseTheirOptions) {
  const Tensor x = filled({3, 7});
  EXPECT_TRUE(equal(nn::ELU(nn::ELUOptions().alpha(0.5))(x), elu(x, 0.5)));
  EXPECT_TRUE(equal(nn::SELU()(x), selu(x)));
  EXPECT_TRUE(equal(nn::CELU(nn::CELUOptions().alpha(2))(x), celu(x, 2)));
  EXPECT_TRUE(equal(nn::ReLU()(x), relu(x)));
  EXPECT_TRUE(equal(nn::ReLU6()(x * 10), relu6(x * 10)));
  EXPECT_TRUE(equal(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.3))(x), leaky_relu(x, 0.3)));
  EXPECT_TRUE(equal(nn::Hardtanh(nn::HardtanhOptions().min_val(-0.2).max_val(0.4))(x), hardtanh(x, -0.2, 0.4)));
  EXPECT_TRUE(equal(nn::Hardshrink(0.3)(x), hardshrink(x, 0.3)));
  EXPECT_TRUE(equal(nn::Softshrink(0.3)(x), softshrink(x, 0.3)));
  EXPECT_TRUE(equal(nn::Softplus(nn::SoftplusOptions().beta(2).threshold(1))(x), softplus(x, 2, 1)));
  EXPECT_TRUE(equal(nn::GLU(0)(x.narrow(0, 0, 2)), glu(x.narrow(0, 0, 2), 0)));
  EXPECT_TRUE(equal(nn::GELU()(x), gelu(x)));
  EXPECT_TRUE(equal(nn::GELU(nn::GELUOptions().approximate("tanh"))(x), gelu(x, "tanh")));
  EXPECT_TRUE(equal(nn::SiLU()(x), silu(x)));
  EXPECT_TRUE(equal(nn::Mish()(x), mish(x)));
  EXPECT_TRUE(equal(nn::Sigmoid()(x), sigmoid(x)));
  EXPECT_TRUE(equal(nn::LogSigmoid()(x), log_sigmoid(x)));
  EXPECT_TRUE(equal(nn::Tanh()(x), gradus::tanh(x)));
  EXPECT_TRUE(equal(nn::Softsign()(x), softsign(x)));
  EXPECT_TRUE(equal(nn::Tanhshrink()(x), tanhshrink(x)));
  EXPECT_TRUE(equal(nn::Threshold(0.1, 20)(x), threshold(x, 0.1, 20)));
  EXPECT_TRUE(equal(nn::Softmax(0)(x), x.softmax(0)));
  EXPECT_TRUE(equal(nn::Softmin(1)(x), (-x).softmax(1)));
  EXPECT_TRUE(equal(nn::LogSoftmax(1)(x), x.log_softmax(1)));
  EXPECT_TRUE(equal(F::log_softmax(x, 1), x.log_softmax(1)));
  EXPECT_TRUE(equal(nn::Softmax2d()(filled({2, 3, 1, 2})), filled({2, 3, 1, 2}).softmax(1)));
  EXPECT_NE(error_of([&] { nn::Softmax2d()(x); }).find("Softmax2d requires a 3D or 4D tensor"), std::string::npos);
  nn::PReLU p(nn::PReLUOptions().num_parameters(7).init(0.4));
  EXPECT_TRUE(equal(p(x), prelu(x, full({7}, 0.4))));
  EXPECT_EQ(p->parameters().size(), 1u);
  Tensor y = x.clone();
  EXPECT_TRUE(nn::ReLU(true)(y).is_same(y));
  EXPECT_TRUE(equal(y, relu(x)));
}

TEST(Layers, LossesUseTheirOptions) {
  const Tensor p = filled({3, 4}).sigmoid(), t = filled({4, 3}).sigmoid().t(), logits = filled({3, 4});
  const Tensor classes = tensor({1, 3, 2}), weight = tensor({0.5f, 1.0f, 2.0f, 0.1f});
  for (const std::string name : {"mean", "sum"}) {
    const nn::reduction_t r = name == "mean" ? nn::reduction_t(kMean) : nn::reduction_t(kSum);
    nn::KLDivLossOptions kl;
    name == "mean" ? kl.reduction(kMean) : kl.reduction(kSum);
    expect_recorded(
        "losses_" + name,
        {nn::L1Loss(nn::L1LossOptions().reduction(r))(p, t), nn::MSELoss(nn::MSELossOptions(r))(p, t),
         nn::SmoothL1Loss(nn::SmoothL1LossOptions(r).beta(0.3))(p, t),
         nn::HuberLoss(nn::HuberLossOptions(r).delta(0.2))(p, t),
         nn::BCELoss(nn::BCELossOptions().weight(weight).reduction(r))(p, t),
         nn::BCEWithLogitsLoss(nn::BCEWithLogitsLossOptions().weight(weight).pos_weight(weight * 2).reduction(r))(
             logits, t),
         nn::NLLLoss(nn::NLLLossOptions().weight(weight).ignore_index(3).reduction(r))(p.log(), classes),
         nn::CrossEntropyLoss(
             nn::CrossEntropyLossOptions().weight(weight).ignore_index(2).label_smoothing(0.1).reduction(r))(logits,
                                                                                                             classes),
         nn::KLDivLoss(kl.log_target(true))(p.log(), t.log())},
        3e-6);
  }
  expect_recorded("kl_div_batch_mean", {nn::KLDivLoss(nn::KLDivLossOptions(kBatchMean))(p.log(), t)}, 3e-6);
  EXPECT_EQ(nn::MSELoss(nn::MSELossOptions(kNone))(p, t).sizes(), p.sizes());
  EXPECT_FLOAT_EQ(F::mse_loss(p, t).item<float>(), nn::MSELoss()(p, t).item<float>());
  nn::CrossEntropyLoss weighted(nn::CrossEntropyLossOptions().weight(weight));
  EXPECT_EQ(weighted->named_buffers().keys(), std::vector<std::string>{"weight"});
  auto copy = std::dynamic_pointer_cast<nn::CrossEntropyLossImpl>(weighted->clone());
  EXPECT_FALSE(copy->weight.is_alias_of(weighted->weight));
  EXPECT_TRUE(weighted->weight.is_alias_of(weight));
  EXPECT_NE(error_of([&] {
              F::smooth_l1_loss(p, t, F::SmoothL1LossFuncOptions().beta(0.5), 0.2);
            }).find("expected beta not to be provided in 'options'"),
            std::string::npos);
}

using Printed = std::vector<std::pair<std::string, std::string>>;

void expect_printed(const Printed& all) {
  for (const auto& [got, want] : all) EXPECT_EQ(got, want);
}

TEST(Layers, Print) {
  expect_printed({
      {str(nn::Linear(3, 4)), "torch::nn::Linear(in_features=3, out_features=4, bias=true)"},
      {str(nn::Bilinear(3, 2, 4)), "torch::nn::Bilinear(in1_features=3, in2_features=2, out_features=4, bias=true)"},
      {str(nn::Identity()), "torch::nn::Identity()"},
      {str(nn::Flatten()), "torch::nn::Flatten(start_dim=1, end_dim=-1)"},
      {str(nn::Unflatten(0, std::vector<int64_t>{2, 2})), "torch::nn::Unflatten(dim=0, unflattened_size={2, 2})"},
      {str(nn::Conv1d(3, 4, 5)), "torch::nn::Conv1d(3, 4, kernel_size=5, stride=1)"},
      {str(nn::Conv2d(3, 4, 5)), "torch::nn::Conv2d(3, 4, kernel_size=[5, 5], stride=[1, 1])"},
      {str(nn::Conv2d(nn::Conv2dOptions(3, 4, 5).stride(2))),
       "torch::nn::Conv2d(3, 4, kernel_size=[5, 5], stride=[2, 2])"},
      {str(nn::Conv2d(nn::Conv2dOptions(4, 4, {5, 6})
                          .stride({1, 2})
                          .padding(1)
                          .dilation(2)
                          .groups(2)
                          .bias(false)
                          .padding_mode(kCircular))),
       "torch::nn::Conv2d(4, 4, kernel_size=[5, 6], stride=[1, 2], padding=[1, 1], dilation=[2, 2], groups=2, "
       "bias=false, padding_mode=kCircular)"},
      {str(nn::Conv2d(nn::Conv2dOptions(4, 4, 3).padding(kSame))),
       "torch::nn::Conv2d(4, 4, kernel_size=[3, 3], stride=[1, 1], padding='same')"},
      {str(nn::MaxPool1d(5)), "torch::nn::MaxPool1d(kernel_size=5, stride=5, padding=0, dilation=1, ceil_mode=false)"},
      {str(nn::MaxPool2d(nn::MaxPool2dOptions(5).stride(2))),
       "torch::nn::MaxPool2d(kernel_size=[5, 5], stride=[2, 2], padding=[0, 0], dilation=[1, 1], ceil_mode=false)"},
      {str(nn::AvgPool2d(nn::AvgPool2dOptions({5, 6}))),
       "torch::nn::AvgPool2d(kernel_size=[5, 6], stride=[5, 6], padding=[0, 0])"},
      {str(nn::AdaptiveAvgPool1d(5)), "torch::nn::AdaptiveAvgPool1d(output_size=5)"},
      {str(nn::AdaptiveAvgPool2d(nn::AdaptiveAvgPool2dOptions({5, std::nullopt}))),
       "torch::nn::AdaptiveAvgPool2d(output_size=[5, None])"},
      {str(nn::BatchNorm1d(nn::BatchNorm1dOptions(4).eps(0.5).momentum(0.1).affine(false).track_running_stats(true))),
       "torch::nn::BatchNorm1d(4, eps=0.5, momentum=0.1, affine=false, track_running_stats=true)"},
      {str(nn::BatchNorm2d(nn::BatchNorm2dOptions(4).momentum(std::nullopt))),
       "torch::nn::BatchNorm2d(4, eps=1e-05, momentum=None, affine=true, track_running_stats=true)"},
      {str(nn::InstanceNorm2d(4)),
       "torch::nn::InstanceNorm2d(4, eps=1e-05, momentum=0.1, affine=false, track_running_stats=false)"},
      {str(nn::LayerNorm(nn::LayerNormOptions({2, 2}))),
       "torch::nn::LayerNorm([2, 2], eps=1e-05, elementwise_affine=true)"},
      {str(nn::GroupNorm(nn::GroupNormOptions(2, 2).eps(2e-5).affine(false))),
       "torch::nn::GroupNorm(2, 2, eps=2e-05, affine=false)"},
      {str(nn::Dropout(0.5)), "torch::nn::Dropout(p=0.5, inplace=false)"},
      {str(nn::Dropout2d(nn::Dropout2dOptions(0.42).inplace(true))), "torch::nn::Dropout2d(p=0.42, inplace=true)"},
      {str(nn::Dropout3d()), "torch::nn::Dropout3d(p=0.5, inplace=false)"},
      {str(nn::Embedding(10, 2)), "torch::nn::Embedding(num_embeddings=10, embedding_dim=2)"},
      {str(nn::Embedding(
           nn::EmbeddingOptions(10, 2).padding_idx(3).max_norm(2).norm_type(2.5).scale_grad_by_freq(true).sparse(
               true))),
       "torch::nn::Embedding(num_embeddings=10, embedding_dim=2, padding_idx=3, max_norm=2, norm_type=2.5, "
       "scale_grad_by_freq=true, sparse=true)"},
  });
}

TEST(Activations, Print) {
  expect_printed({
      {str(nn::ELU(nn::ELUOptions().alpha(42.42).inplace(true))), "torch::nn::ELU(alpha=42.42, inplace=true)"},
      {str(nn::SELU(true)), "torch::nn::SELU(inplace=true)"},
      {str(nn::CELU()), "torch::nn::CELU(alpha=1)"},
      {str(nn::ReLU()), "torch::nn::ReLU()"},
      {str(nn::ReLU(nn::ReLUOptions().inplace(true))), "torch::nn::ReLU(inplace=true)"},
      {str(nn::ReLU6()), "torch::nn::ReLU6()"},
      {str(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2).inplace(true))),
       "torch::nn::LeakyReLU(negative_slope=0.2, inplace=true)"},
      {str(nn::Hardtanh(nn::HardtanhOptions().min_val(-42.42).max_val(0.42))),
       "torch::nn::Hardtanh(min_val=-42.42, max_val=0.42)"},
      {str(nn::Hardshrink(42.42)), "torch::nn::Hardshrink(42.42)"},
      {str(nn::Softshrink()), "torch::nn::Softshrink(0.5)"},
      {str(nn::Softplus(nn::SoftplusOptions().beta(0.24).threshold(42.42))),
       "torch::nn::Softplus(beta=0.24, threshold=42.42)"},
      {str(nn::GLU()), "torch::nn::GLU(dim=-1)"},
      {str(nn::GELU()), "torch::nn::GELU()"},
      {str(nn::SiLU()), "torch::nn::SiLU()"},
      {str(nn::Mish()), "torch::nn::Mish()"},
      {str(nn::Sigmoid()), "torch::nn::Sigmoid()"},
      {str(nn::LogSigmoid()), "torch::nn::LogSigmoid()"},
      {str(nn::Tanh()), "torch::nn::Tanh()"},
      {str(nn::Softsign()), "torch::nn::Softsign()"},
      {str(nn::Tanhshrink()), "torch::nn::Tanhshrink()"},
      {str(nn::Threshold(24.24, 42.42)), "torch::nn::Threshold(threshold=24.24, value=42.42)"},
      {str(nn::Softmax(1)), "torch::nn::Softmax(dim=1)"},
      {str(nn::Softmin(1)), "torch::nn::Softmin(dim=1)"},
      {str(nn::LogSoftmax(1)), "torch::nn::LogSoftmax(dim=1)"},
      {str(nn::Softmax2d()), "torch::nn::Softmax2d()"},
      {str(nn::PReLU(nn::PReLUOptions().num_parameters(42))), "torch::nn::PReLU(num_parameters=42)"},
      {str(nn::L1Loss()), "torch::nn::L1Loss()"},
      {str(nn::MSELoss()), "torch::nn::MSELoss()"},
      {str(nn::KLDivLoss()), "torch::nn::KLDivLoss()"},
      {str(nn::BCELoss()), "torch::nn::BCELoss()"},
      {str(nn::BCEWithLogitsLoss()), "torch::nn::BCEWithLogitsLoss()"},
      {str(nn::NLLLoss()), "torch::nn::NLLLoss()"},
      {str(nn::CrossEntropyLoss()), "torch::nn::CrossEntropyLoss()"},
      {str(nn::SmoothL1Loss()), "torch::nn::SmoothL1Loss"},
      {str(nn::HuberLoss()), "torch::nn::HuberLoss"},
  });
  EXPECT_EQ(enumtype::get_enum_name(nn::reduction_t(kMean)), "kMean");
}

TEST(Utils, ClipGradNorm) {
  for (const auto& [name, order] :
       {std::pair<std::string, double>{"clip_2", 2}, {"clip_1", 1}, {"clip_inf", INFINITY}}) {
    Tensor a = zeros({3}).requires_grad_(), b = zeros({2, 2}).requires_grad_(), none = zeros({1}).requires_grad_();
    a.mutable_grad() = filled({3}) * 3;
    b.mutable_grad() = filled({2, 2}) * 3;
    const double total = nn::utils::clip_grad_norm_({a, none, b}, 1.5, order);
    expect_recorded(name, {scalar_tensor(total), a.grad(), b.grad()});
  }
  Tensor a = zeros({2}).requires_grad_();
  a.mutable_grad() = ones({2});
  EXPECT_NEAR(nn::utils::clip_grad_norm_(a, 100), std::sqrt(2), 1e-6);
  EXPECT_EQ(a.grad()[0].item<float>(), 1);
  a.mutable_grad() = full({2}, INFINITY);
  EXPECT_NE(error_of([&] { nn::utils::clip_grad_norm_(a, 1, 2, true); }).find("is non-finite"), std::string::npos);
  EXPECT_TRUE(std::isinf(nn::utils::clip_grad_norm_(a, 1)));
}

TEST(Utils, ClipGradValue) {
  Tensor a = zeros({3}).requires_grad_();
  a.mutable_grad() = tensor({-5.0f, 0.5f, 5.0f});
  nn::utils::clip_grad_value_(a, 1);
  EXPECT_TRUE(equal(a.grad(), tensor({-1.0f, 0.5f, 1.0f})));
}

TEST(Utils, ParametersToVectorAndBack) {
  nn::Linear a(2, 3), b(2, 3);
  const Tensor v = nn::utils::parameters_to_vector(a->parameters());
  EXPECT_EQ(v.sizes(), IntArrayRef{9});
  v.sum().backward();
  EXPECT_TRUE(equal(a->weight.grad(), ones({3, 2})));
  nn::utils::vector_to_parameters(v, b->parameters());
  EXPECT_TRUE(equal(b->weight, a->weight));
  EXPECT_TRUE(equal(b->bias, a->bias));
  EXPECT_TRUE(b->weight.requires_grad() && b->weight.is_leaf());
  EXPECT_NE(error_of([&] { nn::utils::vector_to_parameters(v, {a->bias}); }).find("expected a vector of 3 numbers"),
            std::string::npos);
}

TEST(ExpandingArray, ExpandsAndChecks) {
  EXPECT_EQ(str(ExpandingArray<3>(2)), "[2, 2, 2]");
  EXPECT_EQ(str(ExpandingArray<2>({2, 3})), "[2, 3]");
  EXPECT_EQ(str(ExpandingArray<1>(4)), "4");
  EXPECT_EQ(ExpandingArray<2>(std::vector<int64_t>{1, 2})->at(1), 2);
  EXPECT_EQ(error_of([] { ExpandingArray<5>({1, 2, 3, 4, 5, 6, 7}); }), "Expected 5 values, but instead got 7");
}
