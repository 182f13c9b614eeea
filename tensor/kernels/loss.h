// Losses against class indices: negative log likelihood, and cross entropy straight from logits.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::kernels {

/// A loss of x, [n, c, s], against one class index for each of n s rows.
struct ClassLoss {
  int64_t n = 1, c = 1, s = 1;
  Tensor target;  // int64 [n, s], contiguous
  Tensor weight;  // [c] of x's type, contiguous; undefined stands for ones
  int64_t ignore_index = -100;
  double smoothing = 0;
  bool reduce = false;  // to one number, times scale; else a value for each row
  double scale = 1;
  Sizes out;  // the result's sizes
};

/// The sum over the rows of their class's weight. Throws IndexError, with the name of the operation, for a class
/// outside of [0, c).
double total_weight(const char* op, const ClassLoss& l);

/// -w[t] x[t] of each row, 0 for ignored ones; x is contiguous.
Tensor nll(const ClassLoss& l, const Tensor& x);
/// gx = -w[t] g at the row's class, 0 elsewhere; of x's sizes and type.
Tensor nll_backward(const ClassLoss& l, const Tensor& g, IntArrayRef sizes, ScalarType type);

/// With p = softmax(x) and e the smoothing: (1 - e) w[t] (-ln p[t]) + e / c sum_k w[k] (-ln p[k]) of each row.
/// `stats`, [2, n s] in the type that x is computed in, receives what backward needs of each row: the largest x, and 1
/// / sum e^(x - largest).
Tensor cross_entropy(const ClassLoss& l, const Tensor& x, Tensor& stats);
/// gx = g ((1 - e) w[t] (p - onehot[t]) + e / c (p sum w - w)), p from x and stats, in one pass.
Tensor cross_entropy_backward(const ClassLoss& l, const Tensor& g, const Tensor& x, const Tensor& stats);

/// A loss of x, [n, c, s], against a target of probabilities of the same shape; both contiguous.
struct SoftLoss {
  int64_t n = 1, c = 1, s = 1;
  Tensor weight;  // [c] of x's type, contiguous; undefined stands for ones
  double smoothing = 0;
  bool reduce = false;  // to one number, times scale; else a value for each row
  double scale = 1;
  Sizes out;  // the result's sizes
};

/// With p = softmax(x), e the smoothing and q[k] = w[k] ((1 - e) t[k] + e / c): -sum_k q[k] ln p[k] of each row.
/// `stats` as for cross_entropy.
Tensor soft_cross_entropy(const SoftLoss& l, const Tensor& x, const Tensor& target, Tensor& stats);
/// gx = g (p sum q - q) and gt = -g (1 - e) w ln p, each if it is wanted, which is said by a defined tensor to fill.
void soft_cross_entropy_backward(const SoftLoss& l, const Tensor& g, const Tensor& x, const Tensor& target,
                                 const Tensor& stats, const Tensor& gx, const Tensor& gt);

}  // namespace gradus::kernels
