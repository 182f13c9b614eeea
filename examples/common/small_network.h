// The course's small network for two inputs: one hidden layer, sigmoid twice, trained on the whole set at once.
#pragma once
#include <functional>
#include <vector>

#include "gradus/examples/common/plot.h"
#include "gradus/gradus.h"

namespace examples {

/// inputs - hidden - 1 with a sigmoid after each layer; weights normal with deviation sqrt(2 / fan-in), biases 0.
gradus::nn::Sequential small_network(int64_t inputs, int64_t hidden);

/// Gradient descent on the binary cross-entropy of all of x [N, 2], y [N, 1] at once, whose output delta is prediction
/// minus target. Returns the mean squared error after each epoch; ends early when `watch(epoch, error)` says false.
std::vector<double> fit(gradus::nn::Sequential& net, const gradus::Tensor& x, const gradus::Tensor& y, double rate,
                        int epochs, const std::function<bool(int, double)>& watch = nullptr);

/// The share of right answers at the threshold 1/2.
double accuracy(gradus::nn::Sequential& net, const gradus::Tensor& x, const gradus::Tensor& y);

/// What the network answers in the centre of each cell of `grid`.
Grid answers(gradus::nn::Sequential& net, Grid grid);

/// Column k of x [N, 2] as numbers.
std::vector<double> column(const gradus::Tensor& x, int64_t k);
/// y [N, 1] or [N] as classes.
std::vector<int> classes(const gradus::Tensor& y);

}  // namespace examples
