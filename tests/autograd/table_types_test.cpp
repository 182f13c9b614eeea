// The test table in the types that are stored narrow: every row in float16 and bfloat16 against float32 on the same
// inputs, in int8 and int16 against int64, and the type of every result against PyTorch's (tests/parity/row_types.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "gradus/tests/parity/row_types.h"
#include "table.h"

using namespace gradus;
using table::Input;
using table::Kind;
using table::Row;
using table::Tensors;

namespace {

bool typed(const Input& in) { return in.kind == Kind::real || in.kind == Kind::fixed; }

// The row's inputs with whatever has the type under test in `type`: random in the domain, or whole numbers `scale`
// apart.
Tensors inputs(const Row& row, ScalarType type, double scale = 0) {
  std::mt19937 rng(std::hash<std::string>()(row.op + row.variant));
  Tensors r;
  for (const Input& in : row.in) {
    std::uniform_real_distribution<double> u(in.lo, in.hi);
    std::vector<double> v(static_cast<size_t>(count_elements(in.shape)));
    for (size_t i = 0; i < v.size(); ++i) {
      v[i] = u(rng);
      if (in.kind == Kind::index) v[i] = std::floor(v[i]);
      if (in.kind == Kind::mask) v[i] = v[i] > 0;
      // A shuffled grid: elements that an operation tells apart stay so in 8 bits of precision.
      if (typed(in) && !row.smooth)
        v[i] = in.lo + (in.hi - in.lo) * (static_cast<double>(i) + 0.17 + 0.23 * static_cast<double>(r.size())) /
                           static_cast<double>(v.size());
      if (typed(in) && scale != 0) v[i] = std::floor(v[i] * scale);
    }
    if (typed(in) && !row.smooth) std::shuffle(v.begin(), v.end(), rng);
    const ScalarType own = in.kind == Kind::index ? kLong : in.kind == Kind::mask ? kBool : type;
    r.push_back(tensor(v, kDouble).to(own).reshape(in.shape));
  }
  return r;
}

Tensors in_type(const Row& row, const Tensors& xs, ScalarType type) {
  Tensors r = xs;
  for (size_t i = 0; i < r.size(); ++i)
    if (typed(row.in[i])) r[i] = xs[i].detach().to(type);
  return r;
}

// The largest difference in units of the type's precision, relative for what is greater than 1.
double units(const Tensor& got, const Tensor& want, ScalarType type) {
  const double unit = type == kHalf ? 0x1p-11 : 0x1p-8;
  const Tensor a = got.detach().to(kDouble).contiguous(), b = want.detach().to(kDouble).contiguous();
  double worst = 0;
  for (int64_t i = 0; i < a.numel(); ++i) {
    const double x = a.data_ptr<double>()[i], y = b.data_ptr<double>()[i];
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;
    const double d = std::abs(x - y) / std::max(1.0, std::abs(y)) / unit;
    worst = std::max(worst, std::isnan(d) ? INFINITY : d);
  }
  return worst;
}

// By "operation variant" or "operation": the value or `otherwise`.
template <class Map>
typename Map::mapped_type looked_up(const Map& map, const Row& row, typename Map::mapped_type otherwise) {
  auto it = map.find(row.op + " " + row.variant);
  if (it == map.end()) it = map.find(row.op);
  return it == map.end() ? otherwise : it->second;
}

// A result rounded once is off by at most one unit, and by what float32 is off. Operations that are made of others, as
// they are in PyTorch too, round in between.
double allowed(const Row& row) {
  static const std::map<std::string, double> of_several = {{"binary_cross_entropy", 2},
                                                           {"binary_cross_entropy_with_logits", 3},
                                                           {"cross_entropy_loss", 2},
                                                           {"feature_dropout", 2},
                                                           {"addmm", 2},
                                                           {"std_mean", 2},
                                                           {"ldexp", 2},
                                                           {"trapezoid x", 2},
                                                           {"quantile", 3},
                                                           {"renorm", 3},
                                                           {"einsum", 3},
                                                           {"tensordot", 2},
                                                           {"cross", 2},
                                                           {"addmv", 2},
                                                           {"addbmm", 2},
                                                           {"addr", 2},
                                                           {"baddbmm", 2},
                                                           {"cdist by_a_product", 2},
                                                           // The rows add up weighted pieces.
                                                           {"split", 4},
                                                           {"tensor_split", 4},
                                                           // The number is rounded before the steps are counted.
                                                           {"fmod number", INFINITY},
                                                           {"remainder number", INFINITY}};
  return looked_up(of_several, row, 1.02);
}

// Gradients are products of several rounded numbers.
constexpr double allowed_for_gradients = 4;

class TableTypes : public testing::TestWithParam<Row> {};

TEST_P(TableTypes, NarrowFloatsAreFloat32Rounded) {
  const Row& row = GetParam();
  for (ScalarType type : {kHalf, kBFloat16}) {
    const Tensors xs = inputs(row, type);
    manual_seed(1);
    const Tensor y = row.f(xs);
    manual_seed(1);
    const Tensor want = row.f(in_type(row, xs, kFloat));
    ASSERT_EQ(y.sizes(), want.sizes()) << type;
    // bincount counts weights of any type but float in double.
    const ScalarType narrow = row.op == "bincount" ? kDouble : type;
    EXPECT_EQ(y.scalar_type(), want.scalar_type() == kFloat ? narrow : want.scalar_type()) << type;
    EXPECT_LE(units(y, want, type), allowed(row)) << type;
  }
}

TEST_P(TableTypes, NarrowFloatsHaveGradientsOfTheirType) {
  const Row& row = GetParam();
  if (!row.differentiable || row.chooses_among_sums) return;
  for (ScalarType type : {kHalf, kBFloat16}) {
    const Tensors xs = inputs(row, type);
    auto gradients = [&](ScalarType as) {
      Tensors in = in_type(row, xs, as), wanted;
      for (size_t i = 0; i < in.size(); ++i)
        if (row.in[i].kind == Kind::real) wanted.push_back(in[i].requires_grad_());
      manual_seed(1);
      const Tensor y = row.f(in);
      const Tensor v = sin(arange(1, y.numel() + 1, 1, kDouble)).reshape(y.sizes()).to(type).to(y.scalar_type());
      return autograd::grad({y}, wanted, {v}, false, false, true);
    };
    const Tensors narrow = gradients(type), wide = gradients(kFloat);
    for (size_t i = 0; i < narrow.size(); ++i) {
      ASSERT_EQ(narrow[i].defined(), wide[i].defined());
      if (!narrow[i].defined()) continue;
      EXPECT_EQ(narrow[i].scalar_type(), type);
      EXPECT_LE(units(narrow[i], wide[i], type), allowed_for_gradients) << type << ", input " << i;
    }
  }
}

// These compute a fraction, or a bound, of what has wrapped around before.
bool wraps_in_between(const Row& row) {
  static const std::map<std::string, bool> rows = {{"relu6", true},
                                                   {"linear_activated", true},
                                                   {"addmm factors", true},
                                                   {"addmm without_sum", true},
                                                   {"addmv", true},
                                                   {"addbmm", true},
                                                   {"addr", true},
                                                   {"baddbmm", true},
                                                   {"einsum dots", true},
                                                   {"trapezoid", true},
                                                   {"trapz", true},
                                                   {"cumulative_trapezoid", true},
                                                   {"scatter_reduce mean", true},
                                                   {"scatter_reduce mean without self", true},
                                                   // The rows sort or shift their inputs first.
                                                   {"searchsorted", true},
                                                   {"bucketize", true},
                                                   {"isin", true},
                                                   {"pairwise_distance", true},
                                                   {"triplet_margin_loss", true},
                                                   {"cosine_embedding_loss", true}};
  return looked_up(rows, row, false);
}

// Integers compute in 64 bits and keep the low ones: what int64 gives, cut off. Large ones, so that sums and products
// wrap around.
TEST_P(TableTypes, NarrowIntegersAreInt64CutOff) {
  const Row& row = GetParam();
  if (wraps_in_between(row)) return;
  for (ScalarType type : {kChar, kShort})
    for (double scale : {1.0, 61.0}) {
      const Tensors xs = inputs(row, type, scale);
      auto result = [&](ScalarType as) {
        try {
          return row.f(in_type(row, xs, as));
        } catch (const Error&) {
          return Tensor();
        }
      };
      const Tensor y = result(type), want = result(kLong);
      ASSERT_EQ(y.defined(), want.defined()) << type;
      if (!y.defined()) continue;
      EXPECT_TRUE(y.scalar_type() == want.scalar_type() || (want.scalar_type() == kLong && y.scalar_type() == type));
      EXPECT_TRUE(equal(y, want.to(y.scalar_type())) || want.isnan().any().item<bool>())
          << type << " by " << scale << "\n"
          << y << "\n"
          << want;
    }
}

std::string label(const testing::TestParamInfo<Row>& info) {
  std::string s = info.param.op + (info.param.variant.empty() ? "" : "_" + info.param.variant);
  std::replace_if(
      s.begin(), s.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return s;
}

INSTANTIATE_TEST_SUITE_P(Ops, TableTypes, testing::ValuesIn(table::all_rows()), label);

// Training draws the slopes in place as it does out of place, and rounds once too.
TEST(NarrowFloats, RreluInPlaceIsThatOfFloat32Rounded) {
  for (ScalarType type : {kHalf, kBFloat16}) {
    const Tensor x = linspace(-3, 1, 50, kFloat).to(type);
    manual_seed(1);
    const Tensor want = rrelu(x.to(kFloat), 0.1, 0.6, true).to(type);
    manual_seed(1);
    EXPECT_TRUE(equal(rrelu(x, 0.1, 0.6, true), want)) << type;
    manual_seed(1);
    Tensor y = x.clone();
    rrelu_(y, 0.1, 0.6, true);
    EXPECT_EQ(y.scalar_type(), type);
    EXPECT_TRUE(equal(y, want)) << type;
  }
}

constexpr ScalarType types[] = {kByte, kChar, kShort, kInt, kLong, kHalf, kFloat, kDouble, kBool, kBFloat16};
constexpr char letters[] = "ucsilhfd?b";

char result_letter(const Row& row, ScalarType type) {
  try {
    const ScalarType got = row.f(in_type(row, inputs(row, kDouble, 1), type)).scalar_type();
    return letters[std::find(std::begin(types), std::end(types), got) - std::begin(types)];
  } catch (const Error&) {
    return '!';
  }
}

// Where gradus takes integers or bools that PyTorch refuses, and where it refuses integers that PyTorch takes.
const std::map<std::string, std::string> differences = {
    {"lerp", "fffffhfdfb"},
    {"cov aweights", "!!!!!hfd!b"},  // whose weights must be floats
    {"cov both weights", "!!!!!hfd!b"},
    {"addcdiv", "fffffhfdfb"},
    {"frac", "fffffhfdfb"},
    {"gelu", "fffffhfdfb"},
    {"silu", "fffffhfdfb"},
    {"mish", "fffffhfdfb"},
    {"softplus", "fffffhfdfb"},
    {"log_sigmoid", "fffffhfdfb"},
    {"elu", "fffffhfdfb"},
    {"selu", "fffffhfdfb"},
    {"celu", "fffffhfdfb"},
    {"leaky_relu", "fffffhfdfb"},
    {"hardsigmoid", "fffffhfdfb"},
    {"hardswish", "fffffhfdfb"},
    {"hardshrink", "fffffhfdfb"},
    {"softshrink", "fffffhfdfb"},
    {"glu", "fffffhfdfb"},
    {"prelu", "fffffhfdfb"},
    {"softsign", "fffffhfdfb"},
    {"tanhshrink", "fffffhfdfb"},
    {"abs", "ucsilhfd?b"},
    {"fmod", "ucsilhfd?b"},
    {"remainder", "ucsilhfd?b"},
    {"floor", "ucsilhfd?b"},
    {"ceil", "ucsilhfd?b"},
    {"round", "ucsilhfd?b"},
    {"trunc", "ucsilhfd?b"},
    {"threshold", "ucsilhfd?b"},
    {"topk", "ucsilhfd?b"},
    {"pow tensors", "ucsilhfd?b"},
    {"fmod number", "fffffhfdfb"},
    {"remainder number", "fffffhfdfb"},
    {"topk indices", "llllllllll"},
    {"argmax", "llllllllll"},
    {"argmin", "llllllllll"},
    {"hardtanh", "ucsilhfd!b"},
    {"masked_fill", "ucsilhfd!b"},
    {"masked_fill tensor", "ucsilhfd?b"},
    {"masked_fill tensor, in place", "ucsilhfd?b"},
    {"div floor", "!!!!!hfd!b"},  // the row divides by 0 in whole numbers
    {"div trunc", "ucsilhfd?b"},
    {"lerp weights", "!!!!!hfd!b"},  // unlike with a number
    {"clamp tensors", "ucsilhfd?b"},
    {"addcmul", "!!!!!hfd!b"},
    {"l1_loss", "!!!!!hfd!b"},
    {"linear", "!!!!!hfd!b"},
    {"conv1d", "!!!!!hfd!b"},
    {"conv2d", "!!!!!hfd!b"},
    {"max_pool2d", "!!!!!hfd!b"},
    {"avg_pool2d", "!!!!!hfd!b"},
    {"avg_pool3d", "!!!!!!fd!!"},
    {"affine_grid_generator", "!!!!!hfd!b"},
    {"upsample_bilinear2d", "!!!!!hfd!b"},
    {"upsample_bicubic2d", "!!!!!hfd!b"},
    {"_upsample_bilinear2d_aa", "!!!!!!fd!!"},
    {"linear without_bias", "ucsilhfd!b"},
    {"linear vector_without_bias", "ucsilhfd!b"},
    {"linear batch_without_bias", "ucsilhfd!b"},
};

// PyTorch's types. Where it has no 16-bit floats on a CPU, gradus may.
TEST(ResultTypes, AreThoseOfPyTorch) {
  std::map<std::string, std::string> recorded;
  for (const auto& r : recorded::result_types_of_rows) recorded[r.operation] = r.types;
  size_t found = 0;
  for (const Row& row : table::all_rows()) {
    if (std::none_of(row.in.begin(), row.in.end(), typed)) continue;
    const std::string last = row.variant.substr(row.variant.find_last_of(' ') + 1);  // npos + 1 = 0: all of it
    auto it = recorded.find(row.op + " " + row.variant);
    if (it == recorded.end()) it = recorded.find(row.op + " " + last);
    if (it == recorded.end()) it = recorded.find(row.op);
    if (it == recorded.end()) continue;
    ++found;
    std::string got;
    for (size_t i = 0; i < 10; ++i) {
      const char want = it->second[i], is = result_letter(row, types[i]);
      got += want == '!' && is_float16(types[i]) ? want : is;
    }
    EXPECT_EQ(got, looked_up(differences, row, it->second)) << row.op << " " << row.variant;
  }
  EXPECT_GT(found, 250u);
}

}  // namespace
