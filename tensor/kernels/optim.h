// Update rules: one pass over memory a parameter, all parameters of a step in one threaded loop, so that many small
// ones cost no more than one of their total size.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus::kernels {

/// A parameter p, its gradient g and its state, contiguous and of one shape and floating type; c are the numbers of
/// the rule. 16-bit floats are updated in float32 and rounded once, parameters and state.
template <class C>
struct Update {
  const TensorImpl* p = nullptr;
  const TensorImpl* g = nullptr;
  const TensorImpl* state[3] = {};
  C c;
};

/// g += weight_decay p;  buffer = momentum buffer + (1 - dampening) g, or g itself the first time;
/// p -= lr (nesterov ? g + momentum buffer : buffer).  state: buffer, null without momentum.
struct Sgd {
  double lr, momentum, dampening, weight_decay;
  bool nesterov, first;
};
void sgd_step(ArrayRef<Update<Sgd>> updates);

/// p *= 1 - lr weight_decay if decoupled, else g += weight_decay p;
/// m += (1 - beta1) (g - m);  v = beta2 v + (1 - beta2) g^2;  w = v, or with amsgrad w = max(w, v);
/// p -= lr / (1 - beta1^step) m / (sqrt(w) / sqrt(1 - beta2^step) + eps).  state: m, v, and w with amsgrad.
struct Adam {
  double lr, beta1, beta2, eps, weight_decay;
  bool decoupled;
  int64_t step;
};
void adam_step(ArrayRef<Update<Adam>> updates);

/// g += weight_decay p;  v = alpha v + (1 - alpha) g^2;  a = sqrt(v) + eps, or with a mean m of g (centered)
/// m += (1 - alpha) (g - m), a = sqrt(v - m^2) + eps;  p -= lr g / a, or with a buffer b (momentum)
/// b = momentum b + g / a, p -= lr b.  state: v, m or null, b or null.
struct RmsProp {
  double lr, alpha, eps, weight_decay, momentum;
};
void rmsprop_step(ArrayRef<Update<RmsProp>> updates);

/// g += weight_decay p;  s += g^2;  p -= lr g / (sqrt(s) + eps).  state: s.
struct Adagrad {
  double lr, eps, weight_decay;
};
void adagrad_step(ArrayRef<Update<Adagrad>> updates);

}  // namespace gradus::kernels
