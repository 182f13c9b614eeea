#include "gradus/optim/lbfgs.h"

#include <algorithm>
#include <cmath>

#include "gradus/autograd/in_place.h"
#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/copy.h"
#include "gradus/autograd/ops/elementary.h"
#include "gradus/autograd/ops/join.h"
#include "gradus/autograd/ops/matmul.h"
#include "gradus/autograd/ops/reduce.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/optim/line_search.h"
#include "gradus/optim/options_impl.h"
#include "gradus/tensor/kernels/convert.h"

namespace gradus::optim {

template class FieldedOptions<LBFGSOptions>;

namespace {

double largest(const Tensor& x) { return x.abs().max().item<double>(); }

// The fields of a state are numbers, tensors and lists of tensors, each tensor of a list under its own "old_dirs.0".
template <class T>
void save_field(StateDict& d, const std::string& key, const T& v) {
  if constexpr (std::is_same_v<T, std::deque<Tensor>>) {
    for (size_t i = 0; i < v.size(); ++i) d.insert(key + "." + std::to_string(i), v[i]);
  } else {
    detail::put(d, key, v);
  }
}

// fit(key, tensor) makes a saved tensor one of the state.
template <class T, class Fit>
void load_field(const StateDict& d, const std::string& key, T& v, const Fit& fit) {
  if constexpr (std::is_same_v<T, std::deque<Tensor>>) {
    v.clear();
    for (std::string at = key + ".0"; const Tensor* t = d.find(at); at = key + "." + std::to_string(v.size()))
      v.push_back(fit(at, *t));
  } else if constexpr (std::is_same_v<T, Tensor>) {
    const Tensor* t = d.find(key);
    v = t ? fit(key, *t) : Tensor();
  } else {
    detail::get(d, key, v);
  }
}

}  // namespace

std::unique_ptr<OptimizerParamState> LBFGSParamState::clone() const { return std::make_unique<LBFGSParamState>(*this); }

void LBFGSParamState::save(StateDict& state, const std::string& prefix) const {
  fields(*this, [&](const char* name, const auto& v) { save_field(state, prefix + name, v); });
}

void LBFGSParamState::load(const StateDict& state, const std::string& prefix, const Tensor& parameter) {
  NoGradGuard no_grad;
  fields(*this, [&](const std::string& name, auto& v) {
    const bool number = name == "H_diag" || name == "ro";
    load_field(state, prefix + name, v, [&](const std::string& key, const Tensor& t) {
      const std::vector<int64_t> shape = number ? std::vector<int64_t>() : std::vector<int64_t>{numel_};
      check(t.sizes() == shape || (numel_ < 0 && t.dim() == 1), "Optimizer::load_state_dict: expected \"", key,
            "\" of the shape ", IntArrayRef(shape), ", got ", t.sizes());
      return t.to(parameter.defined() ? parameter.scalar_type() : t.scalar_type(), false, true).contiguous();
    });
  });
}

void LBFGSParamState::serialize(serialize::OutputArchive& archive) const {
  StateDict state;
  save(state, "");
  write_state_dict(archive, state);
}
void LBFGSParamState::serialize(serialize::InputArchive& archive) { load(read_state_dict(archive), "", Tensor()); }

bool operator==(const LBFGSParamState& a, const LBFGSParamState& b) { return detail::same_fields(a, b); }

LBFGS::LBFGS(std::vector<Tensor> params, LBFGSOptions defaults)
    : LBFGS(std::vector{OptimizerParamGroup(std::move(params))}, defaults) {}

LBFGS::LBFGS(const std::vector<OptimizerParamGroup>& groups, LBFGSOptions defaults)
    : Optimizer(groups, std::make_unique<LBFGSOptions>(defaults)) {
  check(defaults.lr() >= 0, "Invalid learning rate: ", defaults.lr());
  check(param_groups_.size() == 1, "LBFGS doesn't support per-parameter options (parameter groups)");
  for (OptimizerOptions* o : {defaults_.get(), &param_groups_[0].options()}) {
    auto& own = static_cast<LBFGSOptions&>(*o);
    if (!own.max_eval()) own.max_eval(own.max_iter() * 5 / 4);
  }
}

std::unique_ptr<OptimizerParamState> LBFGS::make_state() const {
  int64_t numel = 0;
  for (const Tensor& p : param_groups_[0].params()) numel += p.numel();
  return std::make_unique<LBFGSParamState>(numel);
}

Tensor LBFGS::flat_gradient() const {
  std::vector<Tensor> all;
  for (const Tensor& p : param_groups_[0].params())
    all.push_back(p.grad().defined() ? p.grad().detach().reshape({-1}) : zeros({p.numel()}, p.options()));
  return cat(all);
}

void LBFGS::add(double t, const Tensor& direction) const {
  int64_t begin = 0;
  for (const Tensor& p : param_groups_[0].params()) {
    p.add_(direction.narrow(0, begin, p.numel()).view_as(p), t);
    begin += p.numel();
  }
}

LBFGS::Value LBFGS::evaluate_here(const LossClosure& closure) const {
  const Tensor loss = evaluate(closure);
  return {loss.item<double>(), flat_gradient()};
}

void LBFGS::find_direction(LBFGSParamState& s, const Tensor& gradient, int64_t history_size) {
  if (s.n_iter() == 1) {
    s.d(gradient.neg()).H_diag(ones({}, gradient.options()));
    for (auto* list : {&s.old_dirs(), &s.old_stps(), &s.ro()}) list->clear();
    return;
  }
  const Tensor y = gradient - s.prev_flat_grad(), step = s.d() * s.t(), ys = y.dot(step);
  if (ys.item<double>() > 1e-10) {
    const auto most = static_cast<size_t>(std::max<int64_t>(history_size, 1));
    for (auto* list : {&s.old_dirs(), &s.old_stps(), &s.ro()})
      while (list->size() >= most) list->pop_front();
    s.old_dirs().push_back(y);
    s.old_stps().push_back(step);
    s.ro().push_back(1 / ys);
    s.H_diag(ys / y.dot(y));
  }
  const size_t n = s.ro().size();
  s.al(std::vector<Tensor>(n));
  std::vector<Tensor>& al = *s.al();
  Tensor q = gradient.neg();
  for (size_t i = n; i-- > 0;) {
    al[i] = s.old_stps()[i].dot(q) * s.ro()[i];
    q.add_(s.old_dirs()[i], -al[i].item<double>());
  }
  Tensor r = q * s.H_diag();
  for (size_t i = 0; i < n; ++i) {
    const Tensor be = s.old_dirs()[i].dot(r) * s.ro()[i];
    r.add_(s.old_stps()[i], (al[i] - be).item<double>());
  }
  s.d(r);
}

int64_t LBFGS::move(LBFGSParamState& s, Value& here, double slope, const LossClosure& closure, int64_t evals_left,
                    bool last) {
  const auto& o = static_cast<const LBFGSOptions&>(param_groups_[0].options());
  if (!o.line_search_fn()) {
    add(s.t(), s.d());
    // Nothing would look at the value after the last iteration.
    if (last) return 0;
    here = evaluate_here(closure);
    return 1;
  }
  check(*o.line_search_fn() == "strong_wolfe", "only 'strong_wolfe' is supported");
  std::vector<Tensor> from;
  for (const Tensor& p : param_groups_[0].params()) from.push_back(p.detach().clone());
  auto at = [&](double t) -> LinePoint {
    add(t, s.d());
    const Value v = evaluate_here(closure);
    for (size_t i = 0; i < from.size(); ++i) param_groups_[0].params()[i].copy_(from[i]);
    return {t, v.loss, v.gradient, v.gradient.dot(s.d()).item<double>()};
  };
  int64_t evals = 0;
  const LinePoint found =
      strong_wolfe(at, {0, here.loss, here.gradient, slope}, s.t(), largest(s.d()), evals_left, evals);
  here = {found.loss, found.gradient};
  s.t(found.t);
  add(s.t(), s.d());
  return evals;
}

Tensor LBFGS::step(LossClosure closure) {
  check(closure != nullptr, "LBFGS requires a closure function");
  NoGradGuard no_grad;
  const Tensor loss = evaluate(closure);
  const auto& params = param_groups_[0].params();
  // The search moves the parameters step by step: one that throws goes back to where it began.
  std::vector<Tensor> from;
  for (const Tensor& p : params) from.push_back(p.detach().clone(MemoryFormat::Contiguous));
  void* const key = params.at(0).unsafeGetTensorImpl();
  State made;
  if (!state_.contains(key)) made.emplace(key, make_state());
  if (!made.empty()) made.reserve(state_.size() + 1);
  auto& s = static_cast<LBFGSParamState&>(made.empty() ? *state_.at(key) : *made.at(key));
  LBFGSParamState before = s;
  try {
    search(s, loss, closure);
  } catch (...) {
    for (size_t i = 0; i < from.size(); ++i) {
      kernels::copy(*params[i].unsafeGetTensorImpl(), *from[i].unsafeGetTensorImpl());
      changed(params[i]);
    }
    s = std::move(before);
    throw;
  }
  if (!made.empty()) {
    made.merge(state_);
    state_.swap(made);
  }
  return loss;
}

void LBFGS::search(LBFGSParamState& s, const Tensor& loss, const LossClosure& closure) {
  const auto& o = static_cast<const LBFGSOptions&>(param_groups_[0].options());
  s.func_evals(s.func_evals() + 1);
  Value here = {loss.item<double>(), flat_gradient()};
  bool flat = largest(here.gradient) <= o.tolerance_grad();
  const int64_t max_eval = o.max_eval().value_or(o.max_iter() * 5 / 4);
  int64_t evals = 1;
  for (int64_t n = 1; n <= o.max_iter() && !flat; ++n) {
    s.n_iter(s.n_iter() + 1);
    find_direction(s, here.gradient, o.history_size());
    s.prev_flat_grad(here.gradient).prev_loss(here.loss);
    s.t(s.n_iter() == 1 ? std::min(1.0, 1 / here.gradient.abs().sum().item<double>()) * o.lr() : o.lr());
    const double slope = here.gradient.dot(s.d()).item<double>();
    if (slope > -o.tolerance_change()) break;
    const int64_t spent = move(s, here, slope, closure, max_eval - evals, n == o.max_iter());
    evals += spent;
    s.func_evals(s.func_evals() + spent);
    flat = largest(here.gradient) <= o.tolerance_grad();
    if (evals >= max_eval || largest(s.d() * s.t()) <= o.tolerance_change()) break;
    if (std::abs(here.loss - s.prev_loss()) < o.tolerance_change()) break;
  }
}

}  // namespace gradus::optim
