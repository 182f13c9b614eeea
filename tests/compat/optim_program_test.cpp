// A program against LibTorch's optimizers, as such programs are written.
#include <gtest/gtest.h>
#include <torch/optim/lbfgs.h>
#include <torch/optim/schedulers/reduce_on_plateau_scheduler.h>
#include <torch/optim/schedulers/step_lr.h>
#include <torch/torch.h>

namespace {

// A rule of one's own.
struct SignOptions : public torch::optim::OptimizerCloneableOptions<SignOptions> {
  SignOptions(double lr) : lr_(lr) {}
  TORCH_ARG(double, lr);

 public:
  double get_lr() const override { return lr(); }
  void set_lr(const double lr) override { this->lr(lr); }
};

class Sign : public torch::optim::Optimizer {
 public:
  explicit Sign(std::vector<torch::Tensor> params, SignOptions defaults)
      : Optimizer({torch::optim::OptimizerParamGroup(std::move(params))}, std::make_unique<SignOptions>(defaults)) {}
  torch::Tensor step(LossClosure closure = nullptr) override {
    torch::NoGradGuard no_grad;
    torch::Tensor loss = {};
    if (closure != nullptr) {
      at::AutoGradMode enable_grad(true);
      loss = closure();
    }
    for (auto& group : param_groups_)
      for (auto& p : group.params())
        if (p.grad().defined()) p.add_(torch::sign(p.grad()), -static_cast<SignOptions&>(group.options()).lr());
    return loss;
  }
};

struct Fit {
  torch::Tensor x = torch::randn({32, 3}), y = x.matmul(torch::tensor({1.0f, -2.0f, 0.5f}).view({3, 1}));
  torch::nn::Linear model{torch::nn::LinearOptions(3, 1)};

  double train(torch::optim::Optimizer& optimizer, int steps) {
    double last = 0;
    for (int i = 0; i < steps; ++i)
      last = optimizer
                 .step([&] {
                   optimizer.zero_grad();
                   auto loss = torch::mse_loss(model->forward(x), y);
                   loss.backward();
                   return loss;
                 })
                 .item<double>();
    return last;
  }
};

}  // namespace

TEST(OptimProgram, LbfgsFits) {
  torch::manual_seed(1);
  Fit fit;
  torch::optim::LBFGS optimizer(
      fit.model->parameters(),
      torch::optim::LBFGSOptions(1).max_iter(10).history_size(5).line_search_fn("strong_wolfe"));
  EXPECT_LT(fit.train(optimizer, 4), 1e-6);
  auto& state = static_cast<torch::optim::LBFGSParamState&>(
      *optimizer.state().at(fit.model->parameters()[0].unsafeGetTensorImpl()));
  EXPECT_GT(state.n_iter(), 0);
}

TEST(OptimProgram, SchedulersMoveARuleOfOnesOwn) {
  torch::manual_seed(1);
  Fit fit;
  Sign optimizer(fit.model->parameters(), SignOptions(0.1));
  torch::optim::StepLR step(optimizer, 20, 0.5);
  torch::optim::ReduceLROnPlateauScheduler plateau(optimizer, torch::optim::ReduceLROnPlateauScheduler::min, 0.5, 5);
  for (int epoch = 0; epoch < 100; ++epoch) {
    plateau.step(static_cast<float>(fit.train(optimizer, 1)));
    step.step();
  }
  EXPECT_LT(fit.train(optimizer, 1), 1e-2);
  EXPECT_LT(optimizer.param_groups()[0].options().get_lr(), 0.1 / 16);
}

TEST(OptimProgram, EveryRuleFits) {
  auto fits = [](auto make) {
    torch::manual_seed(1);
    Fit fit;
    auto optimizer = make(fit.model->parameters());
    const double before = fit.train(optimizer, 1);
    EXPECT_LT(fit.train(optimizer, 300), before / 20);
  };
  fits([](auto p) { return torch::optim::SGD(p, torch::optim::SGDOptions(0.05).momentum(0.9).nesterov(true)); });
  fits([](auto p) { return torch::optim::Adam(p, torch::optim::AdamOptions(0.05).amsgrad(true)); });
  fits([](auto p) { return torch::optim::AdamW(p, torch::optim::AdamWOptions(0.05).weight_decay(1e-3)); });
  fits([](auto p) { return torch::optim::RMSprop(p, torch::optim::RMSpropOptions(0.02).centered(true)); });
  fits([](auto p) { return torch::optim::Adagrad(p, torch::optim::AdagradOptions(0.5)); });
  fits([](auto p) { return torch::optim::Adadelta(p, torch::optim::AdadeltaOptions(5)); });
  fits([](auto p) { return torch::optim::Adamax(p, 0.05); });
  fits([](auto p) { return torch::optim::NAdam(p, 0.05); });
  fits([](auto p) { return torch::optim::RAdam(p, 0.05); });
}
