// Averages of models: numbers of PyTorch, state, batch norm.
#include "gradus/optim/swa_utils.h"

#include <gtest/gtest.h>

#include "gradus/nn/utils/update_bn.h"
#include "gradus/tests/optim/problem.h"

using namespace gradus;
using namespace gradus::optim::swa_utils;
using namespace optim_tests;

namespace {

nn::Sequential make_model() {
  nn::Sequential model(nn::Linear(2, 1), nn::BatchNorm1d(nn::BatchNormOptions(1).affine(false)));
  model->to(kDouble);
  return model;
}

std::vector<Tensor> tensors_of(const nn::Sequential& model) {
  std::vector<Tensor> all = model->parameters();
  const auto buffers = model->named_buffers();
  all.push_back(buffers["1.running_mean"]);
  all.push_back(buffers["1.num_batches_tracked"]);
  return all;
}

// The models of record.py.
void set(const nn::Sequential& model, int k) {
  NoGradGuard no_grad;
  const auto t = tensors_of(model);
  t[0].copy_(tensor(std::vector<double>{0.1 * k, 0.01 * k * k}, kDouble).view({1, 2}));
  t[1].fill_(1.0 / k);
  t[2].fill_(std::sin(k));
  t[3].fill_(k);
}

std::vector<double> numbers(const nn::Sequential& model) {
  std::vector<double> all;
  for (const Tensor& t : tensors_of(model))
    for (int64_t i = 0; i < t.numel(); ++i) all.push_back(t.detach().reshape({-1})[i].item<double>());
  return all;
}

}  // namespace

TEST(AveragedModel, AsRecorded) {
  const std::map<std::string, AveragedModelOptions> all = {
      {"swa", {}},
      {"swa_buffers", {nullptr, nullptr, true}},
      {"ema", {nullptr, get_ema_multi_avg_fn(0.9), false}},
      {"ema_buffers", {nullptr, get_ema_multi_avg_fn(0.9), true}},
      {"ema_one_by_one", {get_ema_avg_fn(0.7), nullptr, false}},
  };
  ASSERT_EQ(all.size(), recorded::averages.size());
  for (const auto& [name, want] : recorded::averages) {
    nn::Sequential model = make_model();
    AveragedModel<nn::Sequential> average(model, all.at(name));
    for (int k = 1; k <= 6; ++k) {
      set(model, k);
      average.update_parameters(model);
    }
    EXPECT_EQ(average.n_averaged(), 6);
    const auto got = numbers(average.module());
    ASSERT_EQ(got.size(), want.size());
    for (size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(got[i], want[i], 1e-12) << name << ", number " << i;
  }
}

TEST(AveragedModel, SharesNothingWithTheModel) {
  nn::Sequential model = make_model();
  AveragedModel<nn::Sequential> average(model);
  set(model, 1);
  average.update_parameters(model);
  set(model, 2);
  EXPECT_NEAR(numbers(average.module())[0], 0.1, 1e-12);
  const Tensor x = randn({4, 2}, kDouble);
  average->eval();
  model->eval();
  EXPECT_FALSE(allclose(average.forward(x), model->forward(x)));
  set(model, 1);
  EXPECT_TRUE(equal(average.forward(x), model->forward(x)));
}

TEST(AveragedModel, StateMovesToAnother) {
  nn::Sequential model = make_model();
  AveragedModel<nn::Sequential> a(model), b(model);
  for (int k = 1; k <= 3; ++k) {
    set(model, k);
    a.update_parameters(model);
  }
  const StateDict state = a.state_dict();
  EXPECT_EQ(state.keys(),
            (std::vector<std::string>{"n_averaged", "module.0.weight", "module.0.bias", "module.1.running_mean",
                                      "module.1.running_var", "module.1.num_batches_tracked"}));
  b.load_state_dict(state);
  set(model, 9);
  for (auto* m : {&a, &b}) m->update_parameters(model);
  EXPECT_EQ(numbers(a.module()), numbers(b.module()));
  EXPECT_EQ(b.n_averaged(), 4);
  StateDict less = state;
  less.erase("module.0.bias");
  less["n_averaged"].fill_(77);
  EXPECT_NE(error_of([&] { b.load_state_dict(less); }).find("0.bias"), std::string::npos);
  EXPECT_EQ(b.n_averaged(), 4);
}

TEST(AveragedModel, FloatsOfEverySizeInOnePass) {
  std::vector<Tensor> averaged, current, want;
  for (int64_t n : {0, 1, 15, 16, 17, 32769}) {
    averaged.push_back(randn({n}));
    current.push_back(randn({n}));
    want.push_back(averaged.back() + (current.back() - averaged.back()) / 4);
  }
  averaged.push_back(randn({4, 6}).t());
  current.push_back(randn({6, 4}));
  want.push_back(averaged.back() + (current.back() - averaged.back()) / 4);
  update_average({}, 3, averaged, current);
  for (size_t i = 0; i < want.size(); ++i) EXPECT_TRUE(allclose(averaged[i], want[i], 1e-6, 1e-6)) << i;
}

TEST(AveragedModel, Refuses) {
  nn::Sequential model = make_model();
  EXPECT_EQ(error_of([&] {
              AveragedModel<nn::Sequential>(model, {get_swa_avg_fn(), get_swa_multi_avg_fn(), false});
            }),
            "Only one of avg_fn and multi_avg_fn should be provided");
  EXPECT_EQ(error_of([&] { get_ema_multi_avg_fn(1.5); }),
            "Invalid decay value 1.5 provided. Please provide a value in [0,1] range.");
  EXPECT_NE(error_of([&] { update_average({}, 1, {ones({2})}, {ones({3})}); }).find("expected a tensor of the shape"),
            std::string::npos);
  EXPECT_NE(error_of([&] { update_average({}, 1, {ones({2})}, {}); }).find("expected a model with 1 tensors"),
            std::string::npos);
}

TEST(UpdateBn, TakesTheMeanOfAllBatches) {
  nn::Sequential model = make_model();
  set(model, 3);
  model->eval();
  std::vector<data::Example<>> batches;
  Tensor means = zeros({1}, kDouble);
  for (int i = 0; i < 3; ++i) {
    const Tensor x = randn({8, 2}, kDouble);
    batches.emplace_back(x, zeros({8}));
    means += model[0]->as<nn::Linear>()->forward(x).mean(0).detach() / 3;
  }
  nn::utils::update_bn(batches, model);
  const auto buffers = model->named_buffers();
  EXPECT_TRUE(allclose(buffers["1.running_mean"], means));
  EXPECT_EQ(buffers["1.num_batches_tracked"].item<int64_t>(), 3);
  EXPECT_FALSE(model->is_training());
  EXPECT_EQ(model[1]->as<nn::BatchNorm1d>()->options.momentum(), 0.1);
  std::vector<Tensor> tensors = {randn({8, 3}, kDouble)};  // of a wrong shape: all stays as it was but the statistics
  EXPECT_NE(error_of([&] { nn::utils::update_bn(tensors, model); }), "no error");
  EXPECT_EQ(model[1]->as<nn::BatchNorm1d>()->options.momentum(), 0.1);
  EXPECT_FALSE(model->is_training());
}
