#include "builder.h"

#include <cmath>
#include <map>
#include <numeric>

namespace programs {

using namespace gradus;

namespace {

constexpr double largest = 30;  // values beyond are not kept: differences would drown in their rounding

std::vector<double> elements(const Tensor& t) {
  const Tensor d = t.detach().to(kDouble).contiguous();
  return {d.data_ptr<double>(), d.data_ptr<double>() + d.numel()};
}

std::pair<double, double> bounds(const Tensor& t) {
  const std::vector<double> v = elements(t);
  if (v.empty()) return {0, 0};
  const auto [lo, hi] = std::minmax_element(v.begin(), v.end());
  return {*lo, *hi};
}

bool all_finite(const Tensor& t) {
  const std::vector<double> v = elements(t);
  return std::all_of(v.begin(), v.end(), [](double x) { return std::isfinite(x); });
}

// Whether two elements share memory: sizes and strides of an expanded tensor.
bool overlaps_itself(const Tensor& t) {
  if (t.numel() == 0) return false;
  for (int64_t d = 0; d < t.dim(); ++d)
    if (t.size(d) > 1 && t.stride(d) == 0) return true;
  return false;
}

// Whether elements may share memory otherwise, as windows of unfold do: what a change in place does is then anybody's
// guess.
bool folds(const Tensor& t) {
  if (t.numel() == 0) return false;
  std::vector<std::pair<int64_t, int64_t>> dims;  // strides and sizes
  for (int64_t d = 0; d < t.dim(); ++d)
    if (t.size(d) > 1) dims.push_back({t.stride(d), t.size(d)});
  std::sort(dims.begin(), dims.end());
  int64_t reach = 0;
  for (const auto& [stride, size] : dims) {
    if (stride <= reach) return true;
    reach += stride * (size - 1);
  }
  return false;
}

const Operation& named(const std::string& name) {
  for (const Operation& op : operations())
    if (op.name == name) return op;
  fail("programs: there is no operation ", name);
}

// Whether sizes broadcast to `to` or with it, and how many elements that gives; -1 if not.
int64_t broadcast_count(IntArrayRef a, IntArrayRef b) {
  int64_t n = 1;
  const size_t dims = std::max(a.size(), b.size());
  for (size_t i = 1; i <= dims; ++i) {
    const int64_t p = i <= a.size() ? a[a.size() - i] : 1, q = i <= b.size() ? b[b.size() - i] : 1;
    if (p != q && p != 1 && q != 1) return -1;
    n *= p == 1 ? q : p;
  }
  return n;
}

}  // namespace

Builder::Builder(uint64_t seed) : rng_(seed * 0x9E3779B97F4A7C15ull + 1) {
  program_.seed = seed;
  big_ = coin(0.03);
  limit_ = big_ ? 80000 : 400;
  program_.hazard = coin(0.15);
}

// ---- chance ---------------------------------------------------------------------------------------------------------

double Builder::real(double lo, double hi) {
  return std::round(std::uniform_real_distribution<double>(lo, hi)(rng_) * 1000) / 1000;
}

Ints Builder::permutation(int64_t n) {
  Ints r(static_cast<size_t>(n));
  std::iota(r.begin(), r.end(), 0);
  std::shuffle(r.begin(), r.end(), rng_);
  return r;
}

Ints Builder::some_dims(int64_t n, int64_t least) {
  Ints r = permutation(n);
  r.resize(static_cast<size_t>(range(std::min(least, n), n)));
  for (int64_t& d : r)
    if (coin(0.3)) d -= n;
  return r;
}

int64_t Builder::dim_of(int v) {
  const int64_t n = std::max<int64_t>(1, at(v).dim()), d = range(0, n - 1);
  return coin(0.3) ? d - n : d;
}

Ints Builder::indices(int64_t n, int64_t below) {
  Ints r(static_cast<size_t>(n));
  for (int64_t& i : r) i = range(0, below - 1);
  return r;
}

Ints Builder::bits(int64_t n) { return indices(n, 2); }

Ints Builder::any_shape() {
  if (big_) {  // around the sizes at which threads start
    const int64_t n = one_of<int64_t>({4095, 4097, 8193, 16383, 16385, 32767, 32769, 65537});
    return coin() ? Ints{n} : coin() ? Ints{n / 64, 64} : Ints{3, n / 3};
  }
  Ints r(static_cast<size_t>(range(0, 4)));
  for (int64_t& s : r) s = coin(0.01) ? 0 : range(1, 4);
  if (r.size() == 1 && coin(0.3)) r[0] = range(5, 40);
  return r;
}

// ---- operands -------------------------------------------------------------------------------------------------------

int Builder::pick(const Fits& fits) {
  std::vector<int> fresh, all;
  for (size_t k = 0; k < values_.size(); ++k) {
    if (!values_[k].defined() || info_[k].retired || (fits && !fits(values_[k]))) continue;
    all.push_back(static_cast<int>(k));
    if (!info_[k].used) fresh.push_back(static_cast<int>(k));
  }
  if (!fresh.empty() && coin(0.6)) return one_of(fresh);
  return all.empty() ? -1 : one_of(all);
}

int Builder::filled(int64_t dims) {
  const int v = pick([&](const Tensor& t) { return t.numel() > 0 && t.dim() >= dims; });
  if (v >= 0 && !coin(0.1)) return v;
  Ints shape = any_shape();
  while (static_cast<int64_t>(shape.size()) < dims) shape.push_back(range(1, 4));
  for (int64_t& s : shape) s = std::max<int64_t>(s, 1);
  return leaf(shape);
}

int Builder::within(int v, double lo, double hi) {
  if (v < 0) return v;
  const auto [least, most] = bounds(at(v));
  const double margin = 1e-3 * (hi - lo);
  if (at(v).numel() == 0 || (least >= lo + margin && most <= hi - margin)) return v;
  if (coin()) return apply("squash", Call{{v}, {}, {lo + margin, hi - lo - 2 * margin}, {}});
  return apply("swing", Call{{v}, {}, {(lo + hi) / 2, (hi - lo) / 2 - margin}, {}});
}

int Builder::leaf(const Ints& shape, double lo, double hi, bool may_want_grad) {
  Step s;
  s.leaf = {shape,
            lo,
            hi,
            static_cast<uint32_t>(range(1, 2000000000)),
            static_cast<Layout>(range(0, 3)),
            may_want_grad && coin(0.75)};
  if (s.leaf.grad && s.leaf.layout == Layout::expanded) s.leaf.layout = Layout::contiguous;
  program_.steps.push_back(s);
  Program one;
  one.steps = {s};
  values_.push_back(run(one).values[0]);
  note(nullptr, {});
  return static_cast<int>(values_.size()) - 1;
}

int Builder::shaped(const Ints& shape, double lo, double hi) {
  if (coin()) {
    const int v = pick([&](const Tensor& t) { return t.sizes() == IntArrayRef(shape); });
    if (v >= 0) return within(v, lo, hi);
  }
  const int64_t n = count_elements(shape);
  if (n > 0 && coin(0.4)) {
    int v = pick([&](const Tensor& t) { return t.numel() == n; });
    if (v >= 0) v = apply("reshape", Call{{v}, {}, {}, {shape}});
    if (v >= 0) return within(v, lo, hi);
  }
  return leaf(shape, lo, hi);
}

int Builder::partner(int v, double lo, double hi) {
  const Ints own = shape(v);
  if (coin(0.6)) {
    const int w = pick([&](const Tensor& t) {
      const int64_t n = broadcast_count(t.sizes(), own);
      return n >= 0 && n <= limit_;
    });
    if (w >= 0) return within(w, lo, hi);
  }
  Ints other(own.begin() + (own.empty() ? 0 : range(0, static_cast<int64_t>(own.size()))), own.end());
  for (int64_t& s : other)
    if (coin(0.3)) s = 1;
  if (!big_ && coin(0.15)) other = Ints(own), other.insert(other.begin(), range(1, 3));
  return leaf(other, lo, hi);
}

bool Builder::broadcast(int v, int w) const { return broadcast_count(at(v).sizes(), at(w).sizes()) >= 0; }

int Builder::target(const Fits& fits) {
  const bool legal = !coin(0.03);
  std::vector<int> all;
  for (size_t k = 0; k < values_.size(); ++k) {
    const Tensor& t = values_[k];
    if (!t.defined() || info_[k].retired || (fits && !fits(t)) || (legal && (info_[k].on_leaf || info_[k].overlaps)) ||
        (!info_[k].overlaps && folds(t)))
      continue;
    bool several = false;
    for (size_t o = 0; o < values_.size(); ++o) several |= info_[o].base == info_[k].base && info_[o].several;
    if (!several) all.push_back(static_cast<int>(k));
  }
  return all.empty() ? -1 : one_of(all);
}

// ---- steps ----------------------------------------------------------------------------------------------------------

bool Builder::must_refuse(const Operation& op, const Call& call) const {
  if (!op.in_place) return false;
  const auto x = static_cast<size_t>(call.x[0]);
  return info_[x].on_leaf || info_[x].overlaps;
}

bool Builder::fits_limits(const Tensor& t) const {
  if (!t.defined() || t.scalar_type() != kDouble || t.numel() > limit_ || t.dim() > 6) return false;
  const auto [lo, hi] = bounds(t);
  return std::abs(lo) <= largest && std::abs(hi) <= largest;
}

void Builder::note(const Operation* op, const Call& call) {
  Info info;
  const size_t k = values_.size() - 1;
  const Tensor& y = values_[k];
  info.base = static_cast<int>(k);
  if (y.defined()) {
    info.on_leaf = !op && y.requires_grad();
    info.overlaps = overlaps_itself(y);
    for (size_t o = 0; o < k; ++o)
      if (values_[o].defined() && y.storage() && values_[o].is_alias_of(y)) {
        info.base = info_[o].base;
        info.on_leaf |= info_[o].on_leaf;
        info.several |= info_[o].several;
      }
    info.several |= op && op->several;
  }
  info_.push_back(info);
  for (int x : call.x) info_[static_cast<size_t>(x)].used = true;
}

int Builder::apply(const char* name, const Call& call) { return apply(named(name), call); }

int Builder::apply(const Operation& op, const Call& call) {
  if (!program_.complaint.empty()) return -1;
  for (int x : call.x)
    if (x < 0) return -1;
  Step s;
  s.op = &op;
  s.call = call;
  const bool refuse = must_refuse(op, call);
  Tensor y;
  try {
    y = op.run(Args(call, values_));
  } catch (const Error& e) {
    s.refused = refuse;
    if (!refuse) program_.complaint = gradus::str(op.name, ": ", e.what());
    program_.steps.push_back(s);
    values_.emplace_back();
    note(nullptr, {});
    info_.back().base = -1;
    return -1;
  }
  program_.steps.push_back(s);
  if (refuse) program_.steps.back().refused = true, program_.complaint = "a change that must be refused was not";
  values_.push_back(y);
  if (y.defined() && y.numel() <= limit_ && !all_finite(y)) program_.complaint = "a result that is not finite";
  if (!program_.complaint.empty()) return note(&op, call), -1;
  const bool keep = fits_limits(y) && (!op.in_place || (replay(), program_.hazard || !backward_refuses()));
  bool fine = keep;
  for (const Tensor& v : values_) fine = fine && (!op.in_place || !v.defined() || fits_limits(v));
  if (!fine) {
    program_.steps.pop_back();
    values_.pop_back();
    if (op.in_place) replay();
    return -1;
  }
  changes_ += op.in_place;
  note(&op, call);
  return static_cast<int>(values_.size()) - 1;
}

bool Builder::step(Call call) { return apply(*turn_, call) >= 0; }

// After a change in place: whatever showed that memory has new elements, and perhaps a new history.
void Builder::replay() { values_ = run(program_).values; }

bool Builder::backward_refuses() {
  const Run r = run(program_);
  Tensors roots, ones;
  for (const Tensor& v : r.values)
    if (v.defined() && v.requires_grad()) roots.push_back(v), ones.push_back(ones_like(v));
  if (roots.empty() || r.leaves.empty()) return false;
  try {
    autograd::grad(roots, r.leaves, ones, false, false, true);
  } catch (const Error& e) {
    return std::string(e.what()).find("modified by an inplace operation") != std::string::npos;
  }
  return false;
}

const Operation& Builder::next() {
  static const std::map<std::string, std::vector<const Operation*>> families = [] {
    std::map<std::string, std::vector<const Operation*>> r;
    for (const Operation& op : operations())
      if (op.make) r[op.family].push_back(&op);
    return r;
  }();
  static const std::vector<std::string> small = {"unary", "unary", "binary",   "binary",   "binary",  "shape",
                                                 "shape", "shape", "shape",    "reduce",   "reduce",  "reduce",
                                                 "index", "index", "index",    "product",  "product", "layer",
                                                 "layer", "loss",  "in_place", "in_place", "in_place"};
  static const std::vector<std::string> large = {"unary", "unary", "binary", "binary", "shape", "reduce", "in_place"};
  return *one_of(families.at(one_of(big_ ? large : small)));
}

void Builder::choose_outputs() {
  for (size_t k = 0; k < values_.size(); ++k) {
    if (!values_[k].defined()) continue;
    bool changed = false;  // it, or what shares its memory
    for (const Step& s : program_.steps)
      changed |= s.op && s.op->in_place && !s.refused && info_[static_cast<size_t>(s.call.x[0])].base == info_[k].base;
    bool again = false;  // the same tensor comes later
    for (size_t o = k + 1; o < values_.size(); ++o) again |= values_[o].defined() && values_[o].is_same(values_[k]);
    if ((!info_[k].used || changed) && !again) program_.outputs.push_back(static_cast<int>(k));
  }
}

Program Builder::build() {
  for (int64_t k = range(1, 3); k > 0; --k) leaf(any_shape());
  const int64_t length = big_ ? range(5, 10) : range(5, 40);
  for (int64_t tries = 0; tries < 4 * length && program_.complaint.empty(); ++tries) {
    int64_t done = 0;
    for (const Step& s : program_.steps) done += s.op != nullptr;
    if (done >= length) break;
    turn_ = &next();
    if (turn_->in_place && changes_ >= 6) continue;
    turn_->make(*this);
  }
  choose_outputs();
  return program_;
}

Program generate(uint64_t seed) { return Builder(seed).build(); }

}  // namespace programs
