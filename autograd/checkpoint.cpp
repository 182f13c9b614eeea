#include "gradus/autograd/checkpoint.h"

#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/saved.h"
#include "gradus/tensor/generator.h"

namespace gradus::autograd {
namespace {

// One call of a checkpointed function: its tensors by the order in which they were saved.
class Frame final : public Counted {
 public:
  Frame(std::function<variable_list(const variable_list&)> f, variable_list inputs, bool preserve_rng_state)
      : f_(std::move(f)), inputs_(std::move(inputs)) {
    if (!preserve_rng_state) return;
    Generator g = default_generator();
    std::lock_guard lock(g.mutex());
    random_ = g.get_state();
  }

  variable_list run();
  size_t add() { return saved_++; }
  Tensor take(size_t at);

 private:
  void run_again();

  std::function<variable_list(const variable_list&)> f_;
  variable_list inputs_;
  std::vector<uint8_t> random_;
  size_t saved_ = 0;
  std::vector<Tensor> values_;  // of the run in backward; taken ones are gone
};

struct Place final : Packed {
  Place(Intrusive<Frame> frame, size_t at) : frame(std::move(frame)), at(at) {}
  Tensor unpack() override {
    // Kept as long as the node that saved it: a graph that is retained asks again.
    if (!value.defined()) value = frame->take(at);
    return value;
  }
  Intrusive<Frame> frame;
  size_t at;
  Tensor value;
};

// In the first run: leaves live on anyway, everything else is to be computed again.
class Forget final : public SavedTensorHooks {
 public:
  explicit Forget(Frame& frame) : frame_(frame) {}
  Intrusive<Packed> pack(const Tensor& t) override {
    if (t.requires_grad() && t.is_leaf()) return nullptr;
    return make_intrusive<Place>(Intrusive<Frame>(&frame_), frame_.add());
  }

 private:
  Frame& frame_;
};

// In the second run.
class Collect final : public SavedTensorHooks {
 public:
  explicit Collect(std::vector<Tensor>& to) : to_(to) {}
  Intrusive<Packed> pack(const Tensor& t) override {
    if (!(t.requires_grad() && t.is_leaf())) to_.push_back(t.detach());
    return nullptr;
  }

 private:
  std::vector<Tensor>& to_;
};

variable_list Frame::run() {
  Forget hooks(*this);
  SavedTensorHooks::Scope scope(&hooks);
  return f_(inputs_);
}

void Frame::run_again() {
  Generator g = default_generator();
  std::vector<uint8_t> now;
  if (!random_.empty()) {
    std::lock_guard lock(g.mutex());
    now = g.get_state();
    g.set_state(random_);
  }
  struct PutBack {
    Generator& g;
    const std::vector<uint8_t>& state;
    ~PutBack() {
      if (state.empty()) return;
      std::lock_guard lock(g.mutex());
      g.set_state(state);
    }
  } put_back{g, now};
  std::vector<Tensor> found;
  Collect hooks(found);
  SavedTensorHooks::Scope scope(&hooks);
  EnableGradGuard on;
  f_(inputs_);
  check(found.size() == saved_, "checkpoint: A different number of tensors was saved during the original forward and ",
        "recomputation. Number of tensors saved during forward: ", saved_,
        ". Number of tensors saved during recomputation: ", found.size());
  values_ = std::move(found);
}

Tensor Frame::take(size_t at) {
  if (at >= values_.size() || !values_[at].defined()) run_again();
  return std::move(values_[at]);
}

}  // namespace

variable_list checkpoint(std::function<variable_list(const variable_list&)> f, variable_list inputs,
                         bool preserve_rng_state) {
  check(static_cast<bool>(f), "checkpoint: expected a function");
  if (!GradMode::is_enabled()) return f(inputs);
  return make_intrusive<Frame>(std::move(f), std::move(inputs), preserve_rng_state)->run();
}

Tensor checkpoint(std::function<Tensor(const Tensor&)> f, const Tensor& input, bool preserve_rng_state) {
  check(static_cast<bool>(f), "checkpoint: expected a function");
  return checkpoint([f = std::move(f)](const variable_list& x) { return variable_list{f(x[0])}; }, {input},
                    preserve_rng_state)[0];
}

}  // namespace gradus::autograd
