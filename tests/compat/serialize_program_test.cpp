// A program in LibTorch's words that saves and loads, as its examples and tests have it.
#include <gtest/gtest.h>
#include <torch/serialize.h>
#include <torch/torch.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>

namespace {

struct NetImpl : torch::nn::Module {
  NetImpl() {
    conv = register_module("conv", torch::nn::Conv2d(torch::nn::Conv2dOptions(1, 2, 3)));
    norm = register_module("norm", torch::nn::BatchNorm2d(2));
    fc = register_module("fc", torch::nn::Linear(8, 2));
  }
  torch::Tensor forward(torch::Tensor x) { return fc(torch::relu(norm(conv(x))).flatten(1)); }
  torch::nn::Conv2d conv{nullptr};
  torch::nn::BatchNorm2d norm{nullptr};
  torch::nn::Linear fc{nullptr};
};
TORCH_MODULE(Net);

struct File {
  std::string path =
      (std::filesystem::temp_directory_path() / ("gradus_program_" + std::to_string(::getpid()) + ".pt")).string();
  ~File() { std::filesystem::remove(path); }
};

void train(Net& net, torch::optim::Optimizer& optimizer, int steps) {
  torch::manual_seed(9);
  for (int i = 0; i < steps; ++i) {
    optimizer.zero_grad();
    net->forward(torch::randn({4, 1, 4, 4})).square().mean().backward();
    optimizer.step();
  }
}

TEST(CompatSerialize, ATrainingGoesOn) {
  const torch::Device device(torch::kCPU);
  Net net, other;
  torch::optim::Adam optimizer(net->parameters(), torch::optim::AdamOptions(1e-2).betas({0.5, 0.999}));
  torch::optim::Adam other_optimizer(other->parameters(), torch::optim::AdamOptions(1e-3));
  train(net, optimizer, 3);
  const File model, state;
  torch::save(net, model.path);
  torch::load(other, model.path, device);
  torch::save(optimizer, state.path);
  torch::load(other_optimizer, state.path, device);
  train(net, optimizer, 3);
  train(other, other_optimizer, 3);
  for (const auto& p : net->named_parameters())
    EXPECT_TRUE(torch::equal(p.value(), other->named_parameters()[p.key()])) << p.key();
  EXPECT_TRUE(torch::equal(net->norm->running_var, other->norm->running_var));
}

TEST(CompatSerialize, Archives) {
  torch::serialize::OutputArchive out(std::make_shared<torch::jit::CompilationUnit>());
  torch::serialize::OutputArchive nested(out.compilation_unit());
  nested.write("x", torch::ones({2}), /*is_buffer=*/true);
  nested.write("epoch", torch::IValue(3));
  out.write("part", nested);
  out.write("name", torch::IValue("net"));
  std::ostringstream to;
  out.save_to(to);
  std::istringstream from(to.str());
  torch::serialize::InputArchive in, part;
  in.load_from(from, torch::kCPU);
  in.read("part", part);
  c10::IValue epoch;
  part.read("epoch", epoch);
  EXPECT_EQ(epoch.toInt(), 3);
  torch::Tensor x;
  ASSERT_TRUE(part.try_read("x", x));
  EXPECT_TRUE(x.equal(torch::ones({2})));
  EXPECT_FALSE(in.try_read("x", x));
  EXPECT_EQ(in.keys().size(), 2u);
}

// One function that both saves and loads.
struct Pair {
  torch::Tensor a, b;
  template <class Archive>
  void serialize(Archive& archive) {
    archive("a", a);
    archive("b", b, /*is_buffer=*/true);
  }
};

TEST(CompatSerialize, ArchivesAreCalled) {
  Pair one{torch::ones({1}), torch::zeros({2})}, two;
  torch::serialize::OutputArchive out;
  one.serialize(out);
  std::stringstream stream;
  out.save_to(stream);
  torch::serialize::InputArchive in;
  in.load_from(stream);
  two.serialize(in);
  EXPECT_TRUE(torch::equal(one.a, two.a) && torch::equal(one.b, two.b));
}

}  // namespace
