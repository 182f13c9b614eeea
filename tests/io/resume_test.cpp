#include <gtest/gtest.h>

#include <cstring>

#include "faulty_file_system.h"
#include "gradus/io/checkpoint.h"
#include "gradus/nn/dropout.h"
#include "gradus/nn/linear.h"
#include "gradus/nn/norm.h"
#include "gradus/optim/adamw.h"
#include "gradus/tensor/factories.h"

namespace gradus::io {
namespace {

struct NetImpl : nn::Module {
  NetImpl()
      : fc1(register_module("fc1", nn::Linear(5, 8))),
        bn(register_module("bn", nn::BatchNorm1d(8))),
        drop(register_module("drop", nn::Dropout(0.3))),
        fc2(register_module("fc2", nn::Linear(8, 2))) {}
  Tensor forward(const Tensor& x) { return fc2(drop(bn(fc1(x)).tanh())); }

  nn::Linear fc1;
  nn::BatchNorm1d bn;
  nn::Dropout drop;
  nn::Linear fc2;
};

/// A model, its optimizer and the default generator, all of which the next step depends on.
struct Trainee {
  void train(int steps) {
    for (; steps > 0; --steps) {
      Tensor x = empty({16, 5}, kFloat), y = empty({16, 2}, kFloat);
      x.normal_(), y.normal_();
      optimizer.zero_grad();
      model->forward(x).sub(y).square().mean().backward();
      optimizer.step();
    }
  }

  std::shared_ptr<NetImpl> model = std::make_shared<NetImpl>();
  optim::AdamW optimizer{model->parameters(), optim::AdamWOptions(1e-2).weight_decay(0.1)};
};

TEST(Resume, ATrainingRunGoesOnToTheSameBits) {
  TemporaryFolder folder;
  const std::string path = folder / "run.safetensors";
  manual_seed(11);
  Trainee first;
  first.train(3);
  Checkpoint saved;
  saved.put_model(first.model->state_dict());
  saved.put_part("optimizer", first.optimizer.state_dict());
  saved.put_generator();
  saved.put("step", 3);
  saved.save(path);
  first.train(4);

  manual_seed(99);
  Trainee second;
  second.train(2);
  const Checkpoint loaded = Checkpoint::load(path);
  second.model->load_state_dict(loaded.model());
  second.optimizer.load_state_dict(loaded.part("optimizer"));
  loaded.restore_generator();
  second.train(7 - static_cast<int>(loaded.integer("step")));

  const StateDict expected = first.model->state_dict(), found = second.model->state_dict();
  ASSERT_EQ(found.keys(), expected.keys());
  EXPECT_TRUE(expected.contains("fc1.weight") && expected.contains("bn.running_mean"));
  for (const auto& item : expected) {
    const Tensor& other = found[item.key()];
    EXPECT_EQ(std::memcmp(other.data_ptr(), item.value().data_ptr(), other.nbytes()), 0) << item.key();
  }
}

}  // namespace
}  // namespace gradus::io
