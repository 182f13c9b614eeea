#include "gradus/optim/swa_utils.h"

#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/copy.h"
#include "gradus/optim/step.h"

namespace gradus::optim::swa_utils {
namespace {

// averaged += weight (current - averaged): floats and doubles in one threaded loop, other types one by one.
void mix(const std::vector<Tensor>& averaged, const std::vector<Tensor>& current, double weight) {
  NoGradGuard no_grad;
  Step step;
  InlineVector<kernels::Update<kernels::Mix>, 8> updates;
  std::vector<Tensor> sources;
  std::vector<std::pair<Tensor, Tensor>> others;
  for (size_t i = 0; i < averaged.size(); ++i) {
    if (!averaged[i].is_floating_point()) {
      others.emplace_back(averaged[i], averaged[i] + (current[i] - averaged[i]) * weight);
      continue;
    }
    sources.push_back(current[i].detach().to(averaged[i].scalar_type()).contiguous());
    kernels::Update<kernels::Mix> u;
    u.p = step.parameter(averaged[i]);
    u.g = sources.back().unsafeGetTensorImpl();
    u.c.weight = weight;
    updates.push_back(u);
  }
  kernels::mix(updates);
  step.finish();
  for (const auto& [average, next] : others) average.copy_(next);
}

void check_decay(double decay) {
  check(decay >= 0 && decay <= 1, "Invalid decay value ", decay, " provided. Please provide a value in [0,1] range.");
}

}  // namespace

AvgFn get_swa_avg_fn() {
  return [](const Tensor& averaged, const Tensor& current, int64_t n) {
    NoGradGuard no_grad;
    return averaged + (current - averaged) / (n + 1);
  };
}
MultiAvgFn get_swa_multi_avg_fn() {
  return [](const std::vector<Tensor>& averaged, const std::vector<Tensor>& current, int64_t n) {
    mix(averaged, current, 1 / static_cast<double>(n + 1));
  };
}
AvgFn get_ema_avg_fn(double decay) {
  check_decay(decay);
  return [decay](const Tensor& averaged, const Tensor& current, int64_t) {
    NoGradGuard no_grad;
    return averaged * decay + current * (1 - decay);
  };
}
MultiAvgFn get_ema_multi_avg_fn(double decay) {
  check_decay(decay);
  return [decay](const std::vector<Tensor>& averaged, const std::vector<Tensor>& current, int64_t) {
    mix(averaged, current, 1 - decay);
  };
}

void update_average(const AveragedModelOptions& options, int64_t num_averaged, const std::vector<Tensor>& averaged,
                    const std::vector<Tensor>& current) {
  check(averaged.size() == current.size(), "AveragedModel: expected a model with ", averaged.size(),
        " tensors like its own, got ", current.size());
  for (size_t i = 0; i < averaged.size(); ++i)
    check(averaged[i].sizes() == current[i].sizes(), "AveragedModel: expected a tensor of the shape ",
          averaged[i].sizes(), ", got ", current[i].sizes());
  NoGradGuard no_grad;
  if (num_averaged == 0) {
    for (size_t i = 0; i < averaged.size(); ++i) averaged[i].copy_(current[i]);
  } else if (options.avg_fn) {
    std::vector<Tensor> next;
    for (size_t i = 0; i < averaged.size(); ++i)
      next.push_back(options.avg_fn(averaged[i].detach(), current[i].detach(), num_averaged));
    for (size_t i = 0; i < averaged.size(); ++i) averaged[i].copy_(next[i]);
  } else {
    static const MultiAvgFn mean = get_swa_multi_avg_fn();
    (options.multi_avg_fn ? options.multi_avg_fn : mean)(averaged, current, num_averaged);
  }
}

}  // namespace gradus::optim::swa_utils
