// The checks of a program: against itself without a graph, through the other path, and against differences.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "gradus/autograd/node.h"
#include "program.h"

namespace programs {

using namespace gradus;

namespace {

constexpr double tolerance = 1e-6;       // of derivatives in float64, relative to max(1, |derivative|)
constexpr double path_tolerance = 1e-9;  // between two ways to the same derivative, relative to the largest element
constexpr int64_t threads_from = 4000;   // elements; below, no kernel starts threads

struct Stop {  // thrown by a check that does not hold
  Failure failure;
};

[[noreturn]] void stop(const std::string& check, const std::string& text) { throw Stop{{check, text}}; }

bool is_version_error(const Error& e) {
  return std::string(e.what()).find("modified by an inplace operation") != std::string::npos;
}

std::vector<double> elements(const Tensor& t) {
  const Tensor d = t.detach().to(kDouble).contiguous();
  return {d.data_ptr<double>(), d.data_ptr<double>() + d.numel()};
}

bool same_bits(const Tensor& a, const Tensor& b) {
  if (a.defined() != b.defined()) return false;
  if (!a.defined()) return true;
  if (a.sizes() != b.sizes() || a.scalar_type() != b.scalar_type()) return false;
  const std::vector<double> p = elements(a), q = elements(b);
  return p.empty() || std::memcmp(p.data(), q.data(), p.size() * sizeof(double)) == 0;
}

double largest(const Tensors& ts) {
  double m = 0;
  for (const Tensor& t : ts)
    for (double x : elements(t)) m = std::max(m, std::abs(x));
  return m;
}

double distance(const Tensor& a, const Tensor& b) {
  const std::vector<double> p = elements(a), q = elements(b);
  double m = 0;
  for (size_t i = 0; i < p.size(); ++i) {
    const double d = std::abs(p[i] - q[i]);
    if (!(d <= m)) m = std::isnan(d) ? INFINITY : d;
  }
  return m;
}

// A direction or a cotangent: neither constant nor near zero on the whole.
Tensor noise_like(const Tensor& t, uint32_t seed) {
  return tensor(numbers(seed, t.numel(), -1, 1), kDouble).reshape(t.sizes());
}

double pairing(const Tensor& a, const Tensor& b) {
  const std::vector<double> p = elements(a), q = elements(b);
  double s = 0;
  for (size_t i = 0; i < p.size(); ++i) s += p[i] * q[i];
  return s;
}

// The cotangents of the outputs of a program.
Tensors cotangents(const Run& r) {
  Tensors v;
  for (size_t k = 0; k < r.outputs.size(); ++k) v.push_back(noise_like(r.outputs[k], static_cast<uint32_t>(1000 + k)));
  return v;
}

// Gradients of the outputs that have any, zeros where there is none.
Tensors gradients(const Run& r, bool create_graph, ScalarType dtype = kDouble) {
  const Tensors v = cotangents(r);
  Tensors roots, weights;
  for (size_t k = 0; k < r.outputs.size(); ++k)
    if (r.outputs[k].requires_grad()) roots.push_back(r.outputs[k]), weights.push_back(v[k].to(dtype));
  Tensors g(r.leaves.size());
  if (!roots.empty() && !r.leaves.empty())
    g = autograd::grad(roots, r.leaves, weights, create_graph, create_graph, true);
  for (size_t k = 0; k < g.size(); ++k)
    if (!g[k].defined()) g[k] = zeros_like(r.leaves[k]).detach();
  return g;
}

class Checker {
 public:
  Checker(const Program& program, Tally& tally) : program_(program), tally_(tally) {}

  void all() {
    without_graph();
    if (!first_order()) return;  // backward refused, as it may in a program that changes what was saved
    graphs_go();
    numeric();
    if (program_.seed % 2 == 0) second_order();
    threads();
    single();
    if (program_.seed % 4 == 1) narrow();
  }

 private:
  // (a) The graph changes no value.
  void without_graph() {
    const Run with = run(program_), without = run(program_, {.grad = false});
    for (size_t k = 0; k < with.values.size(); ++k)
      if (!program_.steps[k].refused && !same_bits(with.values[k], without.values[k]))
        stop("values", gradus::str("step ", k, " is ", without.values[k].detach(), " without a graph, and ",
                                   with.values[k].detach(), " with one"));
    for (const Tensor& y : with.outputs)
      if (!std::isfinite(largest({y}))) stop("finite", "a result is not finite");
    ++tally_.values;
    for (const Step& s : program_.steps) tally_.refused_steps += s.refused;
  }

  // (g) Every node is gone when nobody holds it: of those that we hold alone, we let go, until there is none left.
  void graphs_go() {
    for (int how = 0; how < 3; ++how) {
      std::vector<Intrusive<Node>> nodes;
      {
        const Run r = run(program_);
        for (const Tensor& v : r.values)
          if (v.defined() && v.grad_fn()) nodes.push_back(v.grad_fn());
        try {
          if (how > 0) gradients(r, how == 2);
        } catch (const Error&) {  // of first_order
        }
      }
      std::sort(nodes.begin(), nodes.end(), [](const auto& a, const auto& b) { return a.get() < b.get(); });
      nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
      const auto alone = [](const Intrusive<Node>& n) { return n->use_count() == 1; };
      for (size_t before = 0; before != nodes.size();) {
        before = nodes.size();
        nodes.erase(std::remove_if(nodes.begin(), nodes.end(), alone), nodes.end());
      }
      if (!nodes.empty())
        stop("released", gradus::str("a node of ", nodes.back()->op(), " is still owned after its graph was dropped",
                                     how == 0   ? ""
                                     : how == 1 ? " behind backward"
                                                : " behind create_graph"));
    }
    ++tally_.released;
  }

  // (b) Fused and recorded backward agree. False if they were refused.
  bool first_order() {
    tally_.hazards += program_.hazard;
    Run r = run(program_);
    if (r.leaves.empty()) return false;
    try {
      fused_ = gradients(r, false);
    } catch (const Error& e) {
      if (!is_version_error(e)) stop("backward", e.what());
      if (!program_.hazard) stop("refused", e.what());
      ++tally_.hazards_refused;
      return false;
    }
    for (size_t k = 0; k < fused_.size(); ++k)
      if (fused_[k].sizes() != r.leaves[k].sizes() || fused_[k].scalar_type() != kDouble)
        stop("backward", "a gradient has another shape or type than its leaf");
    recorded_ = false;
    r = run(program_);
    Tensors graph;
    try {
      graph = gradients(r, true);
    } catch (const Error& e) {
      if (!is_version_error(e)) stop("graph", e.what());
      return true;  // the composed form may need more than the kernel
    }
    recorded_ = true;
    const double scale = std::max(1.0, largest(fused_));
    for (size_t k = 0; k < graph.size(); ++k) {
      const double d = distance(fused_[k], graph[k]) / scale;
      tally_.worst_paths = std::max(tally_.worst_paths, d);
      if (!(d <= path_tolerance))
        stop("paths", gradus::str("gradient ", k, " differs by ", d, ": fused ", fused_[k], ", through the graph ",
                                  graph[k].detach()));
    }
    ++tally_.paths;
    return true;
  }

  using Scalar1 = std::function<double(double)>;

  Tensors moved(double h, uint32_t seed) const {
    Tensors x;
    NoGradGuard off;
    uint32_t n = seed;
    for (const Step& s : program_.steps)
      if (!s.op && s.leaf.grad) {
        const Tensor v = leaf_values(s.leaf).contiguous();
        x.push_back(add(v, noise_like(v, n++), h));
      }
    return x;
  }

  double along(const Tensors& g, uint32_t seed) const {
    double s = 0;
    for (size_t k = 0; k < g.size(); ++k) s += pairing(g[k], noise_like(g[k], seed + static_cast<uint32_t>(k)));
    return s;
  }

  enum class Verdict { right, wrong, unsure };
  struct Numeric {
    Verdict verdict;
    double error, value;
  };

  // f'(0) by Richardson's extrapolation of central differences against `claimed`, with smaller steps where it fails.
  // Unsure only where differences do not agree among themselves, or differ between left and right: at a kink.
  static Numeric compare(const Scalar1& f, double claimed) {
    Numeric best{Verdict::unsure, INFINITY, 0};
    const double at = f(0);
    std::vector<double> estimates;
    bool kink = false;
    for (const double h : {1e-5, 1e-6, 1e-7}) {
      const double l = f(-h), r = f(h), central = (r - l) / (2 * h);
      const double half = (f(h / 2) - f(-h / 2)) / h, value = (4 * half - central) / 3;
      const double scale = std::max({1.0, std::abs(value)});
      const double error = std::abs(value - claimed) / scale;
      if (error < best.error) best = {Verdict::unsure, error, value};
      // Differences of sums of size |f| carry rounding of |f| eps / h, which they cannot be asked to be better than.
      if (error <= tolerance + 64 * 2.2e-16 * std::abs(at) / h / scale) return {Verdict::right, error, value};
      estimates.push_back(central);
      estimates.push_back(half);
      kink |= std::abs((r - at) - (at - l)) / h > 0.02 * scale;
    }
    const auto [lo, hi] = std::minmax_element(estimates.begin(), estimates.end());
    const bool agree = *hi - *lo <= 1e-3 * std::max(1.0, std::abs(best.value));
    best.verdict = agree && !kink ? Verdict::wrong : Verdict::unsure;
    return best;
  }

  // (c) First order against differences of the values.
  void numeric() {
    const Tensors v = cotangents(run(program_, {.grad = false}));
    const Numeric n = compare(
        [&](double h) {
          const Tensors x = moved(h, 77);
          const Run r = run(program_, {.grad = false, .moved = &x});
          double s = 0;
          for (size_t k = 0; k < r.outputs.size(); ++k) {
            if (r.outputs[k].sizes() != v[k].sizes()) return double(NAN);
            s += pairing(r.outputs[k], v[k]);
          }
          return s;
        },
        along(fused_, 77));
    judge(n, "numeric", along(fused_, 77), tally_.numeric, tally_.numeric_skipped, tally_.worst_numeric);
  }

  void judge(const Numeric& n, const char* what, double claimed, int64_t& made, int64_t& skipped, double& worst) {
    if (n.verdict == Verdict::wrong)
      stop(what, gradus::str("derivative ", claimed, ", by differences ", n.value, ", relative error ", n.error));
    ++(n.verdict == Verdict::right ? made : skipped);
    if (n.verdict == Verdict::right) worst = std::max(worst, n.error);
  }

  // (d) Second order against differences of the gradient.
  void second_order() {
    if (!recorded_) return;
    const Run r = run(program_);
    const Tensors g = gradients(r, true);
    Tensors roots, weights;
    for (size_t k = 0; k < g.size(); ++k)
      if (g[k].requires_grad()) {
        roots.push_back(g[k]);
        weights.push_back(noise_like(g[k], 77 + static_cast<uint32_t>(k)));
      }
    Tensors gg;
    if (!roots.empty()) try {
        gg = autograd::grad(roots, r.leaves, weights, false, false, true);
      } catch (const Error& e) {
        if (is_version_error(e) && program_.hazard) return;
        stop("second", e.what());
      }
    double claimed = 0;
    for (size_t k = 0; k < gg.size(); ++k)
      if (gg[k].defined()) claimed += pairing(gg[k], noise_like(gg[k], 177 + static_cast<uint32_t>(k)));
    const Numeric n = compare(
        [&](double h) {
          const Tensors x = moved(h, 177);
          return along(gradients(run(program_, {.moved = &x}), false), 77);
        },
        claimed);
    judge(n, "second", claimed, tally_.second, tally_.second_skipped, tally_.worst_second);
  }

  // (e) Two threads compute the same bits as one.
  void threads() {
    int64_t most = 0;
    for (const Tensor& v : run(program_, {.grad = false}).values)
      if (v.defined()) most = std::max(most, v.numel());
    if (most < threads_from) return;
    const int before = get_num_threads();
    Tensors g[2];
    for (int n = 0; n < 2; ++n) {
      set_num_threads(n + 1);
      const Run r = run(program_);
      g[n] = gradients(r, false);
      g[n].insert(g[n].end(), r.outputs.begin(), r.outputs.end());
    }
    set_num_threads(before);
    for (size_t k = 0; k < g[0].size(); ++k)
      if (!same_bits(g[0][k], g[1][k])) stop("threads", "a result depends on the number of threads");
    ++tally_.threads;
  }

  // Values in float32 are those in float64, as closely as disturbances of one rounding a step let them be.
  void single() {
    const Run exact = run(program_, {.grad = false}), rounded = run(program_, {.dtype = kFloat, .grad = false});
    double spread = 0, scale = 1;
    for (int pass = 0; pass < 2; ++pass) {
      Tensors x;
      uint32_t seed = 5 + static_cast<uint32_t>(pass);
      for (const Step& s : program_.steps)
        if (!s.op && s.leaf.grad) {
          const Tensor v = leaf_values(s.leaf).contiguous();
          x.push_back(v * (1 + noise_like(v, seed++) * 1.2e-7));
        }
      const Run other = run(program_, {.grad = false, .moved = &x, .noise = 1.2e-7});
      for (size_t k = 0; k < exact.outputs.size(); ++k) {
        if (other.outputs[k].sizes() != exact.outputs[k].sizes()) return void(++tally_.single_skipped);
        spread = std::max(spread, distance(exact.outputs[k], other.outputs[k]));
        scale = std::max(scale, largest({exact.outputs[k]}));
      }
    }
    for (const Step& s : program_.steps)
      if ((s.op && s.op->jumps) || spread > 1e-3 * scale) return void(++tally_.single_skipped);
    for (size_t k = 0; k < exact.outputs.size(); ++k) {
      if (rounded.outputs[k].scalar_type() != kFloat) stop("single", gradus::str("output ", k, " is not float32"));
      const double d = distance(exact.outputs[k], rounded.outputs[k]);
      if (!(d <= 100 * spread + 1e-5 * scale))
        stop("single", gradus::str("output ", k, " in float32 is off by ", d, "; disturbances give ", spread));
    }
    ++tally_.single;
  }

  // In bfloat16: the graph changes no value there either, and gradients have their leaves' type.
  void narrow() {
    const Run with = run(program_, {.dtype = kBFloat16}), without = run(program_, {.dtype = kBFloat16, .grad = false});
    for (size_t k = 0; k < with.outputs.size(); ++k)
      if (!same_bits(with.outputs[k], without.outputs[k]))
        stop("narrow", gradus::str("output ", k, " in bfloat16 depends on the graph"));
    try {
      const Tensors g = gradients(with, false, kBFloat16);
      for (size_t k = 0; k < g.size(); ++k)
        if (g[k].scalar_type() != kBFloat16 || g[k].sizes() != with.leaves[k].sizes())
          stop("narrow", "a gradient has another shape or type than its leaf");
    } catch (const Error& e) {
      if (!is_version_error(e) || !program_.hazard) stop("narrow", e.what());
    }
    ++tally_.narrow;
  }

  const Program& program_;
  Tally& tally_;
  Tensors fused_;
  bool recorded_ = false;
};

}  // namespace

std::optional<Failure> check(const Program& program, Tally& tally) {
  ++tally.programs;
  tally.uses.resize(operations().size());
  for (const Step& s : program.steps)
    if (s.op) {
      ++tally.steps;
      ++tally.uses[static_cast<size_t>(s.op - operations().data())];
    }
  try {
    Checker(program, tally).all();
  } catch (const Stop& s) {
    return s.failure;
  } catch (const Error& e) {
    // Up to the first number or shape: the shrinker shall not wander to another error.
    const std::string text = e.what();
    return Failure{"throws " + text.substr(0, text.find_first_of("[0123456789")), text};
  }
  if (!program.complaint.empty()) return Failure{"made", program.complaint};
  return std::nullopt;
}

}  // namespace programs
