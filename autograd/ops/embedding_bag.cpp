#include "gradus/autograd/ops/embedding_bag.h"

#include "gradus/autograd/ops/ops.h"
#include "gradus/autograd/record.h"
#include "gradus/autograd/wide.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/embedding_bag.h"
#include "gradus/tensor/kernels/index.h"

namespace gradus {
namespace {

constexpr const char* op = "embedding_bag";

Tensor as_long(const char* what, const Tensor& t) {
  check(t.defined(), op, ": expected a tensor, but got an undefined one");
  check(t.scalar_type() == kLong || t.scalar_type() == kInt, op, ": Expected tensor for argument '", what,
        "' to have one of the following scalar types: Long, Int; but got ", t.scalar_type(), " instead");
  check(t.dim() == 1, op, ": ", what, " has to be a 1D Tensor, but got Tensor of dimension ", t.dim());
  return t.to(kLong).contiguous();
}

// Where each bag begins, and where the last one ends.
Tensor bounds(const Tensor& offsets, int64_t length, bool include_last) {
  const Tensor o = as_long("offsets", offsets);
  const int64_t n = o.numel();
  check(!include_last || n >= 1, op, ": include_last_offset: number of offsets should be at least 1");
  if (n > 0) {
    const int64_t first = o[0].item<int64_t>(), last = o[n - 1].item<int64_t>();
    check(first == 0, op,
          ": offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. "
          "However, got ",
          first);
    check(last <= length, op, ": offsets[-1] can not be greater than input's length ", length,
          " but got offsets[-1] of ", last);
    check(n == 1 || !any(lt(o.narrow(0, 1, n - 1), o.narrow(0, 0, n - 1))).item<bool>(), op,
          ": offsets must not decrease");
  }
  // As PyTorch has it, the last offset is where the last bag ends, whatever follows it.
  return include_last ? o.clone() : cat({o, full({1}, length, kLong)});
}

void check_weights(const Tensor& weight, const Tensor& indices, const Tensor& factors, int64_t mode) {
  check(mode >= 0 && mode <= 2, op, ": mode has to be 0 (sum), 1 (mean) or 2 (max), got ", mode);
  if (!factors.defined()) return;
  check(mode == 0, op, ": per_sample_weights only supported with mode='sum'");
  check(factors.scalar_type() == weight.scalar_type(), op,
        ": expected per_sample_weights to have the same type as weight, got ", factors.scalar_type(), " and ",
        weight.scalar_type());
  check(factors.dim() == 1 && factors.numel() == indices.numel(), op, ": If per_sample_weights (", factors.sizes(),
        ") is not null, then it must have the same shape as the input (", indices.sizes(), ")");
}

/// What the derivatives need of the bags: tensors of one number an index.
struct Plan {
  kernels::Bags bags;
  Tensor bag_of;   // the bag of each index
  Tensor counts;   // indices in each bag
  Tensor counted;  // 1 where an index counts, else 0; in weight's type
  Tensor shares;   // of the mean: 1 / counts of the index's bag; undefined for a sum
};

Plan plan_of(const Tensor& indices, const Tensor& ends, int64_t padding, ScalarType type, bool mean) {
  Plan p;
  p.bags = {indices, ends, padding};
  const int64_t length = indices.numel(), bags = ends.numel() - 1;
  // An index lies in the bag whose number of beginnings, but the first, it has passed.
  const Tensor steps = zeros({length + 1}, kLong).index_add_(0, ends.narrow(0, 1, bags), ones({bags}, kLong));
  p.bag_of = steps.narrow(0, 0, length).cumsum(0);
  const Tensor inside = logical_and(ne(indices, padding), lt(p.bag_of, bags));
  p.bag_of = p.bag_of.clamp_max(std::max<int64_t>(0, bags - 1));
  p.counted = inside.to(type);
  p.counts = zeros({bags}, kLong);
  if (bags > 0) p.counts.index_add_(0, p.bag_of, inside.to(kLong));
  if (mean && bags > 0) p.shares = p.counted / index_select(p.counts.clamp_min(1).to(type), 0, p.bag_of);
  return p;
}

/// 1 / how often each index occurs.
Tensor by_frequency(const Tensor& indices, int64_t n, ScalarType type) {
  const Tensor times = zeros({n}, type).index_add_(0, indices, ones(indices.sizes(), type));
  return reciprocal(index_select(times, 0, indices));
}

Tensor times(const Tensor& a, const Tensor& b) { return !a.defined() ? b : !b.defined() ? a : a * b; }

Tensor recorded_sum(const Plan& plan, const Tensor& weight, const Tensor& factors, bool by_freq) {
  const Tensor f = factors.defined() ? factors.detach().contiguous() : plan.shares;
  Tensor y = kernels::bag_sum(plan.bags, weight.detach().contiguous(), f);
  if (!recording({weight, factors})) return y;
  Tensor scale = plan.shares;
  if (by_freq) scale = times(scale, by_frequency(plan.bags.indices, weight.size(0), weight.scalar_type()));
  auto saved = [](const Tensor& t) { return t.defined() ? Saved(t) : Saved(); };
  return record(
      op, y, {weight, factors},
      [plan, scale, at = Saved(plan.bags.indices), w = saved(factors.defined() ? weight : Tensor()), f = saved(factors),
       n = weight.size(0)](const Tensor& g, Node& self) {
        const Tensor i = at.get(self);
        const Tensor own = f.defined() ? f.get(self) : Tensor(), factor = times(own, scale);
        std::array<Tensor, 2> out;
        const bool graph = autograd::GradMode::is_enabled();
        if (self.needs(0) && !graph)
          out[0] = kernels::bag_sum_backward(plan.bags, g, factor.defined() ? factor.contiguous() : factor, n);
        if (!(self.needs(0) && graph) && !self.needs(1)) return out;
        const Tensor rows =
            g.size(0) > 0 ? index_select(g, 0, plan.bag_of) : zeros({i.numel(), g.size(1)}, g.scalar_type());
        if (self.needs(0) && graph)
          out[0] =
              zeros({n, g.size(1)}, g.scalar_type()).index_add(0, i, rows * unsqueeze(times(factor, plan.counted), 1));
        if (self.needs(1)) out[1] = sum(rows * index_select(w.get(self), 0, i), 1) * plan.counted;
        return out;
      });
}

}  // namespace

Tensor& embedding_renorm_(const Tensor& weight, const Tensor& indices, double max_norm, double norm_type) {
  check(weight.defined() && indices.defined(), "embedding_renorm_: expected two tensors, but got an undefined one");
  check(weight.dim() == 2, "embedding_renorm_: 'self' must be 2-D, got ", weight.sizes());
  const Tensor at = indices.reshape({-1}), rows = index_select(weight, 0, at), norms = rows.norm(norm_type, {1}, true);
  // A row that occurs twice is written twice, with the same numbers.
  if (any(norms > max_norm).item<bool>())
    weight.index_put_({at}, rows * where(norms > max_norm, max_norm / (norms + 1e-7), 1));
  return const_cast<Tensor&>(weight);
}

std::tuple<Tensor, Tensor, Tensor, Tensor> embedding_bag(const Tensor& weight, const Tensor& in, const Tensor& offsets,
                                                         bool scale_grad_by_freq, int64_t mode, bool,
                                                         const std::optional<Tensor>& per_sample_weights,
                                                         bool include_last_offset, std::optional<int64_t> padding_idx) {
  check(weight.defined(), op, ": expected a tensor, but got an undefined one");
  check(weight.dim() == 2, op, ": 'weight' must be 2-D, got ", weight.sizes());
  check(is_floating(weight.scalar_type()), op, ": \"embedding_bag\" not implemented for '", name(weight.scalar_type()),
        "'");
  const int64_t n = weight.size(0);
  const Tensor indices = as_long("indices", in), ends = bounds(offsets, indices.numel(), include_last_offset);
  const int64_t bad = kernels::first_outside(*indices.unsafeGetTensorImpl(), 0, n);
  check_index(bad < 0, op, ": Index ", bad, " of input takes value ", bad < 0 ? 0 : indices[bad].item<int64_t>(),
              " which is not in the valid range [0, ", n, ")");
  const Tensor factors = per_sample_weights ? *per_sample_weights : Tensor();
  check_weights(weight, indices, factors, mode);
  int64_t padding = -1;
  if (padding_idx) {
    check(*padding_idx >= -n && *padding_idx < n, op, ": padding_idx must be within the number of embeddings, -", n,
          " through ", n - 1, ", but got ", *padding_idx);
    padding = *padding_idx < 0 ? *padding_idx + n : *padding_idx;
  }
  if (is_float16(weight.scalar_type())) {
    const auto [used, at] = _unique(indices, true, true);  // the rows that are read, and where each index finds its own
    const Tensor table = index_select(weight, 0, used);
    std::optional<int64_t> unread;
    if (const Tensor place = nonzero(eq(used, padding)); place.numel() > 0) unread = place.item<int64_t>();
    auto r = embedding_bag(wide(table), at, offsets, scale_grad_by_freq, mode, false, wide(per_sample_weights),
                           include_last_offset, unread);
    std::get<0>(r) = std::get<0>(r).to(weight.scalar_type());
    if (Tensor& rows = std::get<3>(r); rows.numel() > 0 && used.numel() > 0)
      rows = where(lt(rows, 0), rows, index_select(used, 0, clamp_min(rows, 0).reshape(-1)).view(rows.sizes()));
    return r;
  }
  const Plan plan = plan_of(indices, ends, padding, weight.scalar_type(), mode == 1);
  if (mode != 2)
    return {recorded_sum(plan, weight, factors, scale_grad_by_freq), plan.bag_of, plan.counts, empty({0}, kLong)};
  Tensor rows, y = kernels::bag_max(plan.bags, weight.detach().contiguous(), rows);
  y = record(op, y, {weight}, [rows, n](const Tensor& g, Node&) {
    return scatter_add(zeros({n, g.size(1)}, g.scalar_type()), 0, clamp_min(rows, 0), masked_fill(g, lt(rows, 0), 0));
  });
  return {y, plan.bag_of, plan.counts, rows};
}

}  // namespace gradus
