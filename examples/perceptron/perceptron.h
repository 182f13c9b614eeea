// One neuron with a step activation, and the rule of Rosenblatt (1958) by which it learns.
#pragma once
#include <vector>

#include "gradus/gradus.h"

namespace perceptron {

struct Perceptron {
  gradus::Tensor weight;  // [2]
  gradus::Tensor bias;    // []
  /// Weights 0.01 N(0, 1), bias 0.
  Perceptron();
  /// 1 where x w + b > 0, else 0; x [N, 2].
  gradus::Tensor answer(const gradus::Tensor& x) const;
};

/// For each example in turn: w += rate (target - answer) x, b += rate (target - answer). Returns the number of wrong
/// answers in each epoch; ends with the first epoch that has none.
std::vector<double> learn(Perceptron& p, const gradus::Tensor& x, const gradus::Tensor& y, double rate, int epochs);

}  // namespace perceptron
