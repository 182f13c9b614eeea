// Activation functions and their derivatives as numbers to draw; the derivatives come from autograd.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "gradus/gradus.h"

namespace activations {

struct Curve {
  std::string name;
  std::vector<double> x, y, slope;
};

/// f at `points` values of [low, high], with dy/dx.
Curve curve(const std::string& name, const std::function<gradus::Tensor(const gradus::Tensor&)>& f, double low,
            double high, int64_t points);

/// Sigmoid, tanh, ReLU and leaky ReLU (0.01).
std::vector<Curve> course_curves(double low, double high, int64_t points);

}  // namespace activations
