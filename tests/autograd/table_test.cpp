// The runner of the test table: every row, in float and double, on every layout, in every order of differentiation.
#include "table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <regex>
#include <set>

#include "gradus/tests/paths.h"

using namespace gradus;
using table::Array;
using table::Input;
using table::Kind;
using table::Row;
using table::Tensors;

namespace {

enum class Layout { contiguous, transposed, sliced, expanded };

const char* name(Layout l) {
  constexpr const char* names[] = {"contiguous", "transposed", "sliced", "expanded"};
  return names[static_cast<int>(l)];
}

class Source {
 public:
  explicit Source(const Row& row) : row_(row), rng_(std::hash<std::string>()(row.op + "/" + row.variant)) {}

  Tensor make(const Input& in, ScalarType floating, Layout layout) {
    const ScalarType dtype = in.kind == Kind::index ? kLong : in.kind == Kind::mask ? kBool : floating;
    if (layout == Layout::expanded && !in.shape.empty() && in.kind == Kind::real) {
      std::vector<int64_t> one = in.shape;
      one[0] = std::min<int64_t>(1, one[0]);
      return values(in, one).to(dtype).expand(in.shape);
    }
    const Tensor t = values(in, in.shape).to(dtype);
    if (layout == Layout::transposed && t.dim() >= 2)
      return t.transpose(0, t.dim() - 1).contiguous().transpose(0, t.dim() - 1);
    if (layout == Layout::sliced && t.dim() >= 1) {
      // Every other element of a buffer twice as long, from an odd offset.
      std::vector<int64_t> wide = in.shape;
      wide.back() = 2 * wide.back() + 1;
      Tensor buffer = full(wide,
                           in.kind == Kind::mask    ? 0
                           : in.kind == Kind::index ? in.lo
                                                    : 0.5 * (in.lo + in.hi),
                           dtype);
      Tensor view = buffer.slice(-1, 1, std::nullopt, 2);
      view.copy_(t);
      return view;
    }
    return t;
  }

  Tensors inputs(ScalarType floating, Layout layout) {
    Tensors r;
    for (const Input& in : row_.in) r.push_back(make(in, floating, layout));
    return r;
  }

 private:
  Tensor values(const Input& in, const std::vector<int64_t>& shape) {
    const auto n = static_cast<size_t>(count_elements(shape));
    std::vector<double> v(n);
    if (in.kind == Kind::real && !row_.smooth) {
      // Distinct values, none at 0 and none in two inputs: a shuffled grid, shifted from input to input.
      const double shift = 0.17 + 0.23 * static_cast<double>(&in - row_.in.data());
      for (size_t i = 0; i < n; ++i)
        v[i] = in.lo + (in.hi - in.lo) * (static_cast<double>(i) + shift) / static_cast<double>(n);
      std::shuffle(v.begin(), v.end(), rng_);
    } else {
      std::uniform_real_distribution<double> u(in.lo, in.hi);
      for (double& x : v)
        x = in.kind == Kind::index ? std::floor(u(rng_)) : in.kind == Kind::mask ? (u(rng_) > 0) : u(rng_);
    }
    return tensor(v, kDouble).reshape(shape);
  }

  const Row& row_;
  std::mt19937 rng_;
};

Array to_array(const Tensor& t) {
  const Tensor d = t.detach().to(kDouble).contiguous();
  Array a{d.sizes().vec(), {}};
  const double* p = d.data_ptr<double>();
  a.v.assign(p, p + d.numel());
  return a;
}

Tensors require(const Row& row, Tensors xs) {
  for (size_t i = 0; i < xs.size(); ++i)
    if (row.in[i].kind == Kind::real) xs[i] = xs[i].detach().requires_grad_();
  return xs;
}

// Largest |a - b| / max(1, |b|); equal infinities and NaNs agree.
double distance(const Array& a, const Array& b) {
  double worst = 0;
  for (size_t i = 0; i < a.v.size(); ++i) {
    if (a.v[i] == b.v[i] || (std::isnan(a.v[i]) && std::isnan(b.v[i]))) continue;
    const double d = std::abs(a.v[i] - b.v[i]) / std::max(1.0, std::abs(b.v[i]));
    worst = std::max(worst, std::isnan(d) ? INFINITY : d);
  }
  return worst;
}

// Errors are also written to the results, the worst of each kind, for the report of docs/correctness.md.
class Table : public testing::TestWithParam<Row> {
 protected:
  void TearDown() override {
    RecordProperty("family", GetParam().family);
    for (const auto& [kind, error] : worst_) RecordProperty(kind, testing::PrintToString(error));
  }

  void expect_at_most(double tolerance, double error, const std::string& kind, const std::string& what) {
    EXPECT_LE(error, tolerance) << what;
    double& worst = worst_.try_emplace(kind, 0).first->second;
    worst = std::max(worst, error);
  }

  void expect_values(const Row& row, const Tensors& xs, double tolerance, const std::string& kind,
                     const std::string& what) {
    std::vector<Array> in;
    for (const Tensor& x : xs) in.push_back(to_array(x));
    const Array got = to_array(row.f(xs)), want = row.reference(in);
    ASSERT_EQ(got.shape, want.shape) << what;
    expect_at_most(tolerance, distance(got, want), kind, what);
  }

 private:
  std::map<std::string, double> worst_;
};

constexpr Layout layouts[] = {Layout::contiguous, Layout::transposed, Layout::sliced, Layout::expanded};

TEST_P(Table, Values) {
  const Row& row = GetParam();
  ASSERT_TRUE(row.reference) << "a row needs a naive reference";
  for (Layout l : layouts) {
    expect_values(row, Source(row).inputs(kDouble, l), 1e-12, "double", std::string("double, ") + name(l));
    expect_values(row, Source(row).inputs(kFloat, l), row.float_tolerance, "float", std::string("float, ") + name(l));
  }
}

TEST_P(Table, FirstOrderFused) {
  const Row& row = GetParam();
  if (!row.differentiable) return;
  for (Layout l : layouts)
    expect_at_most(1e-6, autograd::directional_error(row.f, require(row, Source(row).inputs(kDouble, l)), 1, false),
                   "fused", name(l));
}

TEST_P(Table, FirstOrderThroughTheGraph) {
  const Row& row = GetParam();
  if (!row.differentiable) return;
  for (Layout l : layouts)
    expect_at_most(1e-6, autograd::directional_error(row.f, require(row, Source(row).inputs(kDouble, l)), 1, true),
                   "graph", name(l));
}

TEST_P(Table, SecondOrder) {
  const Row& row = GetParam();
  if (!row.differentiable || !row.second_order) return;
  for (Layout l : layouts)
    expect_at_most(1e-6, autograd::directional_error(row.f, require(row, Source(row).inputs(kDouble, l)), 2), "second",
                   name(l));
}

// A gradient does not depend on which other inputs want theirs.
TEST_P(Table, EachInputAlone) {
  const Row& row = GetParam();
  const auto reals = std::count_if(row.in.begin(), row.in.end(), [](const Input& in) { return in.kind == Kind::real; });
  if (!row.differentiable || reals < 2) return;
  for (size_t i = 0; i < row.in.size(); ++i) {
    if (row.in[i].kind != Kind::real) continue;
    Tensors xs = Source(row).inputs(kDouble, Layout::contiguous);
    xs[i] = xs[i].detach().requires_grad_();
    const std::string what = "input " + std::to_string(i);
    expect_at_most(1e-6, autograd::directional_error(row.f, xs, 1, false), "fused", what);
    if (row.second_order) expect_at_most(1e-6, autograd::directional_error(row.f, xs, 2), "second", what);
  }
}

// Every gradient element in float32 against float64, under a cotangent that is neither constant nor symmetric.
TEST_P(Table, FloatGradients) {
  const Row& row = GetParam();
  if (!row.differentiable) return;
  auto gradients = [&](ScalarType dtype) {
    Tensors xs = require(row, Source(row).inputs(kFloat, Layout::contiguous));
    Tensors wanted;
    for (size_t i = 0; i < xs.size(); ++i)
      if (row.in[i].kind != Kind::index && row.in[i].kind != Kind::mask) {
        xs[i] = xs[i].detach().to(dtype);
        if (row.in[i].kind == Kind::real) wanted.push_back(xs[i].requires_grad_());
      }
    const Tensor y = row.f(xs);
    const Tensor v = sin(arange(1, y.numel() + 1, 1, kDouble)).reshape(y.sizes()).to(y.scalar_type());
    return autograd::grad({y}, wanted, {v}, false, false, true);
  };
  const Tensors single = gradients(kFloat), twice = gradients(kDouble);
  for (size_t i = 0; i < single.size(); ++i) {
    ASSERT_EQ(single[i].defined(), twice[i].defined());
    if (!single[i].defined()) continue;
    EXPECT_EQ(single[i].scalar_type(), kFloat);
    expect_at_most(1e-4, distance(to_array(single[i]), to_array(twice[i])), "float_gradients",
                   "input " + std::to_string(i));
  }
}

TEST_P(Table, NotDifferentiable) {
  const Row& row = GetParam();
  if (row.differentiable) return;
  const Tensor y = row.f(require(row, Source(row).inputs(kDouble, Layout::contiguous)));
  EXPECT_TRUE(!y.requires_grad()) << "the row says that there is no derivative";
}

// Every size around the lanes of a vector, a tile, and the point where threads start.
TEST_P(Table, SizesOfVectorsTilesAndThreads) {
  const Row& row = GetParam();
  if (!row.pointwise) return;
  for (int64_t n : {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 255, 256, 257, 511, 512, 513, 65536, 65537}) {
    Row sized = row;
    for (Input& in : sized.in) in.shape = {n};
    for (Layout l : {Layout::contiguous, Layout::sliced})
      expect_values(sized, Source(sized).inputs(kFloat, l), row.float_tolerance, "float", "size " + std::to_string(n));
  }
}

TEST_P(Table, Broadcasting) {
  const Row& row = GetParam();
  if (!row.pointwise) return;
  std::vector<std::vector<std::vector<int64_t>>> cases = {{{}, {}, {}}, {{1}, {1}, {1}}, {{2, 0, 3}, {3}, {1}}};
  if (row.in.size() > 1) {
    cases.push_back({{3, 1}, {1, 4}, {4}});
    cases.push_back({{2, 3, 4}, {}, {3, 1}});
    cases.push_back({{}, {2, 5}, {5}});
    cases.push_back({{40, 300}, {300}, {40, 1}});
    cases.push_back({{2, 3, 5, 5}, {1, 3, 1, 1}, {5}});
  }
  for (const auto& shapes : cases) {
    Row shaped = row;
    for (size_t i = 0; i < shaped.in.size(); ++i) shaped.in[i].shape = shapes[i];
    const std::string what = str(IntArrayRef(shapes[0]), " with ", IntArrayRef(shapes[1]));
    expect_values(shaped, Source(shaped).inputs(kDouble, Layout::contiguous), 1e-12, "double", what);
    const Tensors xs = require(shaped, Source(shaped).inputs(kDouble, Layout::contiguous));
    if (row.differentiable && count_elements(shapes[0]) < 1000) {
      expect_at_most(1e-6, autograd::directional_error(row.f, xs, 1, false), "fused", what);
      expect_at_most(1e-6, autograd::directional_error(row.f, xs, 2), "second", what);
    }
  }
}

TEST_P(Table, InPlace) {
  const Row& row = GetParam();
  if (!row.in_place) return;
  for (Layout l : {Layout::contiguous, Layout::transposed, Layout::sliced}) {
    Tensors xs = Source(row).inputs(kDouble, l);
    const Array want = to_array(row.f(xs));
    const int64_t version = xs[0]._version();
    const Tensor y = row.in_place(xs);
    EXPECT_TRUE(y.is_same(xs[0])) << name(l);
    EXPECT_GT(xs[0]._version(), version) << name(l);
    EXPECT_EQ(distance(to_array(y), want), 0) << name(l);
    if (!row.differentiable) continue;
    // On a copy inside the graph, for a leaf must not be overwritten.
    const table::Fn f = [&](const Tensors& in) {
      Tensors copies = in;
      copies[0] = in[0] * 1.0;
      return row.in_place(copies);
    };
    expect_at_most(1e-6, autograd::directional_error(f, require(row, Source(row).inputs(kDouble, l)), 1, false),
                   "fused", name(l));
    expect_at_most(1e-6, autograd::directional_error(f, require(row, Source(row).inputs(kDouble, l)), 2), "second",
                   name(l));
  }
}

TEST_P(Table, UndefinedInputIsAnError) {
  const Row& row = GetParam();
  for (size_t i = 0; i < row.in.size(); ++i) {
    Tensors xs = Source(row).inputs(kDouble, Layout::contiguous);
    xs[i] = Tensor();
    try {
      row.f(xs);
    } catch (const Error&) {
      continue;
    }
    // Only inputs that the operation declares as optional may be missing.
    EXPECT_GT(i, 0u) << "the first input is never optional";
  }
}

// Types that an operation cannot take give an Error that names it; those that it takes give a tensor. Nothing else.
TEST_P(Table, OtherTypesGiveAResultOrANamedError) {
  const Row& row = GetParam();
  for (ScalarType dtype : {kBool, kUInt8, kInt, kLong}) {
    Tensors xs = Source(row).inputs(kFloat, Layout::contiguous);
    for (size_t i = 0; i < xs.size(); ++i)
      if (row.in[i].kind == Kind::real || row.in[i].kind == Kind::fixed) xs[i] = xs[i].to(dtype);
    try {
      EXPECT_TRUE(row.f(xs).defined());
    } catch (const Error& e) {
      EXPECT_GT(std::string(e.what()).size(), 10u);
    }
  }
}

std::string label(const testing::TestParamInfo<Row>& info) {
  std::string s = info.param.op + (info.param.variant.empty() ? "" : "_" + info.param.variant);
  std::replace_if(
      s.begin(), s.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return s;
}

INSTANTIATE_TEST_SUITE_P(Ops, Table, testing::ValuesIn(table::all_rows()), label);

// The operations that a header of autograd/ops declares.
std::set<std::string> declarations(const std::filesystem::path& header) {
  std::set<std::string> names;
  const std::regex declaration(
      R"(^(?:inline )?(?:Tensor|std::vector<Tensor>|std::tuple<[^>&]*>)[ (]+([a-z_]\w*)\)?\()");
  std::ifstream in(header);
  std::smatch m;
  for (std::string line; std::getline(in, line);)
    if (std::regex_search(line, m, declaration) && m[1] != "operator") names.insert(m[1]);
  return names;
}

// The operations declared are exactly the rows of the table. Those of random.h take no tensor to differentiate, nor is
// there a formula for what they draw: their tests are random_ops_test.cpp.
TEST(TableIsComplete, EveryDeclaredOperationHasARow) {
  std::set<std::string> declared, rows;
  for (const auto& file : std::filesystem::directory_iterator(paths::source() + "/autograd/ops"))
    if (file.path().extension() == ".h" && file.path().filename() != "random.h")
      declared.merge(declarations(file.path()));
  for (const Row& r : table::all_rows()) rows.insert(r.op);
  for (const std::string& op : declared) EXPECT_TRUE(rows.count(op)) << op << " is declared but has no row";
  for (const std::string& op : rows) EXPECT_TRUE(declared.count(op)) << op << " has a row but is not declared";
}

TEST(TableIsComplete, EveryRandomOperationHasATest) {
  const std::string root = paths::source();
  std::ifstream in(root + "/tests/autograd/random_ops_test.cpp");
  const std::string tests((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const std::set<std::string> names = declarations(root + "/autograd/ops/random.h");
  EXPECT_GE(names.size(), 9u);
  for (const std::string& op : names)
    EXPECT_TRUE(std::regex_search(tests, std::regex("\\b" + op + "\\("))) << op << " is declared but has no test";
}

}  // namespace
