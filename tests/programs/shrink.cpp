// Shrinking: steps are left out, replaced by inputs, and outputs dropped, for as long as the same check fails.
#include <algorithm>

#include "program.h"

namespace programs {
namespace {

using Fails = std::function<std::optional<Failure>(const Program&)>;

// Operands that name `from` name `to` instead; steps from `first` on.
void rename(Program& p, int from, int to, size_t first) {
  for (size_t k = first; k < p.steps.size(); ++k)
    for (int& x : p.steps[k].call.x)
      if (x == from) x = to;
  for (int& o : p.outputs)
    if (o == from) o = to;
  std::sort(p.outputs.begin(), p.outputs.end());
  p.outputs.erase(std::unique(p.outputs.begin(), p.outputs.end()), p.outputs.end());
}

// Drops steps that nothing names and that change nothing; a change in place stays.
Program without_dead(const Program& p) {
  std::vector<bool> alive(p.steps.size(), false);
  for (int o : p.outputs) alive[static_cast<size_t>(o)] = true;
  for (size_t k = p.steps.size(); k-- > 0;) {
    const Step& s = p.steps[k];
    if (s.op && (s.op->in_place || s.refused || (k + 1 == p.steps.size() && p.outputs.empty()))) alive[k] = true;
    if (alive[k])
      for (int x : s.call.x) alive[static_cast<size_t>(x)] = true;
  }
  Program r = p;
  r.steps.clear();
  std::vector<int> place(p.steps.size(), -1);
  for (size_t k = 0; k < p.steps.size(); ++k) {
    if (!alive[k]) continue;
    place[k] = static_cast<int>(r.steps.size());
    r.steps.push_back(p.steps[k]);
    for (int& x : r.steps.back().call.x) x = place[static_cast<size_t>(x)];
  }
  for (int& o : r.outputs) o = place[static_cast<size_t>(o)];
  return r;
}

// What a step could be replaced by: one of its operands, or an input of the same shape and range.
std::vector<Program> simpler(const Program& p, size_t k, const Run& r) {
  std::vector<Program> found;
  const Step& s = p.steps[k];
  const Tensor y = r.values[k];
  if (s.refused || !s.op) return found;
  for (int x : s.call.x) {
    const Tensor& v = r.values[static_cast<size_t>(x)];
    if (!s.op->in_place && !(v.defined() && y.defined() && v.sizes() == y.sizes())) continue;
    Program q = p;
    rename(q, static_cast<int>(k), x, k + 1);
    if (s.op->in_place) q.steps[k] = Step{};  // an input that nothing names: dead
    found.push_back(q);
    if (s.op->in_place) break;
  }
  if (!y.defined() || s.op->in_place) return found;
  for (const bool grad : {true, false}) {
    Program q = p;
    Step leaf;
    const gradus::Tensor d = y.detach();
    leaf.leaf.shape = d.sizes().vec();
    leaf.leaf.grad = grad;
    if (d.numel() > 0) {
      leaf.leaf.lo = d.min().item<double>();
      leaf.leaf.hi = d.max().item<double>();
    }
    q.steps[k] = leaf;
    found.push_back(q);
  }
  return found;
}

class Shrinker {
 public:
  Shrinker(Program p, std::string check, const Fails& fails)
      : p_(std::move(p)), check_(std::move(check)), fails_(fails) {}

  Program smallest() {
    for (bool again = true; again && tries_ < 4000;) again = outputs() || steps() || leaves() || shapes();
    return p_;
  }

 private:
  bool take(const Program& candidate) {
    const Program q = without_dead(candidate);
    if (++tries_ > 4000 || q.steps.empty()) return false;
    const std::optional<Failure> f = fails_(q);
    if (!f || f->check != check_) return false;
    p_ = q;
    return true;
  }

  bool outputs() {
    bool any = false;
    for (size_t k = 0; k < p_.outputs.size() && p_.outputs.size() > 1;) {
      Program q = p_;
      q.outputs.erase(q.outputs.begin() + static_cast<int64_t>(k));
      if (take(q))
        any = true;
      else
        ++k;
    }
    // A result in the middle says more than one at the end.
    for (size_t k = 0; k + 1 < p_.steps.size() && p_.outputs.size() == 1; ++k) {
      Program q = p_;
      q.outputs = {static_cast<int>(k)};
      q.steps.resize(k + 1);
      if (!p_.steps[k].refused && p_.outputs[0] != static_cast<int>(k) && take(q)) return true;
    }
    return any;
  }

  bool steps() {
    for (size_t k = p_.steps.size(); k-- > 0;) {
      if (p_.steps[k].refused) {
        Program q = p_;
        q.steps[k] = Step{};
        if (take(q)) return true;
        continue;
      }
      Run r;
      try {
        r = run(p_);
      } catch (const gradus::Error&) {
        r = prefix(p_);
      }
      for (const Program& q : simpler(p_, k, r))
        if (take(q)) return true;
    }
    return false;
  }

  // The values before the step that throws.
  static Run prefix(const Program& p) {
    Program q = p;
    q.outputs.clear();
    while (!q.steps.empty()) {
      q.steps.pop_back();
      try {
        Run r = run(q);
        r.values.resize(p.steps.size());
        return r;
      } catch (const gradus::Error&) {
      }
    }
    Run none;
    none.values.resize(p.steps.size());
    return none;
  }

  bool leaves() {
    for (size_t k = 0; k < p_.steps.size(); ++k) {
      if (p_.steps[k].op) continue;
      Program q = p_;
      q.steps[k].leaf.layout = Layout::contiguous;
      if (p_.steps[k].leaf.layout != Layout::contiguous && take(q)) return true;
      q = p_;
      q.steps[k].leaf.grad = false;
      if (p_.steps[k].leaf.grad && take(q)) return true;
    }
    return false;
  }

  // One dimension less in all inputs of a size.
  bool shapes() {
    for (size_t k = 0; k < p_.steps.size(); ++k)
      for (size_t d = 0; !p_.steps[k].op && d < p_.steps[k].leaf.shape.size(); ++d) {
        const int64_t n = p_.steps[k].leaf.shape[d];
        for (const int64_t m : {int64_t{1}, n / 2, n - 1}) {
          if (m < 1 || m >= n) continue;
          Program q = p_;
          for (Step& s : q.steps)
            if (!s.op) std::replace(s.leaf.shape.begin(), s.leaf.shape.end(), n, m);
          if (take(q)) return true;
          q = p_;
          q.steps[k].leaf.shape[d] = m;
          if (take(q)) return true;
        }
      }
    return false;
  }

  Program p_;
  std::string check_;
  const Fails& fails_;
  int tries_ = 0;
};

}  // namespace

Program shrink(const Program& program, const std::string& check, const Fails& fails) {
  Program p = program;
  p.complaint.clear();
  const std::optional<Failure> f = fails(p);
  if (!f || f->check != check) return program;  // only the maker knows
  return Shrinker(p, check, fails).smallest();
}

}  // namespace programs
