// What Sequential computes as one operation, against the same modules called one by one: to the bit (convolutions with
// their pooling up to rounding), whatever is changed in between.
#include <gtest/gtest.h>

#include <cstring>
#include <sstream>

#include "gradus/gradus.h"
#include "gradus/nn/nn.h"
#include "gradus/tests/misuse.h"

using namespace gradus;

namespace {

using gradus_tests::error_of;

bool same_bits(const Tensor& a, const Tensor& b) {
  if (!a.defined() || !b.defined()) return a.defined() == b.defined();
  if (a.sizes() != b.sizes() || a.scalar_type() != b.scalar_type()) return false;
  const Tensor x = a.detach().contiguous(), y = b.detach().contiguous();
  return std::memcmp(x.data_ptr(), y.data_ptr(), static_cast<size_t>(x.numel()) * x.element_size()) == 0;
}

bool same(const Tensor& a, const Tensor& b, double tolerance) {
  if (tolerance == 0 || !a.defined() || !b.defined()) return same_bits(a, b);
  return a.sizes() == b.sizes() && allclose(a, b, 0, tolerance * std::max(1.0, b.abs().max().item<double>()));
}

// The modules one after the other, each by itself.
Tensor one_by_one(const nn::Sequential& net, Tensor x) {
  for (nn::AnyModule& m : *net.ptr()) x = m.forward(x);
  return x;
}

// Result, gradients, and buffers of the net against those of a copy whose modules are called one by one.
void expect_same(const nn::Sequential& net, const Tensor& x, const std::string& what, double tolerance = 0) {
  const nn::Sequential copy(std::dynamic_pointer_cast<nn::SequentialImpl>(net->clone()));
  const auto of_net = net->parameters(), of_copy = copy->parameters();
  for (size_t i = 0; i < of_net.size(); ++i) of_copy[i].set_requires_grad(of_net[i].requires_grad());
  for (bool recorded : {true, false}) {
    AutoGradMode mode(recorded);
    const Tensor a = x.clone().requires_grad_(recorded), b = x.clone().requires_grad_(recorded);
    const Tensor y = net.ptr()->forward(a), want = one_by_one(copy, b);
    ASSERT_TRUE(same(y, want, tolerance)) << what << (recorded ? "" : ", without a graph");
    ASSERT_EQ(y.requires_grad(), want.requires_grad()) << what;
    if (recorded && y.requires_grad()) {
      const Tensor g = randn(y.sizes(), y.scalar_type());
      y.backward(g);
      want.backward(g);
      EXPECT_TRUE(same(a.grad(), b.grad(), tolerance)) << what;
    }
    const auto ps = net->named_parameters(), qs = copy->named_parameters();
    for (size_t i = 0; i < ps.size(); ++i)
      EXPECT_TRUE(same(ps[i].value().grad(), qs[i].value().grad(), tolerance)) << what << ' ' << ps[i].key();
    const auto bs = net->named_buffers(), cs = copy->named_buffers();
    for (size_t i = 0; i < bs.size(); ++i)
      EXPECT_TRUE(same_bits(bs[i].value(), cs[i].value())) << what << ' ' << bs[i].key();
  }
  net.ptr()->zero_grad();
}

std::string node_of(const Tensor& t) { return t.grad_fn() ? t.grad_fn()->name() : "none"; }

struct TwiceLinearImpl : nn::LinearImpl {
  using LinearImpl::LinearImpl;
  Tensor forward(const Tensor& x) { return 2 * LinearImpl::forward(x); }
};
GRADUS_MODULE(TwiceLinear);

struct ShiftedReLUImpl : nn::ReLUImpl {
  Tensor forward(const Tensor& x) { return ReLUImpl::forward(x - 0.5); }
};
GRADUS_MODULE(ShiftedReLU);

struct ShiftedPoolImpl : nn::MaxPool2dImpl {
  using MaxPool2dImpl::MaxPool2dImpl;
  Tensor forward(const Tensor& x) { return MaxPool2dImpl::forward(x) - 1; }
};
GRADUS_MODULE(ShiftedPool);

}  // namespace

TEST(SequentialFused, LinearWithActivations) {
  nn::Sequential net(nn::Linear(5, 7), nn::ReLU(), nn::Linear(7, 300), nn::Tanh(),
                     nn::Linear(nn::LinearOptions(300, 6).bias(false)), nn::Sigmoid(), nn::Linear(6, 3),
                     nn::ReLU(nn::ReLUOptions(true)), nn::Linear(3, 2));
  for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{4, 5}, {5}, {2, 3, 5}, {0, 5}, {200, 5}})
    expect_same(net, randn(sizes), str("linear ", IntArrayRef(sizes)));
  net->to(kDouble);
  expect_same(net, randn({4, 5}, kDouble), "linear, double");
  net->to(kBFloat16);
  expect_same(net, randn({4, 5}).to(kBFloat16), "linear, bfloat16");
}

TEST(SequentialFused, AreOneNode) {
  const Tensor x = randn({4, 3}), image = randn({2, 3, 6, 6}).requires_grad_();
  EXPECT_EQ(node_of(nn::Sequential(nn::Linear(3, 2), nn::ReLU())->forward(x)),
            node_of(linear_activated(x, ones({2, 3}).requires_grad_(), {}, detail::Activation::relu)));
  const Tensor images = randn({32, 1, 12, 12});
  EXPECT_EQ(node_of(nn::Sequential(nn::Conv2d(1, 3, 3), nn::MaxPool2d(2))->forward(images)),
            "ConvolutionMaxPool2dBackward0");
  EXPECT_EQ(node_of(nn::Sequential(nn::Conv2d(1, 3, 3), nn::MaxPool2d(2))->forward(image.narrow(1, 0, 1))),
            node_of(max_pool2d(image, 2)));  // too few images
  const std::string norm = node_of(batch_norm_relu(x, ones({3}).requires_grad_(), {}, {}, {}, true, 0, 1e-5));
  EXPECT_EQ(node_of(nn::Sequential(nn::BatchNorm1d(3), nn::ReLU())->forward(x)), norm);
  EXPECT_EQ(node_of(nn::Sequential(nn::BatchNorm2d(3), nn::ReLU())->forward(image)), norm);
  EXPECT_EQ(node_of(nn::Sequential(nn::BatchNorm3d(3), nn::ReLU())->forward(image.unsqueeze(2))), norm);
  EXPECT_EQ(node_of(nn::Sequential(nn::ReLU(), nn::MaxPool2d(2))->forward(image)), node_of(relu(image)));
}

TEST(SequentialFused, NormsWithReLU) {
  for (bool affine : {true, false})
    for (bool track : {true, false}) {
      auto options = [&](int64_t c) { return nn::BatchNormOptions(c).affine(affine).track_running_stats(track); };
      nn::Sequential rows(nn::Linear(4, 6), nn::BatchNorm1d(options(6)), nn::ReLU());
      nn::Sequential planes(nn::BatchNorm2d(options(3)), nn::ReLU(nn::ReLUOptions(true)), nn::MaxPool2d(2));
      nn::Sequential volumes(nn::BatchNorm3d(options(2).momentum(std::nullopt)), nn::ReLU());
      const std::string what = str("affine ", affine, ", statistics ", track);
      for (bool training : {true, true, false, true}) {
        for (const nn::Sequential* net : {&rows, &planes, &volumes}) (*net).ptr()->train(training);
        expect_same(rows, randn({9, 4}), what);
        expect_same(planes, randn({2, 3, 12, 10}), what);
        expect_same(volumes, randn({2, 2, 3, 4, 5}), what);
      }
    }
}

TEST(SequentialFused, FrozenNormsAndLayers) {
  nn::Sequential net(nn::Linear(4, 6), nn::ReLU(), nn::BatchNorm1d(6), nn::ReLU());
  net->at<nn::LinearImpl>(0).weight.set_requires_grad(false);
  net->at<nn::BatchNorm1dImpl>(2).bias.set_requires_grad(false);
  expect_same(net, randn({5, 4}), "partly frozen");
  for (const Tensor& p : net->parameters()) p.set_requires_grad(false);
  expect_same(net, randn({5, 4}), "frozen");
  EXPECT_FALSE(net->forward(randn({5, 4})).requires_grad());
}

TEST(SequentialFused, ReLUWithMaxPool) {
  nn::Sequential net(nn::Conv2d(1, 3, 3), nn::ReLU(), nn::MaxPool2d(nn::MaxPool2dOptions(3).stride(2).padding(1)),
                     nn::ReLU(), nn::MaxPool2d(2));
  expect_same(net, randn({2, 1, 17, 16}), "conv");
  nn::Sequential line(nn::ReLU(), nn::MaxPool1d(2)), volume(nn::ReLU(), nn::MaxPool3d(2));
  expect_same(line, randn({2, 3, 9}), "line");
  expect_same(volume, randn({2, 1, 4, 4, 6}), "volume");
  // The pool's result is not what backward reads, so that what follows may change it.
  nn::Sequential dropped(nn::ReLU(), nn::MaxPool2d(2), nn::ReLU6(nn::ReLU6Options(true)));
  expect_same(dropped, randn({2, 1, 8, 8}) * 5, "changed in place");
}

TEST(SequentialFused, WhatReLUChangesInPlaceIsChanged) {
  nn::Sequential net(nn::ReLU(nn::ReLUOptions(true)), nn::MaxPool2d(2));
  const Tensor x = -ones({1, 1, 4, 4});
  net->forward(x);
  EXPECT_TRUE(x.equal(zeros({1, 1, 4, 4})));
  net->at<nn::ReLUImpl>(0).options.inplace(false);
  const Tensor y = -ones({1, 1, 4, 4});
  net->forward(y);
  EXPECT_TRUE(y.equal(-ones({1, 1, 4, 4})));
}

TEST(SequentialFused, NotWhatIsDerivedFromTheLayers) {
  const Tensor x = randn({5, 3}), image = randn({3, 2, 8, 8});
  nn::Sequential rows(TwiceLinear(3, 4), nn::ReLU(), nn::Linear(4, 2), ShiftedReLU());
  EXPECT_TRUE(same_bits(rows->forward(x), one_by_one(rows, x)));
  nn::Sequential images(nn::BatchNorm2d(2), ShiftedReLU(), ShiftedPool(2), nn::ReLU(), ShiftedPool(2));
  EXPECT_TRUE(same_bits(images->forward(image), one_by_one(images, image)));
  // Held as its base, a layer is called as its base.
  nn::Sequential base(std::shared_ptr<nn::LinearImpl>(TwiceLinear(3, 4).ptr()), nn::ReLU());
  EXPECT_TRUE(same_bits(base->forward(x), one_by_one(base, x)));
}

TEST(SequentialFused, EntriesAndLayersMayChange) {
  nn::Sequential net(nn::Linear(3, 4), nn::ReLU(), nn::Linear(4, 4), nn::Tanh());
  const Tensor x = randn({5, 3});
  expect_same(net, x, "before");
  *(net->begin() + 1) = nn::AnyModule(nn::Tanh());
  EXPECT_TRUE(same_bits(net->forward(x), one_by_one(net, x)));
  *(net->begin() + 3) = nn::AnyModule(nn::LeakyReLU());
  EXPECT_TRUE(same_bits(net->forward(x), one_by_one(net, x)));
  *net->begin() = nn::AnyModule(TwiceLinear(3, 4));
  EXPECT_TRUE(same_bits(net->forward(x), one_by_one(net, x)));
  (net->begin() + 2)->get<nn::LinearImpl>().bias = Tensor();
  *(net->begin() + 3) = nn::AnyModule(nn::Sigmoid());
  EXPECT_TRUE(same_bits(net->forward(x), one_by_one(net, x)));
  net->push_back(nn::Linear(4, 2));
  net->push_back(nn::ReLU());
  EXPECT_TRUE(same_bits(net->forward(x), one_by_one(net, x)));
  *(net->begin() + 5) = nn::AnyModule();
  EXPECT_EQ(error_of([&] { net->forward(x); }), "Cannot call forward() on an empty AnyModule");
}

TEST(SequentialFused, PoolsWhoseOptionsChange) {
  nn::Sequential net(nn::ReLU(), nn::MaxPool2d(2));
  expect_same(net, randn({1, 2, 8, 8}), "as made");
  net->at<nn::MaxPool2dImpl>(1).options.padding(1).stride(3).ceil_mode(true);
  expect_same(net, randn({1, 2, 8, 8}), "other windows");
  net->at<nn::MaxPool2dImpl>(1).options.dilation(2);
  expect_same(net, randn({1, 2, 8, 8}), "dilated");
}

TEST(SequentialFused, ErrorsAreThoseOfTheLayers) {
  auto expect_same_error = [](const nn::Sequential& net, const Tensor& x) {
    const std::string want = error_of([&] { one_by_one(net, x); });
    EXPECT_FALSE(want.empty());
    EXPECT_EQ(error_of([&] { net.ptr()->forward(x); }), want);
  };
  expect_same_error(nn::Sequential(nn::Linear(3, 4), nn::ReLU()), randn({2, 4}));
  expect_same_error(nn::Sequential(nn::Linear(3, 4), nn::Tanh()), randn({2, 3}, kDouble));
  expect_same_error(nn::Sequential(nn::Linear(3, 4), nn::Sigmoid()), Tensor());
  expect_same_error(nn::Sequential(nn::BatchNorm1d(3), nn::ReLU()), randn({2, 3, 4, 5}));
  expect_same_error(nn::Sequential(nn::BatchNorm1d(3), nn::ReLU()), randn({1, 3}));
  expect_same_error(nn::Sequential(nn::BatchNorm2d(3), nn::ReLU()), randn({2, 4, 5, 5}));
  expect_same_error(nn::Sequential(nn::ReLU(), nn::MaxPool2d(3)), randn({1, 2, 2}));
  expect_same_error(nn::Sequential(nn::ReLU(), nn::MaxPool2d(3)), ones({1, 5, 5}, kBool));
}

TEST(SequentialFused, GradientsOfGradients) {
  nn::Sequential net(nn::Linear(3, 6), nn::Tanh(), nn::Linear(6, 6), nn::BatchNorm1d(6), nn::ReLU(), nn::Linear(6, 2),
                     nn::Sigmoid());
  net->to(kDouble);
  net->eval();
  const Tensor x = randn({4, 3}, kDouble).requires_grad_();
  auto penalty = [&](const Tensor& y) { return autograd::grad({y.sum()}, {x}, {}, true, true)[0].pow(2).sum(); };
  const std::vector<Tensor> ps = net->parameters();
  const auto got = autograd::grad({penalty(net->forward(x))}, ps, {}, false, false, true);
  const auto want = autograd::grad({penalty(one_by_one(net, x))}, ps, {}, false, false, true);
  for (size_t i = 0; i < ps.size(); ++i) {
    ASSERT_EQ(got[i].defined(), want[i].defined());
    EXPECT_TRUE(!got[i].defined() || allclose(got[i], want[i], 1e-9, 1e-12)) << i;
  }
}

TEST(SequentialFused, NamesAndPrintingAreAsBefore) {
  nn::Sequential net(
      {{"fc", nn::Linear(2, 3)}, {"act", nn::ReLU()}, {"norm", nn::BatchNorm1d(3)}, {"last", nn::ReLU()}});
  EXPECT_EQ(net->named_children().keys(), (std::vector<std::string>{"fc", "act", "norm", "last"}));
  std::ostringstream text;
  text << *net;
  EXPECT_NE(text.str().find("(act): torch::nn::ReLU()"), std::string::npos);
}

TEST(SequentialFused, ConvWithMaxPool) {
  const nn::Sequential nets[] = {
      nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 6, 5).padding(2)), nn::ReLU(), nn::MaxPool2d(2),
                     nn::Conv2d(6, 16, 5), nn::ReLU(nn::ReLUOptions(true)), nn::MaxPool2d(2), nn::Flatten()),
      nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 3, 3).bias(false).dilation(2)), nn::MaxPool2d(2), nn::Tanh()),
      nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 4, {3, 5}).padding({1, 2})),
                     nn::MaxPool2d(nn::MaxPool2dOptions({2, 2}))),
      nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 4, 3).padding(kSame)), nn::MaxPool2d(2)),
      nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 4, 3).padding(1).padding_mode(kReflect)), nn::MaxPool2d(2)),
      nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 4, 3).stride(2)), nn::ReLU(), nn::MaxPool2d(2)),
      nn::Sequential(nn::Conv2d(1, 4, 3), nn::MaxPool2d(3)),
      nn::Sequential(nn::Conv2d(1, 4, 3), nn::MaxPool2d(nn::MaxPool2dOptions(2).ceil_mode(true))),
      nn::Sequential(nn::Conv2d(1, 4, 3), nn::MaxPool2d(nn::MaxPool2dOptions(2).padding(1))),
      nn::Sequential(nn::Conv2d(1, 4, 3), nn::ReLU(), nn::AvgPool2d(2)),
      nn::Sequential(nn::Conv2d(1, 4, 3), nn::ReLU())};
  for (const nn::Sequential& net : nets) {
    const std::string what = str(net);
    for (int64_t n : {1, 20, 32}) expect_same(net, randn({n, 1, 28, 27}), what, 1e-5);
    net.ptr()->to(kDouble);
    expect_same(net, randn({17, 1, 28, 27}, kDouble), what, 1e-12);
  }
}

// What the layers of a net may be between two steps: frozen, changed, without a graph; and errors in the same words.
TEST(SequentialFused, ConvWithMaxPoolAfterChanges) {
  nn::Sequential net(nn::Conv2d(nn::Conv2dOptions(2, 3, 3).padding(1)), nn::ReLU(), nn::MaxPool2d(2));
  const Tensor x = randn({32, 2, 10, 10});
  nn::Conv2dImpl& conv = net->at<nn::Conv2dImpl>(0);
  conv.weight.set_requires_grad(false);
  expect_same(net, x, "frozen weight", 1e-5);
  conv.bias.set_requires_grad(false);
  expect_same(net, x, "frozen", 1e-5);
  conv.weight.set_requires_grad(true);
  expect_same(net, x, "frozen bias", 1e-5);
  net->at<nn::MaxPool2dImpl>(2).options.stride() = 1;
  expect_same(net, x, "other windows", 1e-5);
  net->at<nn::MaxPool2dImpl>(2).options.stride() = 2;
  expect_same(net, x.transpose(2, 3), "not contiguous", 1e-5);
  const Tensor wrong = randn({32, 3, 10, 10}), small = randn({32, 2, 1, 10});
  for (const Tensor& t : {wrong, small})
    EXPECT_EQ(error_of([&] { net->forward(t); }), error_of([&] { one_by_one(net, t); }));
}

// Changing what backward will read is an error here too.
TEST(SequentialFused, ConvWithMaxPoolKnowsItsInputsVersion) {
  nn::Sequential net(nn::Conv2d(1, 3, 3), nn::MaxPool2d(2));
  const Tensor x = randn({32, 1, 12, 12});
  const Tensor y = net->forward(x);
  x.add_(1);
  EXPECT_THROW(y.sum().backward(), Error);
}
