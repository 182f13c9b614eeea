#include "parity_cases.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <limits>
#include <sstream>

using namespace gradus;
using table::Input;
using table::Kind;

namespace parity {
namespace {

using Numbers = std::vector<double>;

constexpr uint64_t fnv_basis = 0xcbf29ce484222325u;

uint64_t fnv(const void* bytes, size_t n, uint64_t hash) {
  const auto* p = static_cast<const unsigned char*>(bytes);
  for (size_t i = 0; i < n; ++i) hash = (hash ^ p[i]) * 0x100000001b3u;
  return hash;
}

// splitmix64, https://prng.di.unimi.it/splitmix64.c. The distributions of <random> differ between libraries.
class Source {
 public:
  explicit Source(const std::string& name) : state_(fnv(name.data(), name.size(), fnv_basis)) {}
  uint64_t next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  uint64_t state_;
};

bool typed(const Input& in) { return in.kind == Kind::real || in.kind == Kind::fixed; }

// In [lo, hi); away from each other where the row has kinks.
Numbers domain(const Row& row, size_t i, const std::string& name, size_t n) {
  const Input& in = row.in[i];
  Source source(name + "/" + std::to_string(i));
  Numbers v(n);
  const bool grid = in.kind == Kind::real && !row.smooth;
  const double shift = 0.17 + 0.23 * static_cast<double>(i);
  for (size_t k = 0; k < n; ++k) {
    const double u = grid ? (static_cast<double>(k) + shift) / static_cast<double>(n) : source.uniform();
    v[k] = in.lo + (in.hi - in.lo) * u;
  }
  if (grid)
    for (size_t k = n; k > 1; --k) std::swap(v[k - 1], v[source.next() % k]);
  return v;
}

Numbers extremes_of(ScalarType type) {
  const bool single = type == kFloat;
  auto limit = [&](auto f) {
    return single ? static_cast<double>(f(std::numeric_limits<float>())) : f(std::numeric_limits<double>());
  };
  const double tiny = limit([](auto l) { return l.denorm_min(); }), normal = limit([](auto l) { return (l.min)(); });
  const double largest = limit([](auto l) { return (l.max)(); }), inf = std::numeric_limits<double>::infinity();
  return {0.0, -0.0, inf, -inf, NAN, tiny, -tiny, 2.5 * normal, largest, -largest, 1, -1, 0.5, 1e4, -10001};
}

// Whole numbers around 0 and at the ends of the domain.
Numbers whole_extremes(const Input& in) {
  Numbers v;
  for (double x : {in.lo, in.lo + 1, -1.0, 0.0, 1.0, 2.0, in.hi - 2, in.hi - 1})
    if (x >= in.lo && x < in.hi && std::find(v.begin(), v.end(), x) == v.end()) v.push_back(x);
  return v;
}

Numbers candidates(const Input& in, ScalarType type) {
  if (in.kind == Kind::mask) return {-1, 1};
  return in.kind == Kind::index ? whole_extremes(in) : extremes_of(type);
}

constexpr size_t kinds_of_extremes = 15;

// Input 0 runs through its candidates, input 1 once for each of those; a third is spread over the pairs.
Numbers extreme(const Row& row, size_t i, ScalarType type, size_t n) {
  const Numbers c = candidates(row.in[i], type);
  Numbers v(n);
  for (size_t k = 0; k < n; ++k) {
    const size_t outer = k / kinds_of_extremes, inner = k % kinds_of_extremes;
    v[k] = c[(i == 0 ? inner : i == 1 ? outer : inner * 4 + outer * 7) % c.size()];
  }
  return v;
}

bool alone(const Row& row) { return row.in.size() == 1; }

// A number that JSON's readers take for a float, whatever its value.
void write_number(std::ostream& out, double v) {
  if (std::isnan(v)) {
    out << "NaN";
  } else if (std::isinf(v)) {
    out << (v < 0 ? "-Infinity" : "Infinity");
  } else {
    std::ostringstream text;
    text << std::setprecision(17) << v;
    out << text.str() << (text.str().find_first_of(".e") == std::string::npos ? ".0" : "");
  }
}

void write_input(std::ostream& out, const Row& row, size_t i, const Tensor& x) {
  constexpr const char* names[] = {"real", "fixed", "index", "mask"};
  out << R"({"kind": ")" << names[static_cast<int>(row.in[i].kind)] << R"(", "shape": [)";
  for (int64_t d = 0; d < x.dim(); ++d) out << (d ? ", " : "") << x.size(d);
  out << R"(], "values": [)";
  const Tensor v = x.to(kDouble).contiguous();
  for (int64_t k = 0; k < v.numel(); ++k) {
    out << (k ? ", " : "");
    write_number(out, v.data_ptr<double>()[k]);
  }
  out << "]}";
}

}  // namespace

std::string key(const Row& row) { return row.variant.empty() ? row.op : row.op + " " + row.variant; }

std::vector<Case> cases(const Row& row) {
  std::vector<std::vector<int64_t>> own;
  for (const Input& in : row.in) own.push_back(in.shape);
  const std::vector<ScalarType> both = {kFloat, kDouble};
  const bool integers = std::any_of(row.in.begin(), row.in.end(), typed);
  std::vector<Case> all = {{"base", own, integers ? both : std::vector<ScalarType>{kLong}}};
  if (integers) all.push_back({"integers", own, {kLong}});
  if (!row.pointwise) return all;
  const std::vector<ScalarType> types = all[0].types;
  auto add = [&](const char* name, std::vector<std::vector<int64_t>> shapes) {
    shapes.resize(row.in.size());
    all.push_back({name, std::move(shapes), types});
  };
  add("scalar", {{}, {}, {}});
  add("empty", {{2, 0, 3}, {3}, {1}});
  const auto n = static_cast<int64_t>(kinds_of_extremes * (alone(row) ? 1 : kinds_of_extremes));
  add("extremes", {{n}, {n}, {n}});
  if (alone(row)) return all;
  add("broadcast 1", {{3, 1}, {1, 4}, {4}});
  add("broadcast 2", {{2, 3, 4}, {}, {3, 1}});
  add("broadcast 3", {{}, {2, 5}, {5}});
  return all;
}

Tensors inputs(const Row& row, const Case& c, ScalarType type) {
  Tensors r;
  for (size_t i = 0; i < row.in.size(); ++i) {
    const Kind kind = row.in[i].kind;
    const auto n = static_cast<size_t>(count_elements(c.shapes[i]));
    const Numbers v = c.name == "extremes" ? extreme(row, i, type, n) : domain(row, i, key(row) + "/" + c.name, n);
    Tensor x = tensor(v, kDouble).reshape(c.shapes[i]);
    if (kind == Kind::mask) {
      x = x > 0;
    } else if (kind == Kind::index) {
      x = floor(x).to(kLong);
    } else {
      x = type == kLong ? floor(x * 3).to(kLong) : c.name == "extremes" ? x.to(type) : x.to(kFloat).to(type);
    }
    r.push_back(x);
  }
  return r;
}

Tensor cotangent(const Tensor& result) {
  Numbers v(static_cast<size_t>(result.numel()));
  for (size_t k = 0; k < v.size(); ++k) v[k] = std::sin(static_cast<double>(k + 1));
  return tensor(v, kDouble).reshape(result.sizes()).to(result.scalar_type());
}

std::string fingerprint(const Row& row) {
  uint64_t hash = fnv_basis;
  for (const Case& c : cases(row))
    for (ScalarType type : c.types)
      for (const Tensor& x : inputs(row, c, type)) {
        const Tensor v = x.to(kDouble).contiguous();
        for (int64_t k = 0; k < v.numel(); ++k) {
          const double e = v.data_ptr<double>()[k], same_nan = std::isnan(e) ? 0.1234 : e;
          hash = fnv(&same_nan, sizeof same_nan, hash);
        }
        hash = fnv(x.sizes().data(), static_cast<size_t>(x.dim()) * sizeof(int64_t), hash);
      }
  std::ostringstream text;
  text << std::hex << std::setw(8) << std::setfill('0') << ((hash ^ (hash >> 32)) & 0xffffffffu);
  return text.str();
}

void write_cases(std::ostream& out, const Row& row) {
  for (const Case& c : cases(row))
    for (ScalarType type : c.types) {
      out << R"({"row": ")" << key(row) << R"(", "fingerprint": ")" << fingerprint(row) << R"(", "case": ")" << c.name
          << R"(", "type": ")"
          << (type == kFloat    ? "float32"
              : type == kDouble ? "float64"
                                : "int64")
          << R"(", "inputs": [)";
      const Tensors xs = inputs(row, c, type);
      for (size_t i = 0; i < xs.size(); ++i) {
        out << (i ? ", " : "");
        write_input(out, row, i, xs[i]);
      }
      out << "]}\n";
    }
}

}  // namespace parity
