// Modules of one's own in LibTorch's words: holders, buffers, Sequential, parameter groups.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <sstream>

namespace nn = torch::nn;
namespace F = torch::nn::functional;

namespace {

class BlockImpl : public nn::Module {
 public:
  BlockImpl(int64_t in, int64_t out)
      : layers(nn::Linear(nn::LinearOptions(in, out).bias(false)), nn::BatchNorm1d(out), nn::ReLU()) {
    register_module("layers", layers);
    scale = register_parameter("scale", torch::ones({out}));
    calls = register_buffer("calls", torch::zeros({}, torch::kLong));
  }
  torch::Tensor forward(const torch::Tensor& x) {
    calls.add_(1);
    return layers->forward(x) * scale;
  }

  nn::Sequential layers;
  torch::Tensor scale, calls;
};
TORCH_MODULE(Block);

struct ModelImpl : nn::Module {
  ModelImpl(int64_t hidden) : first(2, hidden), second(hidden, hidden), last(hidden, 2) {
    register_module("first", first);
    register_module("second", second);
    register_module("last", last);
  }
  torch::Tensor forward(torch::Tensor x) { return last(second(first(x))); }

  Block first, second;
  nn::Linear last;
};
TORCH_MODULE(Model);

void weights_init(nn::Module& m) {
  torch::NoGradGuard no_grad;
  if (auto* linear = m.as<nn::Linear>()) {
    nn::init::kaiming_normal_(linear->weight, 0.0, torch::kFanIn, torch::kReLU);
    if (linear->bias.defined()) nn::init::constant_(linear->bias, 0.0);
  }
}

TEST(CompatPrograms, ModulesRegisterWhatTheyHold) {
  Model model(8);
  std::vector<std::string> names;
  for (const auto& p : model->named_parameters()) names.push_back(p.key());
  EXPECT_EQ(names,
            (std::vector<std::string>{"first.scale", "first.layers.0.weight", "first.layers.1.weight",
                                      "first.layers.1.bias", "second.scale", "second.layers.0.weight",
                                      "second.layers.1.weight", "second.layers.1.bias", "last.weight", "last.bias"}));
  EXPECT_EQ(model->named_buffers().size(), 8u);
  EXPECT_EQ(model->children().size(), 3u);
  std::ostringstream out;
  out << nn::Linear(3, 4);
  EXPECT_EQ(out.str(), "torch::nn::Linear(in_features=3, out_features=4, bias=true)");
}

TEST(CompatPrograms, XorWithParameterGroups) {
  torch::manual_seed(2);
  Model model(16);
  model->apply(weights_init);
  auto x = torch::tensor({{0.f, 0.f}, {0.f, 1.f}, {1.f, 0.f}, {1.f, 1.f}});
  auto y = torch::tensor({0, 1, 1, 0}, torch::kLong);
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.emplace_back(model->first->parameters());
  groups.emplace_back(model->second->parameters(),
                      std::make_unique<torch::optim::AdamOptions>(torch::optim::AdamOptions(1e-2)));
  groups.emplace_back(model->last->parameters());
  torch::optim::Adam optimizer(groups, torch::optim::AdamOptions(2e-2).betas({0.9, 0.99}));
  double loss_value = 1;
  for (int epoch = 0; epoch < 300; ++epoch) {
    optimizer.zero_grad();
    auto loss = F::cross_entropy(model->forward(x), y, F::CrossEntropyFuncOptions().reduction(torch::kMean));
    loss.backward();
    nn::utils::clip_grad_norm_(model->parameters(), 5.0);
    optimizer.step();
    loss_value = loss.item<double>();
    if (epoch == 200)
      for (auto& group : optimizer.param_groups()) static_cast<torch::optim::AdamOptions&>(group.options()).lr(1e-3);
  }
  EXPECT_LT(loss_value, 0.05);
  EXPECT_EQ(model->first->calls.item<int64_t>(), 300);
  model->eval();
  auto [value, index] = model->forward(x).max(1);
  EXPECT_EQ(value.sizes(), (std::vector<int64_t>{4}));
  EXPECT_EQ(index.scalar_type(), torch::kLong);
}

TEST(CompatPrograms, ModelsAreWrittenToStreams) {
  nn::Sequential net(nn::Linear(2, 3), nn::Tanh());
  std::ostringstream out;
  out << net;
  EXPECT_EQ(out.str(),
            "torch::nn::Sequential(\n  (0): torch::nn::Linear(in_features=2, out_features=3, bias=true)\n"
            "  (1): torch::nn::Tanh()\n)");
}

}  // namespace
