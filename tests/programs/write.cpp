// Programs as text: the expressions of the rows with their operands and parameters filled in.
#include <cctype>
#include <cstdio>

#include "program.h"

namespace programs {
namespace {

// What the C++ text stands on: the same numbers, in the same layouts, as program.cpp makes.
constexpr const char* prelude = R"(#include <gradus/gradus.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

using namespace gradus;

struct Result {
  std::vector<Tensor> leaves, outputs;
};

static std::vector<double> numbers(uint32_t seed, int64_t n, double lo, double hi) {
  std::vector<double> r(static_cast<size_t>(n));
  uint64_t x = seed % 2147483646u + 1;
  for (double& v : r) {
    x = x * 48271 % 2147483647u;
    v = lo + (hi - lo) * (static_cast<double>(x) / 2147483647.0);
  }
  return r;
}

static Tensor leaf(std::vector<int64_t> shape, double lo, double hi, uint32_t seed, const std::string& layout, bool grad) {
  NoGradGuard off;
  std::vector<int64_t> own = shape;
  if (layout == "expanded" && !own.empty()) own[0] = (std::min<int64_t>)(own[0], 1);
  int64_t n = 1;
  for (int64_t s : own) n *= s;
  Tensor t = tensor(numbers(seed, n, lo, hi), kDouble).reshape(own);
  if (layout == "expanded") t = t.expand(shape);
  if (layout == "transposed" && t.dim() >= 2)
    t = t.transpose(0, -1).clone(MemoryFormat::Contiguous).transpose(0, -1);
  if (layout == "sliced" && t.dim() >= 1) {
    own.back() = 2 * own.back() + 1;
    const Tensor view = zeros(own, kDouble).slice(-1, 1, std::nullopt, 2);
    view.copy_(t);
    t = view;
  }
  t = t.detach();
  return grad ? t.requires_grad_() : t;
}

static IntArrayRef ints(const std::vector<int64_t>& l) { return l; }
static Tensor index_of(std::vector<int64_t> v, std::vector<int64_t> shape) { return tensor(v, kLong).view(shape); }
static Tensor mask_of(std::vector<int64_t> v, std::vector<int64_t> shape) { return index_of(v, shape).to(kBool); }

template <class F>
static void refused(F f) {
  try {
    f();
  } catch (const Error&) {
    return;
  }
  throw Error("a step that must be refused was not");
}
)";

enum class Language { cpp, python };

std::string number(double v) {
  char s[40];
  std::snprintf(s, sizeof s, "%.17g", v);
  std::string r = s;
  return r.find_first_of(".en") == std::string::npos ? r + ".0" : r;
}

std::string list(const Ints& l, Language to) {
  std::string r;
  for (int64_t n : l) r += (r.empty() ? "" : ", ") + std::to_string(n);
  return to == Language::cpp ? "{" + r + "}" : "[" + r + "]";
}

std::string variable(int n) { return "v" + std::to_string(n); }

// What X(0), I(0), ... stands for; `name` the letters, a and b the numbers.
std::string filled(const std::string& name, const Call& c, size_t a, size_t b, Language to) {
  const bool cpp = to == Language::cpp;
  if (name == "X") return variable(c.x[a]);
  if (name == "I") return std::to_string(c.i[a]);
  if (name == "R") return number(c.r[a]);
  if (name == "F") return c.i[a] ? (cpp ? "true" : "True") : (cpp ? "false" : "False");
  if (name == "L") return cpp ? "ints(" + list(c.l[a], to) + ")" : list(c.l[a], to);
  if (name == "RED") return c.i[a] == 0 ? "'none'" : c.i[a] == 1 ? "'mean'" : "'sum'";
  return (name == "IX" ? "index_of(" : "mask_of(") + list(c.l[a], to) + ", " + list(c.l[b], to) + ")";
}

// The expression with everything filled in.
std::string expression(const std::string& text, const Call& call, Language to) {
  static const std::string names[] = {"IX", "MK", "RED", "X", "I", "R", "F", "L"};
  std::string r;
  for (size_t k = 0; k < text.size();) {
    const bool begins = k == 0 || !(std::isalnum(static_cast<unsigned char>(text[k - 1])) || text[k - 1] == '_');
    bool found = false;
    for (const std::string& name : names) {
      if (!begins || text.compare(k, name.size(), name) != 0 || text[k + name.size()] != '(') continue;
      const size_t open = k + name.size(), close = text.find(')', open);
      const std::string inside = text.substr(open + 1, close - open - 1);
      const size_t comma = inside.find(',');
      const size_t a = std::stoul(inside), b = comma == std::string::npos ? 0 : std::stoul(inside.substr(comma + 1));
      r += filled(name, call, a, b, to);
      k = close + 1;
      found = true;
      break;
    }
    if (!found) r += text[k++];
  }
  return r;
}

// The C++ text of a row as Python's, for rows that say nothing of their own: functions are torch's, methods stay.
std::string derived_python(const std::string& text) {
  std::string r;
  for (size_t k = 0; k < text.size();) {
    const auto is_word = [&](size_t i) {
      return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_');
    };
    size_t end = k;
    while (is_word(end)) ++end;
    if (end == k) {
      r += text[k++];
      continue;
    }
    const bool function = end < text.size() && text[end] == '(' && std::islower(static_cast<unsigned char>(text[k])) &&
                          (k == 0 || text[k - 1] != '.');
    const std::string word = text.substr(k, end - k);
    r += function ? "torch." + word : word == "true" ? "True" : word == "false" ? "False" : word;
    k = end;
  }
  return r;
}

std::string leaf_text(const Leaf& l, Language to) {
  const bool cpp = to == Language::cpp;
  return "leaf(" + list(l.shape, to) + ", " + number(l.lo) + ", " + number(l.hi) + ", " + std::to_string(l.seed) +
         ", " + (cpp ? "\"" : "'") + name(l.layout) + (cpp ? "\"" : "'") + ", " +
         (l.grad ? (cpp ? "true" : "True") : (cpp ? "false" : "False")) + ")";
}

std::string step_text(const Step& s, Language to) {
  if (!s.op) return leaf_text(s.leaf, to);
  const std::string own = s.op->python;
  return expression(to == Language::cpp ? s.op->text : own.empty() ? derived_python(s.op->text) : own, s.call, to);
}

std::string names(const Program& p, bool leaves) {
  std::string r;
  auto put = [&](int n) { r += (r.empty() ? "" : ", ") + variable(n); };
  if (!leaves)
    for (int o : p.outputs) put(o);
  else
    for (size_t k = 0; k < p.steps.size(); ++k)
      if (!p.steps[k].op && p.steps[k].leaf.grad) put(static_cast<int>(k));
  return r;
}

}  // namespace

std::string to_cpp(const Program& program, int indent) {
  const std::string space(static_cast<size_t>(indent), ' ');
  std::string r;
  for (size_t k = 0; k < program.steps.size(); ++k) {
    const Step& s = program.steps[k];
    const std::string text = step_text(s, Language::cpp);
    if (s.refused)
      r += space + "refused([&] { " + text + "; });\n";
    else
      r += space + "const Tensor " + variable(static_cast<int>(k)) + " = " + text + ";\n";
  }
  return r + space + "return Result{{" + names(program, true) + "}, {" + names(program, false) + "}};\n";
}

std::string to_python(const Program& program, int indent) {
  const std::string space(static_cast<size_t>(indent), ' ');
  std::string r;
  for (size_t k = 0; k < program.steps.size(); ++k) {
    const Step& s = program.steps[k];
    const std::string text = step_text(s, Language::python);
    if (s.refused)
      r += space + "refused(lambda: " + text + ")\n";
    else
      r += space + variable(static_cast<int>(k)) + " = " + text + "\n";
  }
  return r + space + "return [" + names(program, true) + "], [" + names(program, false) + "]\n";
}

std::string cpp_prelude() { return prelude; }

}  // namespace programs
