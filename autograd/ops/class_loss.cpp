// The losses against class indices: nll_loss and cross_entropy_loss.
#include <cmath>

#include "gradus/autograd/ops/loss.h"
#include "gradus/autograd/ops/ops.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/loss.h"

namespace gradus {
namespace {

using kernels::ClassLoss;

int64_t class_dim(const Tensor& x) { return x.dim() == 1 ? 0 : 1; }

void check_shapes(const char* op, const Tensor& x, const Tensor& target) {
  check(x.dim() > 0, op, ": Expected 1 or more dimensions (got 0)");
  if (x.dim() == 1) {
    check(target.dim() <= 1 && target.numel() == 1, op,
          ": For 1D input, 1D target must have size 1, but got target size: ", target.numel());
    return;
  }
  if (x.dim() == 2)
    check(target.dim() == 1, op, ": 0D or 1D target tensor expected, multi-target not supported, got ", x.sizes(),
          " and ", target.sizes());
  check(target.dim() > 0 && target.size(0) == x.size(0), op, ": Expected input batch_size (", x.size(0),
        ") to match target batch_size (", target.dim() ? target.size(0) : 1, "). Got ", x.sizes(), " and ",
        target.sizes());
  Sizes expected = x.sizes();
  expected.erase(1);
  check(target.sizes() == expected, op, ": Expected target size ", expected, ", got ", target.sizes());
}

void check_weight(const char* op, const Tensor& x, const std::optional<Tensor>& weight, int64_t classes) {
  if (!weight || !weight->defined()) return;
  check(weight->dim() == 1 && weight->numel() == classes, op, ": weight tensor should be defined either for all ",
        classes, " classes or no classes but got weight tensor of shape: ", weight->sizes());
  check(weight->scalar_type() == x.scalar_type(), op, ": expected scalar type ", x.scalar_type(), " but found ",
        weight->scalar_type());
}

/// The operation's arguments, checked; x is looked at for its shape only.
ClassLoss class_loss(const char* op, const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight,
                     int64_t reduction, int64_t ignore_index) {
  check(x.defined() && target.defined(), op, ": expected two tensors, but got an undefined one");
  check(reduction >= 0 && reduction < Reduction::END, op, ": ", reduction, " is not a valid value for reduction");
  check(is_floating(x.scalar_type()), op, ": \"", op, "\" not implemented for '", name(x.scalar_type()), "'");
  check_shapes(op, x, target);
  check(target.scalar_type() == kLong || target.scalar_type() == kByte, op,
        ": expected target dtype to be Long or Byte, but got ", target.scalar_type());
  ClassLoss l;
  const auto d = static_cast<size_t>(class_dim(x));
  l.c = x.sizes()[d];
  l.n = d ? x.sizes()[0] : 1;
  for (size_t i = d + 1; i < x.sizes().size(); ++i) l.s *= x.sizes()[i];
  check_weight(op, x, weight, l.c);
  l.target = target.to(kLong).contiguous();
  if (weight && weight->defined()) {
    check(!recording({*weight}), op, ": The function '", op,
          "' is not differentiable with respect to argument 'weight'. This input cannot have requires_grad True.");
    l.weight = weight->contiguous();
  }
  l.ignore_index = ignore_index;
  l.reduce = reduction != Reduction::None;
  if (!l.reduce && d) l.out = target.sizes();
  const double total = kernels::total_weight(op, l);
  if (reduction == Reduction::Mean) l.scale = 1 / total;
  return l;
}

/// g, of the result's shape, with a dimension where x, of the given sizes, has its classes.
Tensor along_classes(const Tensor& g, IntArrayRef x) { return g.dim() == 0 ? g : unsqueeze(g, x.size() == 1 ? 0 : 1); }

/// What backward keeps of a ClassLoss: its tensors, watched.
struct SavedLoss {
  ClassLoss l;
  Saved target, weight;
  explicit SavedLoss(const ClassLoss& from) : l(from), target(from.target) {
    if (l.weight.defined()) weight = Saved(l.weight);
    l.target = l.weight = Tensor();
  }
  ClassLoss get(Node& self) const {
    ClassLoss r = l;
    r.target = target.get(self);
    if (weight.defined()) r.weight = weight.get(self);
    return r;
  }
};

/// cross_entropy_loss as its definition has it, in other operations: what higher orders differentiate.
Tensor composed_cross_entropy(const Tensor& x, const ClassLoss& l) {
  const int64_t d = class_dim(x);
  const Tensor log_p = log_softmax(x, d);
  const std::optional<Tensor> weight = l.weight.defined() ? std::optional(l.weight) : std::nullopt;
  Sizes rows = x.sizes();
  rows.erase(static_cast<size_t>(d));
  const Tensor target = reshape(l.target, rows);
  Tensor own = nll_loss(log_p, target, weight, Reduction::None, l.ignore_index);
  if (l.smoothing != 0) {
    Sizes across(static_cast<size_t>(x.dim()), 1);
    across[static_cast<size_t>(d)] = l.c;
    const Tensor all = -sum(weight ? log_p * reshape(l.weight, across) : log_p, d);
    own = own * (1 - l.smoothing) + where(target == l.ignore_index, 0, all) * (l.smoothing / static_cast<double>(l.c));
  }
  return l.reduce ? sum(own) * l.scale : own;
}

Tensor cross_entropy_of_classes(const Tensor& x, const ClassLoss& l) {
  Tensor stats;
  const Tensor from = x.is_contiguous() ? x : x.contiguous();
  Tensor y = kernels::cross_entropy(l, from, stats);
  if (!recording({from})) return y;
  return record("cross_entropy_loss", y, {from},
                fused(
                    [x = Saved(from), stats, saved = SavedLoss(l)](const Tensor& g, Node& self) {
                      return kernels::cross_entropy_backward(saved.get(self), g, x.get(self), stats);
                    },
                    [x = Saved(from), saved = SavedLoss(l)](const Tensor& g, Node& self) {
                      auto f = [l = saved.get(self)](const std::vector<Tensor>& in) {
                        return composed_cross_entropy(in[0], l);
                      };
                      return differentiate(f, {x.get(self)}, g, self)[0];
                    }));
}

Tensor cross_entropy_of_probabilities(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight,
                                      int64_t reduction, double smoothing) {
  const int64_t d = class_dim(x), classes = x.size(d);
  const Tensor t = smoothing > 0 ? target * (1 - smoothing) + smoothing / static_cast<double>(classes) : target;
  Tensor values = log_softmax(x, d) * t;
  if (weight && weight->defined()) {
    Sizes across(static_cast<size_t>(x.dim()), 1);
    across[static_cast<size_t>(d)] = classes;
    values = values * reshape(*weight, across);
  }
  if (reduction == Reduction::None) return -sum(values, d);
  const Tensor total = -sum(values);
  const double rows = static_cast<double>(x.numel()) / static_cast<double>(classes);
  return reduction == Reduction::Sum ? total : total / rows;
}

}  // namespace

Tensor nll_loss(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight, int64_t reduction,
                int64_t ignore_index) {
  const ClassLoss l = class_loss("nll_loss", x, target, weight, reduction, ignore_index);
  const Tensor from = x.is_contiguous() ? x : x.contiguous();
  Tensor y = kernels::nll(l, from);
  if (!recording({from})) return y;
  return record("nll_loss", y, {from},
                [sizes = Sizes(x.sizes()), type = x.scalar_type(), saved = SavedLoss(l)](const Tensor& g, Node& self) {
                  const ClassLoss l = saved.get(self);
                  if (!autograd::GradMode::is_enabled()) return kernels::nll_backward(l, g, sizes, type);
                  // Linear in x: the gradient is g times constants, which the kernel has for g = 1.
                  return along_classes(g, sizes) * kernels::nll_backward(l, ones(g.sizes(), type), sizes, type);
                });
}

Tensor cross_entropy_loss(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight, int64_t reduction,
                          int64_t ignore_index, double label_smoothing) {
  constexpr const char* op = "cross_entropy_loss";
  check(x.defined() && target.defined(), op, ": expected two tensors, but got an undefined one");
  check(label_smoothing >= 0 && label_smoothing <= 1, op,
        ": label_smoothing must be between 0.0 and 1.0. Got: ", label_smoothing);
  if (x.sizes() == target.sizes()) {
    check(is_floating(target.scalar_type()), op,
          ": Expected floating point type for target with class probabilities, got ", target.scalar_type());
    check(x.dim() > 0, op, ": Expected 1 or more dimensions (got 0)");
    check(reduction >= 0 && reduction < Reduction::END, op, ": ", reduction, " is not a valid value for reduction");
    check(ignore_index < 0, op, ": ignore_index is not supported for floating point target");
    check_weight(op, x, weight, x.size(class_dim(x)));
    return cross_entropy_of_probabilities(x, target, weight, reduction, label_smoothing);
  }
  ClassLoss l = class_loss(op, x, target, weight, reduction, ignore_index);
  l.smoothing = label_smoothing;
  return cross_entropy_of_classes(x, l);
}

}  // namespace gradus
