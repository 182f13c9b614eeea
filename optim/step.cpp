#include "gradus/optim/step.h"

#include "gradus/autograd/in_place.h"
#include "gradus/autograd/ops/copy.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/convert.h"

namespace gradus::optim {

const Tensor& Step::gradient(const Tensor& p) {
  const Tensor& g = p.grad();
  if (!g.defined() || g.is_contiguous()) return g;
  // The copy must live until the rule has run.
  gradients_.push_back(g.detach().contiguous());
  return gradients_.back();
}

const TensorImpl* Step::parameter(const Tensor& p) {
  entries_.push_back({&p, p.is_contiguous() ? Tensor() : p.detach().contiguous()});
  const Tensor& copy = entries_.back().copy;
  return (copy.defined() ? copy : p).unsafeGetTensorImpl();
}

void Step::finish() {
  for (const Entry& e : entries_) {
    if (e.copy.defined()) kernels::copy(*e.original->unsafeGetTensorImpl(), *e.copy.unsafeGetTensorImpl());
    changed(*e.original);
  }
}

const TensorImpl* state_tensor(Tensor& state, const Tensor& p, double value) {
  if (!state.defined()) state = full(p.sizes(), value, p.options());
  return state.unsafeGetTensorImpl();
}

}  // namespace gradus::optim
