// The MNIST program of PyTorch's examples, on a data set that is made here: a bright bar for each class.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <tuple>

namespace {

const int64_t kTrainBatchSize = 32;
const int64_t kClasses = 4;

struct Bars : torch::data::datasets::Dataset<Bars> {
  explicit Bars(size_t count) : count_(count) {}
  torch::data::Example<> get(size_t index) override {
    const auto label = static_cast<int64_t>(index) % kClasses;
    torch::Tensor image = torch::randn({1, 28, 28}) * 0.1;
    image.narrow(1, 2 + 6 * label, 4).add_(1.0);
    return {image, torch::tensor(label, torch::kLong)};
  }
  torch::optional<size_t> size() const override { return count_; }

 private:
  size_t count_;
};

struct Net : torch::nn::Module {
  Net()
      : conv1(torch::nn::Conv2dOptions(1, 10, /*kernel_size=*/5)),
        conv2(torch::nn::Conv2dOptions(10, 20, /*kernel_size=*/5)),
        fc1(320, 50),
        fc2(50, kClasses) {
    register_module("conv1", conv1);
    register_module("conv2", conv2);
    register_module("conv2_drop", conv2_drop);
    register_module("fc1", fc1);
    register_module("fc2", fc2);
  }

  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(torch::max_pool2d(conv1->forward(x), 2));
    x = torch::relu(torch::max_pool2d(conv2_drop->forward(conv2->forward(x)), 2));
    x = x.view({-1, 320});
    x = torch::relu(fc1->forward(x));
    x = torch::dropout(x, /*p=*/0.5, /*training=*/is_training());
    x = fc2->forward(x);
    return torch::log_softmax(x, /*dim=*/1);
  }

  torch::nn::Conv2d conv1;
  torch::nn::Conv2d conv2;
  torch::nn::Dropout2d conv2_drop;
  torch::nn::Linear fc1;
  torch::nn::Linear fc2;
};

template <typename DataLoader>
double train(Net& model, torch::Device device, DataLoader& data_loader, torch::optim::Optimizer& optimizer) {
  model.train();
  double last = 0;
  for (auto& batch : data_loader) {
    auto data = batch.data.to(device), targets = batch.target.to(device);
    optimizer.zero_grad();
    auto output = model.forward(data);
    auto loss = torch::nll_loss(output, targets);
    AT_ASSERT(!std::isnan(loss.template item<float>()));
    loss.backward();
    optimizer.step();
    last = loss.template item<double>();
  }
  return last;
}

template <typename DataLoader>
std::tuple<double, int64_t> test(Net& model, torch::Device device, DataLoader& data_loader, size_t dataset_size) {
  torch::NoGradGuard no_grad;
  model.eval();
  double test_loss = 0;
  int64_t correct = 0;
  for (const auto& batch : data_loader) {
    auto data = batch.data.to(device), targets = batch.target.to(device);
    auto output = model.forward(data);
    test_loss += torch::nll_loss(output, targets, /*weight=*/{}, torch::Reduction::Sum).template item<float>();
    auto pred = output.argmax(1);
    correct += pred.eq(targets).sum().template item<int64_t>();
  }
  return {test_loss / static_cast<double>(dataset_size), correct};
}

TEST(CompatPrograms, Mnist) {
  torch::manual_seed(1);
  torch::DeviceType device_type = torch::cuda::is_available() ? torch::kCUDA : torch::kCPU;
  torch::Device device(device_type);

  Net model;
  model.to(device);

  auto train_dataset =
      Bars(256).map(torch::data::transforms::Normalize<>(0.1307, 0.3081)).map(torch::data::transforms::Stack<>());
  const size_t train_dataset_size = train_dataset.size().value();
  auto train_loader = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(std::move(train_dataset),
                                                                                              kTrainBatchSize);
  auto test_dataset =
      Bars(64).map(torch::data::transforms::Normalize<>(0.1307, 0.3081)).map(torch::data::transforms::Stack<>());
  const size_t test_dataset_size = test_dataset.size().value();
  auto test_loader = torch::data::make_data_loader(std::move(test_dataset), 16);

  torch::optim::SGD optimizer(model.parameters(), torch::optim::SGDOptions(0.05).momentum(0.5));
  EXPECT_EQ(train_dataset_size, 256u);
  for (size_t epoch = 1; epoch <= 4; ++epoch) train(model, device, *train_loader, optimizer);
  const auto [loss, correct] = test(model, device, *test_loader, test_dataset_size);
  EXPECT_LT(loss, 0.5);
  EXPECT_EQ(correct, static_cast<int64_t>(test_dataset_size));
}

}  // namespace
