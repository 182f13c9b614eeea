// Many programs as one file: as Python with the results of gradus beside it, and as C++.
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "program.h"

namespace programs {

using namespace gradus;

namespace {

bool has_python(const Program& p) {
  for (const Step& s : p.steps)
    if (s.op && std::string(s.op->python) == "-") return false;
  return p.complaint.empty();
}

// The next `count` programs that can be written for torch.
std::vector<Program> writable(uint64_t seed, int64_t count) {
  std::vector<Program> r;
  for (; static_cast<int64_t>(r.size()) < count; ++seed) {
    Program p = generate(seed);
    if (has_python(p)) r.push_back(std::move(p));
  }
  return r;
}

std::string json(const Tensor& t) {
  const Tensor d = t.detach().to(kDouble).contiguous();
  std::string r = "[[";
  for (int64_t k = 0; k < d.dim(); ++k) r += (k ? "," : "") + std::to_string(d.size(k));
  r += "],[";
  char s[40];
  for (int64_t k = 0; k < d.numel(); ++k) {
    std::snprintf(s, sizeof s, "%s%.17g", k ? "," : "", d.data_ptr<double>()[k]);
    r += s;
  }
  return r + "]]";
}

std::string json(const Tensors& ts) {
  std::string r = "[";
  for (const Tensor& t : ts) r += (r.size() > 1 ? "," : "") + json(t);
  return r + "]";
}

std::string quoted(const std::string& text) {
  std::string r = "\"";
  for (char c : text)
    r += c == '"' || c == '\\' ? std::string("\\") + c : c == '\n' ? std::string(" ") : std::string(1, c);
  return r + "\"";
}

// {"seed": ..., "values": [[shape, elements], ...], "grads": [...]} or, in the place of these, "error".
std::string results_of(const Program& p) {
  std::string head = "{\"seed\":" + std::to_string(p.seed);
  for (const Step& step : p.steps)
    if (step.op && step.op->jumps) {
      head += ",\"jumps\":true";
      break;
    }
  try {
    const Run r = run(p);
    head += ",\"values\":" + json(r.outputs);
    Tensors roots, weights;
    for (size_t k = 0; k < r.outputs.size(); ++k)
      if (r.outputs[k].requires_grad()) {
        roots.push_back(r.outputs[k]);
        weights.push_back(tensor(numbers(static_cast<uint32_t>(1000 + k), r.outputs[k].numel(), -1, 1), kDouble)
                              .reshape(r.outputs[k].sizes()));
      }
    Tensors g(r.leaves.size());
    if (!roots.empty() && !r.leaves.empty()) g = autograd::grad(roots, r.leaves, weights, false, false, true);
    for (size_t k = 0; k < g.size(); ++k)
      if (!g[k].defined()) g[k] = zeros_like(r.leaves[k]).detach();
    return head + ",\"grads\":" + json(g) + "}";
  } catch (const Error& e) {
    return head + ",\"error\":" + quoted(e.what()) + "}";
  }
}

}  // namespace

int write_for_torch(uint64_t seed, int64_t count, const std::string& python, const std::string& results) {
  std::ofstream out(python), found(results.empty() ? "/dev/null" : results);
  out << "# Random programs for torch; written by gradus_random_programs, run by scripts/torch_programs.py.\n\n";
  for (const Program& p : writable(seed, count)) {
    out << "def program_" << p.seed << "():\n" << to_python(p) << "\n\n";
    found << results_of(p) << "\n";
  }
  out.flush();
  found.flush();
  gradus::check(out.good() && found.good(), "cannot write ", python, " or ", results);
  return 0;
}

int write_cpp(uint64_t seed, int64_t count, const std::string& path) {
  std::ofstream out(path);
  out << cpp_prelude() << "\n";
  std::string calls;
  for (const Program& p : writable(seed, count)) {
    const std::string name = "program_" + std::to_string(p.seed);
    out << "static Result " << name << "() {\n" << to_cpp(p) << "}\n\n";
    calls += "  print(" + std::to_string(p.seed) + ", " + name + "());\n";
  }
  out << "static void print(int seed, const Result& r) {\n"
         "  for (const Tensor& t : r.outputs)\n"
         "    std::printf(\"%d %.17g\\n\", seed, t.detach().sum().item<double>());\n}\n\n"
         "int main() {\n"
      << calls << "}\n";
  out.flush();
  gradus::check(out.good(), "cannot write ", path);
  return 0;
}

}  // namespace programs
