#include "program.h"

#include <algorithm>
#include <iterator>

namespace programs {

using namespace gradus;

Tensor Args::index(size_t n, size_t m) const { return tensor(call_.l[n], kLong).view(call_.l[m]); }
Tensor Args::mask(size_t n, size_t m) const { return index(n, m).to(kBool); }

const char* name(Layout layout) {
  constexpr const char* names[] = {"contiguous", "transposed", "sliced", "expanded"};
  return names[static_cast<int>(layout)];
}

std::vector<double> numbers(uint32_t seed, int64_t n, double lo, double hi) {
  std::vector<double> r(static_cast<size_t>(n));
  uint64_t x = seed % 2147483646u + 1;
  for (double& v : r) {
    x = x * 48271 % 2147483647u;
    v = lo + (hi - lo) * (static_cast<double>(x) / 2147483647.0);
  }
  return r;
}

Tensor leaf_values(const Leaf& leaf) {
  Ints shape = leaf.shape;
  if (leaf.layout == Layout::expanded && !shape.empty()) shape[0] = std::min<int64_t>(shape[0], 1);
  return tensor(numbers(leaf.seed, count_elements(shape), leaf.lo, leaf.hi), kDouble).reshape(shape).expand(leaf.shape);
}

Tensor laid_out(const Tensor& values, Layout layout, ScalarType dtype) {
  const int64_t dims = values.dim();
  if (layout == Layout::expanded && dims > 0 && values.size(0) > 0)
    return values.slice(0, 0, 1).to(dtype, false, true).contiguous().expand(values.sizes());
  if (layout == Layout::transposed && dims >= 2)
    return values.to(dtype).transpose(0, dims - 1).clone(MemoryFormat::Contiguous).transpose(0, dims - 1);
  if (layout == Layout::sliced && dims >= 1) {
    Ints wide = values.sizes().vec();
    wide.back() = 2 * wide.back() + 1;
    const Tensor view = zeros(wide, dtype).slice(-1, 1, std::nullopt, 2);
    view.copy_(values);
    return view;
  }
  return values.to(dtype, false, true).contiguous();
}

namespace {

Tensor make_leaf(const Leaf& leaf, const RunOptions& options, size_t wanted) {
  NoGradGuard off;
  const Tensor values = leaf.grad && options.moved ? (*options.moved)[wanted] : leaf_values(leaf);
  Tensor t = laid_out(values, leaf.layout, options.dtype).detach();
  if (leaf.grad && options.grad) t.requires_grad_();
  return t;
}

// The result as if its elements had been rounded; views and changes in place keep their memory.
Tensor disturbed(const Tensor& y, const Tensors& values, double noise, uint32_t seed) {
  if (noise == 0 || !y.is_floating_point()) return y;
  for (const Tensor& v : values)
    if (v.defined() && v.is_alias_of(y)) return y;
  const Tensor d = tensor(numbers(seed, y.numel(), -noise, noise), kDouble).reshape(y.sizes());
  return y * (1 + d);
}

}  // namespace

Run run(const Program& program, const RunOptions& options) {
  Run r;
  AutoGradMode mode(options.grad);
  for (const Step& step : program.steps) {
    if (!step.op) {
      r.values.push_back(make_leaf(step.leaf, options, r.leaves.size()));
      if (step.leaf.grad) r.leaves.push_back(r.values.back());
      continue;
    }
    const Args args(step.call, r.values);
    if (!step.refused) {
      const Tensor y = step.op->run(args);
      r.values.push_back(disturbed(y, r.values, options.noise, static_cast<uint32_t>(r.values.size())));
      continue;
    }
    r.values.emplace_back();
    if (!options.grad) continue;  // without a graph, leaves may be changed: what is refused is left out
    bool threw = false;
    try {
      step.op->run(args);
    } catch (const Error&) {
      threw = true;
    }
    gradus::check(threw, "a step that must be refused was not: ", step.op->text);
  }
  for (int o : program.outputs) r.outputs.push_back(r.values[static_cast<size_t>(o)]);
  return r;
}

std::vector<Operation> unary_rows();
std::vector<Operation> binary_rows();
std::vector<Operation> shape_rows();
std::vector<Operation> reduce_rows();
std::vector<Operation> index_rows();
std::vector<Operation> product_rows();
std::vector<Operation> layer_rows();
std::vector<Operation> loss_rows();
std::vector<Operation> in_place_rows();

const std::vector<Operation>& operations() {
  static const std::vector<Operation> all = [] {
    std::vector<Operation> r;
    for (auto* family : {unary_rows, binary_rows, shape_rows, reduce_rows, index_rows, product_rows, layer_rows,
                         loss_rows, in_place_rows}) {
      std::vector<Operation> rows = family();
      std::move(rows.begin(), rows.end(), std::back_inserter(r));
    }
    return r;
  }();
  return all;
}

void Tally::add(const Tally& o) {
  int64_t Tally::*const counts[] = {
      &Tally::programs, &Tally::steps,           &Tally::values,          &Tally::paths,
      &Tally::numeric,  &Tally::numeric_skipped, &Tally::second,          &Tally::second_skipped,
      &Tally::threads,  &Tally::single,          &Tally::single_skipped,  &Tally::narrow,
      &Tally::released, &Tally::hazards,         &Tally::hazards_refused, &Tally::refused_steps};
  for (auto count : counts) this->*count += o.*count;
  for (auto worst : {&Tally::worst_paths, &Tally::worst_numeric, &Tally::worst_second})
    this->*worst = std::max(this->*worst, o.*worst);
  uses.resize(std::max(uses.size(), o.uses.size()));
  for (size_t i = 0; i < o.uses.size(); ++i) uses[i] += o.uses[i];
}

}  // namespace programs
