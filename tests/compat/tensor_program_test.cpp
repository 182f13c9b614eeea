// A program in LibTorch's words: tensors, indexing, autograd. As its tutorials have it.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <sstream>

using namespace torch::indexing;

namespace {

TEST(CompatTensor, IndexingTutorial) {
  auto tensor = torch::arange(24, torch::kFloat).reshape({2, 3, 4});
  EXPECT_TRUE(tensor.index({0, Slice(), 1}).equal(torch::tensor({1.f, 5.f, 9.f})));
  EXPECT_TRUE(tensor.index({"...", 0}).equal(torch::tensor({{0.f, 4.f, 8.f}, {12.f, 16.f, 20.f}})));
  EXPECT_EQ(tensor.index({Slice(None, 1), None}).sizes(), (std::vector<int64_t>{1, 1, 3, 4}));
  EXPECT_EQ(tensor.index({Slice(), Slice(0, None, 2), -1}).sizes(), (std::vector<int64_t>{2, 2}));
  tensor.index_put_({0, 0, Slice(1, 3)}, 100);
  EXPECT_EQ(tensor[0][0][2].item<float>(), 100.f);
  tensor.index_put_({tensor > 50}, 0);
  EXPECT_EQ(tensor.max().item<float>(), 23.f);
  tensor[1][2] = torch::ones({4});
  tensor[1][1][0] = -1;
  EXPECT_EQ(tensor.index({1, torch::tensor({1, 2}), 0}).sum().item<float>(), 0.f);
}

TEST(CompatTensor, AutogradTutorial) {
  auto x = torch::ones({2, 2}, torch::requires_grad());
  auto y = x + 2;
  auto z = y * y * 3;
  auto out = z.mean();
  EXPECT_EQ(out.item<double>(), 27.0);
  EXPECT_EQ(y.grad_fn()->name(), "AddBackward0");
  out.backward();
  EXPECT_TRUE(x.grad().allclose(torch::full({2, 2}, 4.5)));
  {
    torch::NoGradGuard no_grad;
    EXPECT_FALSE((x * 2).requires_grad());
  }
  // A gradient penalty: the gradient of a gradient.
  auto weight = torch::tensor({{0.5, -1.0}, {2.0, 0.25}}, torch::requires_grad());
  auto input = torch::tensor({{1.0, 2.0}}, torch::requires_grad());
  auto score = torch::tanh(input.mm(weight)).sum();
  auto gradient = torch::autograd::grad({score}, {input}, {}, /*retain_graph=*/true, /*create_graph=*/true)[0];
  auto penalty = torch::pow(gradient.norm(2) - 1, 2);
  (score + 10 * penalty).backward();
  EXPECT_TRUE(weight.grad().defined());
  EXPECT_GT(weight.grad().abs().min().item<double>(), 0);
}

TEST(CompatTensor, HooksAndDetach) {
  auto v = torch::tensor({0., 0., 0.}, torch::requires_grad());
  auto h = v.register_hook([](torch::Tensor grad) { return grad * 2; });
  v.backward(torch::tensor({1., 2., 3.}));
  EXPECT_TRUE(v.grad().equal(torch::tensor({2., 4., 6.})));
  v.remove_hook(h);
  EXPECT_FALSE(v.detach().requires_grad());
  EXPECT_TRUE(v.is_leaf());
}

TEST(CompatTensor, WrittenToAStream) {
  std::ostringstream out;
  out << torch::tensor({{1, 2}, {3, 4}}) << '\n'
      << torch::Device("cuda:1") << ' ' << torch::kLong << ' ' << torch::ones({2, 3}).sizes();
  EXPECT_EQ(out.str(), " 1  2\n 3  4\n[ CPULongType{2,2} ]\ncuda:1 Long [2, 3]");
}

TEST(CompatTensor, ErrorsAreC10Errors) {
  try {
    torch::ones({2, 3}).mm(torch::ones({2, 3}));
    FAIL();
  } catch (const c10::Error& e) {
    EXPECT_NE(std::string(e.what()).find("mat1 and mat2 shapes cannot be multiplied"), std::string::npos) << e.what();
  }
}

// Linear regression by hand, as people write it first.
TEST(CompatTensor, RegressionByHand) {
  torch::manual_seed(1);
  auto x = torch::rand({64, 2});
  auto y = x.matmul(torch::tensor({{2.f}, {-3.f}})) + 0.5;
  auto w = torch::zeros({2, 1}, torch::requires_grad());
  auto b = torch::zeros(1, torch::dtype(torch::kFloat32).requires_grad(true));
  double loss_value = 0;
  for (int step = 0; step < 500; ++step) {
    auto loss = torch::mse_loss(x.matmul(w) + b, y);
    loss.backward();
    torch::NoGradGuard no_grad;
    w -= 0.5 * w.grad();
    b.sub_(0.5 * b.grad());
    w.mutable_grad().zero_();
    b.mutable_grad().zero_();
    loss_value = loss.item<double>();
  }
  EXPECT_LT(loss_value, 1e-4);
  EXPECT_NEAR(w[1][0].item<float>(), -3, 0.05);
}

}  // namespace
