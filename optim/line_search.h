// A line search for the strong Wolfe conditions.
#pragma once
#include <functional>

#include "gradus/tensor/tensor.h"

namespace gradus::optim {

/// A place along a direction d: how far, the loss there, its gradient g, and the slope g . d.
struct LinePoint {
  double t, loss;
  Tensor gradient;
  double slope;
};

/// From `start` (t = 0), trying `t` first, finds a place where loss <= start.loss + 1e-4 t start.slope and
/// |slope| <= 0.9 |start.slope|, by cubic interpolation; after max_evals more evaluations the best place seen. `width`
/// is the largest element of the direction: steps of less than 1e-9 are not looked for. Adds the calls of `at` to
/// `evals`. Nocedal, Wright, Numerical Optimization, algorithms 3.5 and 3.6; the steps are those of PyTorch's LBFGS.
LinePoint strong_wolfe(const std::function<LinePoint(double t)>& at, const LinePoint& start, double t, double width,
                       int64_t max_evals, int64_t& evals);

}  // namespace gradus::optim
