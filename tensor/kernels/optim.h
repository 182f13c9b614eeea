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

/// What every rule begins with: g = -g to maximize; then p *= 1 - lr weight_decay if decoupled, else
/// g += weight_decay p.
struct Rule {
  double lr, weight_decay;
  bool maximize, decoupled;
};

/// buffer = momentum buffer + (1 - dampening) g, or g itself the first time;
/// p -= lr (nesterov ? g + momentum buffer : buffer).  state: buffer, null without momentum.
struct Sgd : Rule {
  double momentum, dampening;
  bool nesterov, first;
};
void sgd_step(ArrayRef<Update<Sgd>> updates);

/// m += (1 - beta1) (g - m);  v = beta2 v + (1 - beta2) g^2;  w = v, or with amsgrad w = max(w, v);
/// p -= lr / correction1 m / (sqrt(w) / root2 + eps), correction1 = 1 - beta1^step, root2 = sqrt(1 - beta2^step).
/// state: m, v, and w with amsgrad.
struct Adam : Rule {
  double beta1, beta2, eps, correction1, root2;
};
void adam_step(ArrayRef<Update<Adam>> updates);

/// m and v as Adam's;  p -= (rate_g g + rate_m m) / (sqrt(v) / root2 + eps).  state: m, v.
struct NAdam : Adam {
  double rate_g, rate_m;
};
void nadam_step(ArrayRef<Update<NAdam>> updates);

/// m and v as Adam's;  p -= rate m, divided by sqrt(v) + eps if rectified.  state: m, v.
struct RAdam : Adam {
  double rate;
  bool rectified;
};
void radam_step(ArrayRef<Update<RAdam>> updates);

/// m += (1 - beta1) (g - m);  u = max(beta2 u, |g| + eps);  p -= lr / correction1 m / u.  state: m, u.
struct Adamax : Adam {};
void adamax_step(ArrayRef<Update<Adamax>> updates);

/// v = alpha v + (1 - alpha) g^2;  a = sqrt(v) + eps, or with a mean m of g (centered) m += (1 - alpha) (g - m),
/// a = sqrt(v - m^2) + eps;  p -= lr g / a, or with a buffer b (momentum) b = momentum b + g / a, p -= lr b.
/// state: v, m or null, b or null.
struct RmsProp : Rule {
  double alpha, eps, momentum;
};
void rmsprop_step(ArrayRef<Update<RmsProp>> updates);

/// s += g^2;  p -= lr g / (sqrt(s) + eps).  state: s.
struct Adagrad : Rule {
  double eps;
};
void adagrad_step(ArrayRef<Update<Adagrad>> updates);

/// v = rho v + (1 - rho) g^2;  d = g sqrt(u + eps) / sqrt(v + eps);  u = rho u + (1 - rho) d^2;  p -= lr d.
/// state: v, u.
struct Adadelta : Rule {
  double rho, eps;
};
void adadelta_step(ArrayRef<Update<Adadelta>> updates);

/// p += weight (g - p): an average that g joins.  No state.
struct Mix {
  double weight;
};
void mix(ArrayRef<Update<Mix>> updates);

}  // namespace gradus::kernels
