// The losses against class indices: nll_loss and cross_entropy_loss.
#include <cmath>

#include "gradus/autograd/ops/loss.h"
#include "gradus/autograd/ops/ops.h"
#include "gradus/autograd/record.h"
#include "gradus/autograd/wide.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/loss.h"

namespace gradus {
namespace {

using kernels::ClassLoss;
using kernels::SoftLoss;

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

/// g, of the result's shape, with a dimension where x has its classes.
Tensor along_classes(const Tensor& g) { return g.dim() == 0 ? g : unsqueeze(g, 1); }

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

/// cross_entropy_loss against probabilities as its definition has it, of x, target and, if it is there, weight.
Tensor composed_soft_cross_entropy(const std::vector<Tensor>& in, const SoftLoss& l) {
  const Tensor& x = in[0];
  const int64_t d = class_dim(x);
  Tensor q = in[1] * (1 - l.smoothing) + l.smoothing / static_cast<double>(l.c);
  if (in.size() > 2) {
    Sizes across(static_cast<size_t>(x.dim()), 1);
    across[static_cast<size_t>(d)] = l.c;
    q = q * reshape(in[2], across);
  }
  const Tensor values = log_softmax(x, d) * q;
  return l.reduce ? -sum(values) * l.scale : -sum(values, d);
}

SoftLoss soft_loss(const Tensor& x, const Tensor& weight, int64_t reduction, double smoothing) {
  SoftLoss l;
  const auto d = static_cast<size_t>(class_dim(x));
  l.c = x.sizes()[d];
  l.n = d ? x.sizes()[0] : 1;
  for (size_t i = d + 1; i < x.sizes().size(); ++i) l.s *= x.sizes()[i];
  l.smoothing = smoothing;
  l.reduce = reduction != Reduction::None;
  if (reduction == Reduction::Mean) l.scale = 1 / static_cast<double>(l.n * l.s);
  if (!l.reduce) {
    l.out = x.sizes();
    l.out.erase(d);
  }
  if (weight.defined()) l.weight = weight.contiguous();
  return l;
}

Tensor cross_entropy_of_probabilities(const Tensor& x, const Tensor& target, const Tensor& weight, int64_t reduction,
                                      double smoothing) {
  SoftLoss l = soft_loss(x, weight, reduction, smoothing);
  const ScalarType type = x.scalar_type();
  // Rare: a derivative by the weights, or two types.
  if (recording({weight}) || target.scalar_type() != type)
    return composed_soft_cross_entropy(weight.defined() ? std::vector{x, target, weight} : std::vector{x, target}, l);
  const Tensor from = x.contiguous(), to = target.contiguous();
  Tensor stats, y = kernels::soft_cross_entropy(l, from, to, stats);
  if (!recording({from, to})) return y;
  Saved kept_weight;
  if (l.weight.defined()) kept_weight = Saved(l.weight);
  l.weight = Tensor();
  auto restored = [l, kept_weight](Node& self) {
    SoftLoss r = l;
    if (kept_weight.defined()) r.weight = kept_weight.get(self);
    return r;
  };
  auto kernel = [x = Saved(from), t = Saved(to), stats, restored](const Tensor& g, Node& self) {
    const Tensor in = x.get(self);
    std::array<Tensor, 2> out;
    for (size_t i = 0; i < 2; ++i)
      if (self.needs(i)) out[i] = empty(in.sizes(), in.scalar_type());
    kernels::soft_cross_entropy_backward(restored(self), g, in, t.get(self), stats, out[0], out[1]);
    return out;
  };
  auto composed = [x = Saved(from), t = Saved(to), restored](const Tensor& g, Node& self) {
    auto f = [l = restored(self)](const std::vector<Tensor>& in) {
      return composed_soft_cross_entropy(l.weight.defined() ? std::vector{in[0], in[1], l.weight} : in, l);
    };
    const auto r = differentiate(f, {x.get(self), t.get(self)}, g, self);
    return std::array<Tensor, 2>{r[0], r[1]};
  };
  return record("cross_entropy_loss", y, {from, to}, fused(std::move(kernel), std::move(composed)));
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
                  return along_classes(g) * kernels::nll_backward(l, ones(g.sizes(), type), sizes, type);
                });
}

Tensor nll_loss_nd(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight, int64_t reduction,
                   int64_t ignore_index) {
  check(x.defined() && target.defined(), "nll_loss_nd: expected two tensors, but got an undefined one");
  check(x.dim() >= 1, "nll_loss_nd: Expected 1 or more dimensions (got ", x.dim(), ")");
  check(x.dim() == 1 || (target.dim() > 0 && x.size(0) == target.size(0)), "nll_loss_nd: Expected input batch_size (",
        x.size(0), ") to match target batch_size (", target.dim() > 0 ? target.size(0) : 1, ").");
  return nll_loss(x, target, weight, reduction, ignore_index);
}

Tensor nll_loss2d(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight, int64_t reduction,
                  int64_t ignore_index) {
  check(x.defined() && target.defined(), "nll_loss2d: expected two tensors, but got an undefined one");
  check(target.dim() == 3,
        "nll_loss2d: only batches of spatial targets supported (3D tensors) but got targets of dimension: ",
        target.dim());
  check(x.dim() == 4,
        "nll_loss2d: only batches of spatial inputs supported (4D tensors), but got input of dimension: ", x.dim());
  check(x.size(0) == target.size(0) && x.size(2) == target.size(1) && x.size(3) == target.size(2),
        "nll_loss2d: size mismatch (got input: ", x.sizes(), " , target: ", target.sizes());
  return nll_loss(x, target, weight, reduction, ignore_index);
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
    const ScalarType type = promote_types(x.scalar_type(), target.scalar_type());
    const Tensor w = weight ? *weight : Tensor();
    return cross_entropy_of_probabilities(wide(x), wide(target), wide(w), reduction, label_smoothing).to(type);
  }
  ClassLoss l = class_loss(op, x, target, weight, reduction, ignore_index);
  l.smoothing = label_smoothing;
  return cross_entropy_of_classes(x, l);
}

}  // namespace gradus
