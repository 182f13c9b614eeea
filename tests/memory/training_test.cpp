// Memory that runs out at every place of a training step, one after the other: the step throws, nothing is lost, the
// weights are what they were, and the next step goes on as if nothing had been.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gradus/gradus.h"
#include "gradus/tests/memory/refusal.h"
#include "gradus/tests/memory/states.h"

using namespace gradus;
using memory_tests::copy_of;
using memory_tests::difference;
using memory_tests::Outcome;
using memory_tests::Source;
namespace nn = gradus::nn;

namespace {

nn::Sequential perceptron() { return nn::Sequential(nn::Linear(6, 5), nn::Tanh(), nn::Linear(5, 3)); }

nn::Sequential convolutional() {
  return nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 4, 3).padding(1)), nn::BatchNorm2d(4), nn::ReLU(),
                        nn::MaxPool2d(2), nn::Flatten(), nn::Linear(4 * 3 * 3, 3));
}

struct Case {
  const char* name;
  std::function<nn::Sequential()> make;
  std::vector<int64_t> input;
  ScalarType dtype;
};

const std::vector<Case> cases = {
    {"perceptron", perceptron, {4, 6}, kFloat},
    {"perceptron of doubles", perceptron, {4, 6}, kDouble},
    {"convolutional", convolutional, {3, 1, 6, 6}, kFloat},
    {"convolutional of doubles", convolutional, {3, 1, 6, 6}, kDouble},
};

/// A network in the middle of its training, always the same one.
struct Training {
  nn::Sequential net{nullptr};
  std::unique_ptr<optim::Adam> optimizer;
  Tensor x, y;

  Training(const Case& c, int steps) {
    manual_seed(7);
    net = c.make();
    net->to(c.dtype);
    optimizer = std::make_unique<optim::Adam>(net->parameters(), optim::AdamOptions(0.01).amsgrad(true));
    x = randn(c.input, c.dtype);
    y = arange(x.size(0)) % 3;
    gradients();  // what a first pass makes and keeps: compiled primitives, the leaves' places in the graph
    for (int i = 0; i < steps; ++i) step();
    optimizer->zero_grad();
  }
  void gradients() const {
    optimizer->zero_grad();
    nn::functional::cross_entropy(nn::Sequential(net)->forward(x), y).backward();
    nn::utils::clip_grad_norm_(net->parameters(), 0.1);
  }
  void step() const {
    gradients();
    optimizer->step();
  }
};

/// All that a step changes.
struct Snapshot {
  StateDict parameters, buffers, optimizer;
  explicit Snapshot(const Training& t)
      : parameters(copy_of(t.net->named_parameters())),
        buffers(copy_of(t.net->named_buffers())),
        optimizer(copy_of(t.optimizer->state_dict())) {}
};

/// After a step that threw; the gradients it had made are gone.
void expect_nothing_changed(const Training& t, const Snapshot& before, const Snapshot& after) {
  const Snapshot now(t);
  EXPECT_EQ(difference(before.parameters, now.parameters), "");
  EXPECT_EQ(difference(before.optimizer, now.optimizer), "");
  // The running statistics belong to the forward pass, which may have been done; they change together.
  EXPECT_TRUE(difference(before.buffers, now.buffers).empty() || difference(after.buffers, now.buffers).empty())
      << difference(before.buffers, now.buffers) << " changed, " << difference(after.buffers, now.buffers)
      << " did not";
}

/// Lets allocation n of the step fail; false when the step has no such allocation.
bool refuse_one(const Case& c, Source source, int steps, int64_t n, const Snapshot& after) {
  const Training t(c, steps);
  const Snapshot before(t);
  const int64_t live = memory_stats().live, blocks = memory_tests::blocks_in_use();
  const Outcome outcome = memory_tests::call(source, n, [&] { t.step(); });
  if (outcome == Outcome::not_met) return false;
  EXPECT_NE(outcome, Outcome::wrong);
  if (outcome != Outcome::survived) {
    t.optimizer->zero_grad();
    EXPECT_EQ(memory_stats().live, live);
    EXPECT_EQ(memory_tests::blocks_in_use(), blocks);
    expect_nothing_changed(t, before, after);
    for (const auto& b : before.buffers) t.net->named_buffers()[b.key()].copy_(b.value());
    t.step();
  }
  const Snapshot now(t);
  EXPECT_EQ(difference(after.parameters, now.parameters), "");
  EXPECT_EQ(difference(after.buffers, now.buffers), "");
  EXPECT_EQ(difference(after.optimizer, now.optimizer), "");
  return true;
}

void refuse_all(Source source) {
  for (const Case& c : cases) {
    for (int steps : {0, 2}) {  // before the optimizer has its state, and after
      const Training reference(c, steps);
      reference.step();
      const Snapshot after(reference);
      int64_t n = 0;
      for (;; ++n) {
        SCOPED_TRACE(std::string(c.name) + ", step " + std::to_string(steps) + ", allocation " + std::to_string(n));
        if (!refuse_one(c, source, steps, n, after) || testing::Test::HasFailure()) break;
      }
      EXPECT_GT(n, source == Source::gradus ? 15 : 5) << c.name;
    }
  }
}

class TrainingMemory : public testing::Test {
 protected:
  TrainingMemory() { set_num_threads(1); }  // whose memory is counted to the byte
  ~TrainingMemory() override { set_num_threads(threads_); }

 private:
  int threads_ = get_num_threads();
};

TEST_F(TrainingMemory, EveryAllocationMayFail) { refuse_all(Source::gradus); }
TEST_F(TrainingMemory, EveryCallOfNewMayFail) {
  if (thread_sanitizer) GTEST_SKIP() << "whose operator new cannot refuse";
  refuse_all(Source::operator_new);
}

}  // namespace
