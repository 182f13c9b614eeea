// Optimizers: numbers of PyTorch, groups, state, errors.
#include <gtest/gtest.h>

#include "gradus/optim/optim.h"
#include "gradus/tests/optim/problem.h"

using namespace gradus;
using namespace optim_tests;
using optim::OptimizerParamGroup;

TEST(Optimizer, SgdAsRecorded) {
  using O = optim::SGDOptions;
  expect_recorded<optim::SGD>("sgd", O(0.1));
  expect_recorded<optim::SGD>("sgd_decay", O(0.1).weight_decay(0.05));
  expect_recorded<optim::SGD>("sgd_momentum", O(0.05).momentum(0.9));
  expect_recorded<optim::SGD>("sgd_dampening", O(0.05).momentum(0.9).dampening(0.3).weight_decay(0.01));
  expect_recorded<optim::SGD>("sgd_nesterov", O(0.05).momentum(0.9).nesterov(true).weight_decay(0.01));
  expect_recorded<optim::SGD>("sgd_maximize", O(0.02).weight_decay(0.1).maximize(true).momentum(0.5));
}

TEST(Optimizer, AdamAsRecorded) {
  using O = optim::AdamOptions;
  expect_recorded<optim::Adam>("adam", O(0.02));
  expect_recorded<optim::Adam>("adam_options", O(0.02).betas({0.8, 0.99}).eps(1e-4).weight_decay(0.1));
  expect_recorded<optim::Adam>("adam_amsgrad", O(0.02).amsgrad(true));
  expect_recorded<optim::Adam>("adam_amsgrad_decay", O(0.02).amsgrad(true).weight_decay(0.1));
  expect_recorded<optim::Adam>("adam_decoupled", O(0.02).weight_decay(0.3).decoupled_weight_decay(true));
  expect_recorded<optim::Adam>("adam_maximize", O(0.02).weight_decay(0.1).maximize(true));
}

TEST(Optimizer, AdamWAsRecorded) {
  using O = optim::AdamWOptions;
  expect_recorded<optim::AdamW>("adamw", O(0.02));
  expect_recorded<optim::AdamW>("adamw_options", O(0.02).betas({0.8, 0.99}).eps(1e-4).weight_decay(0.3));
  expect_recorded<optim::AdamW>("adamw_amsgrad", O(0.02).amsgrad(true).weight_decay(0.1));
  expect_recorded<optim::AdamW>("adamw_maximize", O(0.02).weight_decay(0.1).maximize(true));
}

TEST(Optimizer, RMSpropAsRecorded) {
  using O = optim::RMSpropOptions;
  expect_recorded<optim::RMSprop>("rmsprop", O(0.01));
  expect_recorded<optim::RMSprop>("rmsprop_options", O(0.01).alpha(0.9).eps(1e-4).weight_decay(0.1));
  expect_recorded<optim::RMSprop>("rmsprop_momentum", O(0.01).momentum(0.9));
  expect_recorded<optim::RMSprop>("rmsprop_centered", O(0.01).centered(true));
  expect_recorded<optim::RMSprop>("rmsprop_centered_momentum", O(0.01).centered(true).momentum(0.9).weight_decay(0.1));
  expect_recorded<optim::RMSprop>("rmsprop_maximize", O(0.02).weight_decay(0.1).maximize(true));
}

TEST(Optimizer, AdagradAsRecorded) {
  using O = optim::AdagradOptions;
  expect_recorded<optim::Adagrad>("adagrad", O(0.1));
  expect_recorded<optim::Adagrad>("adagrad_options",
                                  O(0.1).lr_decay(0.01).weight_decay(0.1).initial_accumulator_value(0.5));
  expect_recorded<optim::Adagrad>("adagrad_maximize", O(0.02).weight_decay(0.1).maximize(true));
}

TEST(Optimizer, AdadeltaAsRecorded) {
  using O = optim::AdadeltaOptions;
  expect_recorded<optim::Adadelta>("adadelta", O());
  expect_recorded<optim::Adadelta>("adadelta_options", O(0.5).rho(0.8).eps(1e-4).weight_decay(0.1));
  expect_recorded<optim::Adadelta>("adadelta_maximize", O(0.02).weight_decay(0.1).maximize(true));
}

TEST(Optimizer, AdamaxAsRecorded) {
  using O = optim::AdamaxOptions;
  expect_recorded<optim::Adamax>("adamax", O(0.02));
  expect_recorded<optim::Adamax>("adamax_options", O(0.02).betas({0.8, 0.9}).eps(1e-3).weight_decay(0.1));
  expect_recorded<optim::Adamax>("adamax_maximize", O(0.02).weight_decay(0.1).maximize(true));
}

TEST(Optimizer, NAdamAsRecorded) {
  using O = optim::NAdamOptions;
  expect_recorded<optim::NAdam>("nadam", O(0.02));
  expect_recorded<optim::NAdam>("nadam_options",
                                O(0.02).betas({0.8, 0.99}).eps(1e-4).weight_decay(0.1).momentum_decay(0.02));
  expect_recorded<optim::NAdam>("nadam_decoupled", O(0.02).weight_decay(0.3).decoupled_weight_decay(true));
  expect_recorded<optim::NAdam>("nadam_maximize", O(0.02).weight_decay(0.1).maximize(true));
}

TEST(Optimizer, RAdamAsRecorded) {
  using O = optim::RAdamOptions;
  expect_recorded<optim::RAdam>("radam", O(0.02));
  expect_recorded<optim::RAdam>("radam_options", O(0.02).betas({0.8, 0.99}).eps(1e-4).weight_decay(0.1));
  expect_recorded<optim::RAdam>("radam_decoupled", O(0.02).weight_decay(0.3).decoupled_weight_decay(true));
  expect_recorded<optim::RAdam>("radam_maximize", O(0.02).weight_decay(0.1).maximize(true));
}

TEST(Optimizer, SizesAroundEveryThresholdAgreeWithOneByOne) {
  // Many parameters in one step, over chunks and threads, move as each would alone.
  std::vector<Tensor> together, alone;
  for (int64_t n : {0, 1, 2, 15, 16, 17, 32767, 32768, 32769, 100001, 3, 64}) {
    const Tensor values = randn({n});
    for (auto* list : {&together, &alone}) list->push_back(values.clone().requires_grad_());
    const Tensor g = randn({n});
    together.back().mutable_grad() = g;
    alone.back().mutable_grad() = g;
  }
  optim::AdamW all(together, optim::AdamWOptions(0.1));
  for (int t = 0; t < 3; ++t) all.step();
  for (size_t i = 0; i < alone.size(); ++i) {
    optim::AdamW one({alone[i]}, optim::AdamWOptions(0.1));
    for (int t = 0; t < 3; ++t) one.step();
    EXPECT_TRUE(equal(alone[i], together[i])) << alone[i].numel();
  }
}

TEST(Optimizer, ThreadsDoNotChangeTheResult) {
  const int before = get_num_threads();
  const Tensor start = randn({200003}), g = randn({200003});
  std::vector<Tensor> results;
  for (int threads : {1, 2, 3}) {
    set_num_threads(threads);
    Tensor p = start.clone().requires_grad_();
    p.mutable_grad() = g;
    optim::Adam o({p}, optim::AdamOptions(0.1));
    o.step();
    results.push_back(p.detach());
  }
  set_num_threads(before);
  EXPECT_TRUE(equal(results[0], results[1]));
  EXPECT_TRUE(equal(results[0], results[2]));
}

TEST(Optimizer, LayoutsOfParametersAndGradients) {
  const Tensor values = randn({4, 6}), g = randn({4, 6});
  Tensor plain = values.clone().requires_grad_();
  Tensor turned = values.t().contiguous().t().requires_grad_();
  ASSERT_FALSE(turned.is_contiguous());
  plain.mutable_grad() = g;
  turned.mutable_grad() = g.t().contiguous().t();
  optim::SGD a({plain}, optim::SGDOptions(0.1).momentum(0.9)), b({turned}, optim::SGDOptions(0.1).momentum(0.9));
  for (int t = 0; t < 3; ++t) {
    a.step();
    b.step();
  }
  EXPECT_TRUE(equal(plain, turned));
  Tensor c = ones({3}).requires_grad_();
  c.sum().backward();  // a gradient that is one number, expanded
  optim::SGD({c}, 0.5).step();
  EXPECT_TRUE(equal(c, full({3}, 0.5)));
}

TEST(Optimizer, StepsAreChangesThatAutogradSees) {
  Tensor p = parameter({1, 2});
  const Tensor y = (p * p).sum();
  p.mutable_grad() = ones({2});
  const int64_t version = p._version();
  optim::SGD({p}, 0.1).step();
  EXPECT_GT(p._version(), version);
  EXPECT_NE(error_of([&] { y.backward(); }).find("modified by an inplace operation"), std::string::npos);
  EXPECT_TRUE(p.requires_grad());
  EXPECT_TRUE(p.is_leaf());
}

TEST(Optimizer, SkipsWhatHasNoGradient) {
  Tensor a = parameter({1}), b = parameter({1});
  a.mutable_grad() = ones({1});
  optim::Adam o({a, b}, 0.1);
  o.step();
  EXPECT_EQ(b.item<float>(), 1);
  EXPECT_LT(a.item<float>(), 1);
  EXPECT_EQ(o.state().size(), 1u);
}

TEST(Optimizer, ZeroGrad) {
  Tensor p = parameter({1});
  p.mutable_grad() = ones({1});
  optim::SGD o({p}, 0.1);
  o.zero_grad(false);
  ASSERT_TRUE(p.grad().defined());
  EXPECT_EQ(p.grad().item<float>(), 0);
  o.zero_grad();
  EXPECT_FALSE(p.grad().defined());
}

TEST(Optimizer, ClosuresRecordAndReturnTheLoss) {
  Tensor p = parameter({3});
  optim::SGD o({p}, 0.1);
  NoGradGuard no_grad;
  const Tensor loss = o.step([&] {
    o.zero_grad();
    Tensor l = (p * p).sum();
    l.backward();
    return l;
  });
  EXPECT_EQ(loss.item<float>(), 9);
  EXPECT_NEAR(p.item<float>(), 3 - 0.1 * 6, 1e-6);
}

TEST(Optimizer, GroupsHaveTheirOwnOptionsOrTheDefaults) {
  Tensor a = parameter({1}), b = parameter({1}), c = parameter({1});
  std::vector<OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{a});
  groups.emplace_back(std::vector<Tensor>{b}, std::make_unique<optim::SGDOptions>(optim::SGDOptions(0.5)));
  optim::SGD o(groups, optim::SGDOptions(0.1));
  o.add_param_group(OptimizerParamGroup({c}, std::make_unique<optim::SGDOptions>(optim::SGDOptions().momentum(0.9))));
  for (Tensor* t : {&a, &b, &c}) t->mutable_grad() = ones({1});
  o.step();
  EXPECT_FLOAT_EQ(a.item<float>(), 0.9f);
  EXPECT_FLOAT_EQ(b.item<float>(), 0.5f);
  EXPECT_FLOAT_EQ(c.item<float>(), 0.9f);  // lr is the default's, momentum its own
  EXPECT_EQ(static_cast<optim::SGDOptions&>(o.param_groups()[2].options()).momentum(), 0.9);
  static_cast<optim::SGDOptions&>(o.param_groups()[0].options()).lr(1);
  o.param_groups()[1].options().set_lr(2);
  o.step();
  EXPECT_FLOAT_EQ(a.item<float>(), -0.1f);
  EXPECT_FLOAT_EQ(b.item<float>(), -1.5f);
  EXPECT_EQ(o.param_groups()[1].options().get_lr(), 2);
  EXPECT_EQ(o.defaults().get_lr(), 0.1);
  EXPECT_EQ(o.size(), 3u);
  EXPECT_EQ(error_of([&] { o.add_param_group(OptimizerParamGroup({a})); }),
            "some parameters appear in more than one parameter group");
  EXPECT_EQ(error_of([&] { o.add_param_group(OptimizerParamGroup({a * 2})); }), "can't optimize a non-leaf Tensor");
}

TEST(Optimizer, RefusesSenselessNumbers) {
  Tensor p = parameter({1});
  EXPECT_EQ(error_of([&] { optim::SGD({p}, -1); }), "Invalid learning rate: -1");
  EXPECT_EQ(error_of([&] { optim::SGD({p}, optim::SGDOptions(1).momentum(-1)); }), "Invalid momentum value: -1");
  EXPECT_EQ(error_of([&] { optim::SGD({p}, optim::SGDOptions(1).nesterov(true)); }),
            "Nesterov momentum requires a momentum and zero dampening");
  EXPECT_EQ(error_of([&] {
              optim::Adam({p}, optim::AdamOptions().betas({1.0, 0.9}));
            }),
            "Invalid beta parameter at index 0: 1");
  EXPECT_EQ(error_of([&] {
              optim::AdamW({p}, optim::AdamWOptions().betas({0.9, -0.5}));
            }),
            "Invalid beta parameter at index 1: -0.5");
  EXPECT_EQ(error_of([&] { optim::Adam({p}, optim::AdamOptions().eps(-1)); }), "Invalid epsilon value: -1");
  EXPECT_EQ(error_of([&] { optim::RMSprop({p}, optim::RMSpropOptions().alpha(-1)); }), "Invalid alpha value: -1");
  EXPECT_EQ(error_of([&] { optim::Adagrad({p}, optim::AdagradOptions().lr_decay(-1)); }), "Invalid lr_decay value: -1");
  EXPECT_EQ(error_of([&] { optim::Adadelta({p}, optim::AdadeltaOptions().rho(1.5)); }), "Invalid rho value: 1.5");
  EXPECT_EQ(error_of([&] { optim::Adamax({p}, optim::AdamaxOptions().eps(-1)); }), "Invalid epsilon value: -1");
  EXPECT_EQ(error_of([&] { optim::NAdam({p}, optim::NAdamOptions().momentum_decay(-1)); }),
            "Invalid momentum_decay value: -1");
  EXPECT_EQ(error_of([&] { optim::RAdam({p}, optim::RAdamOptions().weight_decay(-1)); }),
            "Invalid weight_decay value: -1");
}

TEST(Optimizer, ParamStateIsTyped) {
  Tensor p = parameter({1, 2});
  p.mutable_grad() = ones({2});
  optim::Adam o({p}, optim::AdamOptions(0.1).amsgrad(true));
  o.step();
  o.step();
  auto& s = static_cast<optim::AdamParamState&>(*o.state().at(p.unsafeGetTensorImpl()));
  EXPECT_EQ(s.step(), 2);
  EXPECT_EQ(s.exp_avg().numel(), 2);
  EXPECT_TRUE(s.max_exp_avg_sq().defined());
  EXPECT_FALSE(s.exp_avg().requires_grad());
  const auto copy = s.clone();
  EXPECT_TRUE(static_cast<optim::AdamParamState&>(*copy) == s);
  EXPECT_TRUE(optim::AdamOptions(0.1) == optim::AdamOptions(0.1));
  EXPECT_FALSE(optim::AdamOptions(0.1) == optim::AdamOptions(0.1).amsgrad(true));
  EXPECT_TRUE(optim::LBFGSOptions(0.1) != optim::LBFGSOptions(0.1).line_search_fn("strong_wolfe"));
  // Adam and AdamW share their fields, not their kind.
  const optim::AdamWOptions own = optim::AdamWOptions(0.1).betas({0.8, 0.9});
  const optim::OptimizerOptions& w = own;
  EXPECT_EQ(dynamic_cast<const optim::AdamOptions*>(&w), nullptr);
  EXPECT_EQ(dynamic_cast<const optim::AdamWOptions&>(w).weight_decay(), 0.01);
}

namespace {

// Two optimizers of one kind: after the state moves from one to the other, both go the same way.
template <class O, class Options>
void expect_resumes(const Options& options, const std::vector<std::string>& keys) {
  Problem a(kFloat), b(kFloat);
  O first(a.p, options), second(b.p, Options(99));
  for (int t = 0; t < 5; ++t) {
    a.gradients(t);
    first.step();
  }
  const StateDict state = first.state_dict();
  EXPECT_EQ(state.keys(), keys);
  NoGradGuard no_grad;
  for (size_t i = 0; i < 2; ++i) b.p[i].copy_(a.p[i]);
  second.load_state_dict(state);
  for (int t = 5; t < 9; ++t) {
    a.gradients(t);
    b.gradients(t);
    first.step();
    second.step();
  }
  for (size_t i = 0; i < 2; ++i) EXPECT_TRUE(equal(a.p[i], b.p[i]));
}

}  // namespace

TEST(Optimizer, StateMovesToAnother) {
  expect_resumes<optim::SGD>(optim::SGDOptions(0.1).momentum(0.9),
                             {"param_groups.0.params", "param_groups.0.lr", "param_groups.0.momentum",
                              "param_groups.0.dampening", "param_groups.0.weight_decay", "param_groups.0.nesterov",
                              "param_groups.0.maximize", "state.0.momentum_buffer", "state.1.momentum_buffer"});
  expect_resumes<optim::AdamW>(
      optim::AdamWOptions(0.1).betas({0.7, 0.8}).amsgrad(true),
      {"param_groups.0.params", "param_groups.0.lr", "param_groups.0.betas", "param_groups.0.eps",
       "param_groups.0.weight_decay", "param_groups.0.amsgrad", "param_groups.0.maximize",
       "param_groups.0.decoupled_weight_decay", "state.0.step", "state.0.exp_avg", "state.0.exp_avg_sq",
       "state.0.max_exp_avg_sq", "state.1.step", "state.1.exp_avg", "state.1.exp_avg_sq", "state.1.max_exp_avg_sq"});
  expect_resumes<optim::RMSprop>(
      optim::RMSpropOptions(0.1).centered(true),
      {"param_groups.0.params", "param_groups.0.lr", "param_groups.0.alpha", "param_groups.0.eps",
       "param_groups.0.weight_decay", "param_groups.0.momentum", "param_groups.0.centered", "param_groups.0.maximize",
       "state.0.step", "state.0.square_avg", "state.0.grad_avg", "state.1.step", "state.1.square_avg",
       "state.1.grad_avg"});
  expect_resumes<optim::Adagrad>(
      optim::AdagradOptions(0.1),
      {"param_groups.0.params", "param_groups.0.lr", "param_groups.0.lr_decay", "param_groups.0.weight_decay",
       "param_groups.0.initial_accumulator_value", "param_groups.0.eps", "param_groups.0.maximize", "state.0.sum",
       "state.0.step", "state.1.sum", "state.1.step"});
  expect_resumes<optim::Adadelta>(
      optim::AdadeltaOptions(0.1),
      {"param_groups.0.params", "param_groups.0.lr", "param_groups.0.rho", "param_groups.0.eps",
       "param_groups.0.weight_decay", "param_groups.0.maximize", "state.0.step", "state.0.square_avg",
       "state.0.acc_delta", "state.1.step", "state.1.square_avg", "state.1.acc_delta"});
  expect_resumes<optim::Adamax>(
      optim::AdamaxOptions(0.1),
      {"param_groups.0.params", "param_groups.0.lr", "param_groups.0.betas", "param_groups.0.eps",
       "param_groups.0.weight_decay", "param_groups.0.maximize", "state.0.step", "state.0.exp_avg", "state.0.exp_inf",
       "state.1.step", "state.1.exp_avg", "state.1.exp_inf"});
  expect_resumes<optim::NAdam>(
      optim::NAdamOptions(0.1),
      {"param_groups.0.params", "param_groups.0.lr", "param_groups.0.betas", "param_groups.0.eps",
       "param_groups.0.weight_decay", "param_groups.0.momentum_decay", "param_groups.0.decoupled_weight_decay",
       "param_groups.0.maximize", "state.0.step", "state.0.mu_product", "state.0.exp_avg", "state.0.exp_avg_sq",
       "state.1.step", "state.1.mu_product", "state.1.exp_avg", "state.1.exp_avg_sq"});
  expect_resumes<optim::RAdam>(
      optim::RAdamOptions(0.1),
      {"param_groups.0.params", "param_groups.0.lr", "param_groups.0.betas", "param_groups.0.eps",
       "param_groups.0.weight_decay", "param_groups.0.decoupled_weight_decay", "param_groups.0.maximize",
       "state.0.step", "state.0.exp_avg", "state.0.exp_avg_sq", "state.1.step", "state.1.exp_avg",
       "state.1.exp_avg_sq"});
}

TEST(Optimizer, LoadsAllOrNothing) {
  Problem a(kFloat);
  optim::Adam o(a.p, 0.1);
  a.gradients(0);
  o.step();
  StateDict state = o.state_dict();
  state["param_groups.0.lr"] = scalar_tensor(7.0, kDouble);
  state["state.1.exp_avg"] = zeros({3});
  EXPECT_EQ(error_of([&] { o.load_state_dict(state); }),
            "Optimizer::load_state_dict: expected \"state.1.exp_avg\" of the shape [37], got [3]");
  EXPECT_EQ(o.param_groups()[0].options().get_lr(), 0.1);
  optim::Adam other({a.p[0]}, 0.1);
  EXPECT_NE(error_of([&] {
              other.load_state_dict(o.state_dict());
            }).find("loaded state dict contains a parameter group that doesn't match the size"),
            std::string::npos);
  optim::Adam two({OptimizerParamGroup({a.p[0]}), OptimizerParamGroup({a.p[1]})});
  EXPECT_NE(error_of([&] {
              two.load_state_dict(o.state_dict());
            }).find("loaded state dict has a different number of parameter groups"),
            std::string::npos);
  state = o.state_dict();
  state.erase("param_groups.0.eps");
  EXPECT_EQ(error_of([&] { o.load_state_dict(state); }),
            "Optimizer::load_state_dict: missing key \"param_groups.0.eps\"");
}

namespace {

struct HalvingOptions : optim::OptimizerCloneableOptions<HalvingOptions> {
  HalvingOptions(double lr) : lr_(lr) {}
  GRADUS_ARG(double, lr);
};
struct Halving : optim::Optimizer {
  Halving(std::vector<Tensor> params, HalvingOptions o)
      : Optimizer(std::move(params), std::make_unique<HalvingOptions>(o)) {}
  Tensor step(LossClosure = nullptr) override {
    NoGradGuard no_grad;
    for (auto& g : param_groups())
      for (Tensor& p : g.params()) p.mul_(static_cast<HalvingOptions&>(g.options()).lr());
    return {};
  }
};

}  // namespace

TEST(Optimizer, OnesOwn) {
  Tensor p = parameter({8});
  Halving o({p}, HalvingOptions(0.5));
  o.step();
  EXPECT_EQ(p.item<float>(), 4);
  EXPECT_NE(error_of([&] { o.param_groups()[0].options().get_lr(); }).find("must override"), std::string::npos);
}
