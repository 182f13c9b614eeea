// The course's first chapter: what its programs build learns what it should, and every parameter takes part.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "gradus/examples/activations/curves.h"
#include "gradus/examples/common/small_network.h"
#include "gradus/examples/perceptron/perceptron.h"
#include "gradus/tests/paths.h"

namespace {

namespace fs = std::filesystem;
using gradus::Tensor;

TEST(Perceptron, LearnsAndButNotXor) {
  gradus::manual_seed(42);
  const auto conjunction = gradus::data::and_gate(), exclusive = gradus::data::xor_gate();
  perceptron::Perceptron a, x;
  const auto wrong = perceptron::learn(a, conjunction.data, conjunction.target, 0.01, 100);
  EXPECT_LT(wrong.size(), 100u);
  EXPECT_EQ(wrong.back(), 0);
  EXPECT_TRUE(gradus::equal(a.answer(conjunction.data), conjunction.target.view({-1})));
  const auto in_vain = perceptron::learn(x, exclusive.data, exclusive.target, 0.01, 200);
  EXPECT_EQ(in_vain.size(), 200u);
  EXPECT_GT(in_vain.back(), 0);
}

// A wrong answer to (1, 1) moves every parameter, each by the rate.
TEST(Perceptron, EveryParameterMovesOnAWrongAnswer) {
  gradus::manual_seed(1);
  perceptron::Perceptron p;
  const Tensor x = gradus::ones({1, 2}), wrong = 1 - p.answer(x);
  const Tensor weight = p.weight.clone(), bias = p.bias.clone();
  perceptron::learn(p, x, wrong.view({1, 1}), 0.01, 1);
  const double direction = wrong.item<double>() > 0.5 ? 0.01 : -0.01;
  for (int64_t i = 0; i < 2; ++i) EXPECT_NEAR((p.weight - weight)[i].item<double>(), direction, 1e-7);
  EXPECT_NEAR((p.bias - bias).item<double>(), direction, 1e-7);
}

TEST(Activations, CurvesAndSlopes) {
  for (const auto& c : activations::course_curves(-5, 5, 1001)) {
    ASSERT_EQ(c.x.size(), 1001u);
    for (size_t i = 1; i + 1 < c.x.size(); ++i) {
      if (std::abs(c.x[i]) < 0.05) continue;  // the kink of the two ReLUs
      EXPECT_NEAR(c.slope[i], (c.y[i + 1] - c.y[i - 1]) / (c.x[i + 1] - c.x[i - 1]), 2e-3)
          << c.name << " at " << c.x[i];
    }
  }
}

// After one step every parameter has a gradient that is not zero, and has changed.
void expect_every_parameter_moves(int64_t hidden, const Tensor& x, const Tensor& y) {
  gradus::manual_seed(1);
  auto net = examples::small_network(2, hidden);
  std::vector<Tensor> before;
  for (const Tensor& p : net->parameters()) before.push_back(p.detach().clone());
  examples::fit(net, x, y, 0.5, 1);
  const auto parameters = net->parameters();
  ASSERT_EQ(parameters.size(), 4u);
  for (size_t i = 0; i < parameters.size(); ++i) {
    ASSERT_TRUE(parameters[i].grad().defined());
    EXPECT_TRUE((parameters[i].grad() != 0).all().item<bool>());
    EXPECT_TRUE((parameters[i] != before[i]).all().item<bool>());
  }
}

TEST(SmallNetwork, EveryParameterMovesOnXor) {
  const auto gate = gradus::data::xor_gate();
  expect_every_parameter_moves(4, gate.data, gate.target);
}

TEST(SmallNetwork, EveryParameterMovesOnMoons) {
  const auto moons = gradus::data::moons(200, 0.2, 42);
  for (int64_t hidden : {2, 4, 8, 16})
    expect_every_parameter_moves(hidden, moons.data, moons.target.to(gradus::kFloat).view({-1, 1}));
}

TEST(SmallNetwork, LearnsXor) {
  gradus::manual_seed(42);
  const auto gate = gradus::data::xor_gate();
  auto net = examples::small_network(2, 4);
  const auto errors = examples::fit(net, gate.data, gate.target, 0.5, 5000);
  EXPECT_LT(errors.back(), 1e-3);
  EXPECT_LT(errors.back(), errors.front());
  EXPECT_EQ(examples::accuracy(net, gate.data, gate.target), 1);
}

TEST(SmallNetwork, MoreHiddenUnitsTellMoonsApart) {
  const auto moons = gradus::data::moons(200, 0.2, 42);
  const Tensor y = moons.target.to(gradus::kFloat).view({-1, 1});
  auto score = [&](int64_t hidden) {
    gradus::manual_seed(42);
    auto net = examples::small_network(2, hidden);
    examples::fit(net, moons.data, y, 0.5, 3000);
    return examples::accuracy(net, moons.data, y);
  };
  EXPECT_GT(score(8), 0.92);
  EXPECT_GT(score(8), score(2));
}

TEST(SmallNetwork, AnswersFollowTheGrid) {
  gradus::manual_seed(3);
  auto net = examples::small_network(2, 3);
  const auto grid = examples::answers(net, examples::Grid(5, 7, -1, 1, -2, 2));
  const Tensor at = gradus::tensor({{grid.x(4), grid.y(1)}}, gradus::kFloat);
  EXPECT_FLOAT_EQ(static_cast<float>(grid.at(1, 4)), net->forward(at).item<float>());
}

// The programs themselves, run short.
class Programs : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Programs, RunShort) {
  const auto [name, options] = GetParam();
  const fs::path out = fs::temp_directory_path() / ("gradus-" + std::string(name) + "-" + std::to_string(getpid()));
  const std::string program = paths::build() + "/examples/" + name;
  EXPECT_EQ(std::system((program + " --out " + out.string() + " " + options + " > /dev/null").c_str()), 0);
  int pictures = 0;
  for (const auto& f : fs::directory_iterator(out))
    pictures += f.path().extension() == ".png" && fs::file_size(f) > 2000;
  EXPECT_GE(pictures, 1);
  fs::remove_all(out);
  EXPECT_EQ(std::system((program + " --help > /dev/null").c_str()), 0);
  EXPECT_NE(std::system((program + " --no-such-option > /dev/null 2>&1").c_str()), 0);
}

INSTANTIATE_TEST_SUITE_P(Chapter, Programs,
                         testing::Values(std::pair("perceptron", "--xor-epochs 50"),
                                         std::pair("activations", "--points 20"), std::pair("xor", "--epochs 3000"),
                                         std::pair("moons", "--epochs 50 --samples 60")));

}  // namespace
