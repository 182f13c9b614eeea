// Every row of the table against what PyTorch computed for it (tests/parity/rows.py): values and gradients in float32
// and float64, on strided and broadcast inputs, without elements and without dimensions, on extremes and on integers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "parity_cases.h"
#include "parity_records.h"

using namespace gradus;
using parity::Case;
using parity::Difference;
using parity::Records;
using table::Kind;
using table::Row;
using table::Tensors;

namespace {

using Named = std::map<std::string, Tensor>;

// What a row computes: `y`, and `g0`, `g1` … where it has gradients.
Named computed(const Row& row, Tensors xs) {
  std::vector<std::string> names;
  Tensors wanted;
  for (size_t i = 0; i < xs.size(); ++i) {
    if (row.in[i].kind != Kind::real || !is_floating(xs[i].scalar_type())) continue;
    wanted.push_back(xs[i].detach().requires_grad_());
    names.push_back("g" + std::to_string(i));
    xs[i] = wanted.back();
  }
  const Tensor y = row.f(xs);
  Named found = {{"y", y.detach()}};
  if (!y.requires_grad() || wanted.empty()) return found;
  const Tensors gradients = autograd::grad({y}, wanted, {parity::cotangent(y)}, false, false, true);
  for (size_t i = 0; i < gradients.size(); ++i)
    if (gradients[i].defined()) found[names[i]] = gradients[i];
  return found;
}

std::vector<double> numbers(const Tensor& t) {
  const Tensor d = t.to(kDouble).contiguous();
  return {d.data_ptr<double>(), d.data_ptr<double>() + d.numel()};
}

double error(double got, double want) {
  if (got == want || (std::isnan(got) && std::isnan(want))) return 0;
  const double d = std::abs(got - want) / std::max(1.0, std::abs(want));
  return std::isnan(d) ? INFINITY : d;
}

// One tensor of a row's results beside PyTorch's.
struct Comparison {
  std::string place;  // row/case/name
  ScalarType type;
  Tensor got, want;
  std::vector<std::vector<double>> inputs;  // those with as many elements

  // Of element i, to the nearer one where PyTorch has two answers.
  double error_of(size_t i) const {
    const double e = error(a[i], b[i]);
    return other.empty() ? e : std::min(e, error(a[i], other[i]));
  }
  std::vector<double> inputs_of(size_t i) const {
    std::vector<double> at;
    for (const auto& x : inputs) at.push_back(x[i]);
    return at;
  }

  Comparison(std::string place, ScalarType type, const Tensor& got, const Tensor& want, const Tensors& xs)
      : place(std::move(place)), type(type), got(got), want(want), a(numbers(got)), b(numbers(want)) {
    const auto alone = Records::get().find(this->place + " alone", type);
    if (alone) other = numbers(*alone);
    for (const Tensor& x : xs)
      if (x.numel() == got.numel()) inputs.push_back(numbers(x));
  }

  // Four times what PyTorch's own float32 is off where that is more.
  double tolerance() const {
    if (type != kFloat || place.find("/extremes/") != std::string::npos) return type == kDouble ? 1e-12 : 1e-5;
    const std::vector<double> twice = numbers(*Records::get().find(place, kDouble));
    double own = 0;
    for (size_t i = 0; i < twice.size(); ++i) own = std::max(own, error(b[i], twice[i]));
    return std::isfinite(own) ? std::max(1e-5, 4 * own) : 1e-5;
  }

  std::vector<double> a, b, other;
};

bool excuses(const Difference& d, const Comparison& c, size_t i) {
  const std::string row = c.place.substr(0, c.place.find('/'));
  return std::count(d.rows.begin(), d.rows.end(), row) && c.place.ends_with("/" + d.what) &&
         c.error_of(i) <= d.tolerance && d.where(c.inputs_of(i));
}

// Calls f for everything that the row computes of these inputs and PyTorch has, too.
template <class F>
void each_result(const Row& row, const Case& c, ScalarType type, const Tensors& xs, const F& f) {
  const Named found = computed(row, xs);
  std::vector<std::string> names = {"y"};
  for (size_t i = 0; i < xs.size(); ++i) names.push_back("g" + std::to_string(i));
  for (const std::string& name : names) {
    const std::string place = parity::key(row) + "/" + c.name + "/" + name;
    const auto it = found.find(name);
    const std::optional<Tensor> want = Records::get().find(place, type);
    SCOPED_TRACE(place + ", " + str(type));
    if (!want) {
      EXPECT_TRUE(it == found.end() || !it->second.ne(0).any().item<bool>()) << "PyTorch has no gradient";
      continue;
    }
    const Tensor got = it == found.end() ? zeros(want->sizes(), want->scalar_type()) : it->second;
    EXPECT_EQ(got.scalar_type(), want->scalar_type());
    ASSERT_EQ(got.sizes(), want->sizes());
    f(name, Comparison(place, type, got, *want, xs));
  }
}

bool recorded(const Row& row) { return Records::get().rows().at(parity::key(row)) != "none"; }

class ParityRows : public testing::TestWithParam<Row> {
 protected:
  const Row& row() const { return GetParam(); }

  void SetUp() override {
    ASSERT_TRUE(Records::get().rows().count(parity::key(row()))) << "not recorded: run tests/parity/rows.py";
    if (!recorded(row())) return;
    ASSERT_EQ(parity::fingerprint(row()), Records::get().rows().at(parity::key(row())))
        << "its inputs are not those that were recorded: run tests/parity/rows.py";
  }

  void compare(const Case& c, ScalarType type, const Tensors& xs, const char* layout) {
    SCOPED_TRACE(layout);
    each_result(row(), c, type, xs, [&](const std::string& name, const Comparison& r) {
      const double tolerance = r.tolerance();
      double& most = worst_[std::string(name == "y" ? "values_" : "gradients_") + (type == kFloat    ? "float32"
                                                                                   : type == kDouble ? "float64"
                                                                                                     : "int64")];
      for (size_t i = 0; i < r.a.size(); ++i) {
        const double e = r.error_of(i);
        const auto& all = parity::differences();
        if (e > tolerance && std::any_of(all.begin(), all.end(), [&](auto& d) { return excuses(d, r, i); })) continue;
        most = std::max(most, e);
        EXPECT_LE(e, tolerance) << "element " << i << " is " << r.a[i] << ", PyTorch has " << r.b[i] << " for "
                                << testing::PrintToString(r.inputs_of(i));
      }
    });
  }

  template <class Chosen>
  void compare_cases(const Chosen& chosen) {
    if (!recorded(row())) return;
    for (const Case& c : parity::cases(row())) {
      if (!chosen(c.name)) continue;
      for (ScalarType type : c.types) compare(c, type, parity::inputs(row(), c, type), "contiguous");
    }
  }

  // For reports: the row's worst errors, and the family by which to gather them.
  void TearDown() override {
    RecordProperty("family", row().family);
    for (const auto& [what, e] : worst_) RecordProperty(what, str(e));
  }

 private:
  std::map<std::string, double> worst_;
};

TEST_P(ParityRows, ValuesAndGradients) {
  compare_cases([](const std::string& name) { return name == "base"; });
}

TEST_P(ParityRows, OtherShapes) {
  compare_cases(
      [](const std::string& name) { return name == "scalar" || name == "empty" || name.starts_with("broadcast"); });
}

TEST_P(ParityRows, Extremes) {
  compare_cases([](const std::string& name) { return name == "extremes"; });
}

bool has_integers(const Row& row) { return Records::get().find(parity::key(row) + "/integers/y", kLong).has_value(); }

bool refuses_integers(const Row& row) {
  try {
    row.f(parity::inputs(row, parity::cases(row)[1], kLong));
  } catch (const Error&) {
    return true;
  }
  return false;
}

// What PyTorch takes; it refuses what has no record. topk may order equal elements as it likes.
TEST_P(ParityRows, Integers) {
  if (!has_integers(row()) || parity::key(row()) == "topk indices") return;
  if (parity::float_only().count(row().op) && refuses_integers(row())) return;
  compare_cases([](const std::string& name) { return name == "integers"; });
}

Tensor transposed(const Tensor& x) { return x.dim() < 2 ? x : x.transpose(0, -1).contiguous().transpose(0, -1); }

// Every other element of a buffer.
Tensor sliced(const Tensor& x) {
  if (x.dim() == 0) return x;
  std::vector<int64_t> wide = x.sizes().vec();
  wide.back() = 2 * wide.back() + 1;
  return zeros(wide, x.scalar_type()).slice(-1, 1, std::nullopt, 2).copy_(x);
}

TEST_P(ParityRows, Strided) {
  if (!recorded(row())) return;
  const Case base = parity::cases(row())[0];
  for (ScalarType type : base.types) {
    Tensors across, apart;
    for (const Tensor& x : parity::inputs(row(), base, type)) {
      across.push_back(transposed(x));
      apart.push_back(sliced(x));
    }
    compare(base, type, across, "transposed");
    compare(base, type, apart, "sliced");
  }
}

std::string label(const testing::TestParamInfo<Row>& info) {
  std::string s = info.param.op + (info.param.variant.empty() ? "" : "_" + info.param.variant);
  std::replace_if(
      s.begin(), s.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return s;
}

INSTANTIATE_TEST_SUITE_P(Ops, ParityRows, testing::ValuesIn(table::all_rows()), label);

TEST(ParityRecords, AreOfRowsThatExist) {
  std::map<std::string, int> times;
  for (const Row& row : table::all_rows()) ++times[parity::key(row)];
  size_t without = 0;
  for (const auto& [row, hash] : Records::get().rows()) {
    EXPECT_EQ(times[row], 1) << row;
    without += hash == "none";
  }
  EXPECT_EQ(without, 11u) << "only masks of dropout, which come from other random numbers, have no counterpart";
}

bool is_there(const Difference& d, const Row& row) {
  bool found = false;
  for (const Case& c : parity::cases(row))
    for (ScalarType type : c.types)
      if (type != kLong)
        each_result(row, c, type, parity::inputs(row, c, type), [&](const std::string&, const Comparison& r) {
          for (size_t i = 0; i < r.a.size(); ++i) found |= r.error_of(i) > r.tolerance() && excuses(d, r, i);
        });
  return found;
}

// A difference that is gone goes from the list.
TEST(ParityRecords, EveryDifferenceIsThere) {
  std::map<std::string, Row> rows;
  for (const Row& row : table::all_rows()) rows[parity::key(row)] = row;
  for (const Difference& d : parity::differences())
    for (const std::string& row : d.rows) {
      ASSERT_TRUE(rows.count(row)) << row;
      EXPECT_TRUE(!d.everywhere || is_there(d, rows[row])) << row << ", " << d.what << ": " << d.reason;
    }
}

TEST(ParityRecords, WhatRefusesIntegersDoesSo) {
  std::set<std::string> refusing;
  for (const Row& row : table::all_rows())
    if (has_integers(row) && refuses_integers(row)) refusing.insert(row.op);
  EXPECT_EQ(refusing, parity::float_only());
}

// For tests/parity/rows.py.
TEST(ParityRecords, DISABLED_WriteTheirInputs) {
  const char* path = std::getenv("GRADUS_PARITY_CASES");
  ASSERT_TRUE(path) << "GRADUS_PARITY_CASES names the file";
  std::ofstream out(path);
  for (const Row& row : table::all_rows()) parity::write_cases(out, row);
  EXPECT_TRUE(out.flush());
}

}  // namespace
