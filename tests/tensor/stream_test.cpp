// Results that are written past the caches are those that are not.
#include "gradus/tensor/kernels/stream.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "gradus/gradus.h"

namespace gradus {
namespace {

constexpr int64_t never = int64_t{1} << 62;

/// What f makes, with every result streamed.
Tensor streamed(const std::function<Tensor()>& f) {
  const int64_t before = kernels::set_streamed_above(0);
  const Tensor y = f();
  kernels::set_streamed_above(before);
  return y;
}
Tensor cached(const std::function<Tensor()>& f) {
  const int64_t before = kernels::set_streamed_above(never);
  const Tensor y = f();
  kernels::set_streamed_above(before);
  return y;
}

void expect_same(const std::function<Tensor()>& f, const std::string& what) {
  EXPECT_TRUE(equal(streamed(f), cached(f))) << what;
}

TEST(Stream, FormulasGiveTheSame) {
  for (int64_t n : {32768, 32769, 65537, 100003, 262144}) {
    for (ScalarType type : {kFloat, kDouble}) {
      const Tensor a = randn({n}, type), b = randn({n}, type);
      const std::string what = std::to_string(n);
      expect_same([&] { return a + b; }, what);
      expect_same([&] { return exp(a); }, what);
      expect_same([&] { return where(a > 0, a, b); }, what);
      expect_same([&] { return a > b; }, what);
      expect_same([&] { return a.masked_fill(b > 0, 3); }, what);
      expect_same([&] { return a.to(type == kFloat ? kDouble : kFloat) * 2; }, what);
      expect_same([&] { return a.to(kInt); }, what);
      expect_same([&] { return a.to(kHalf); }, what);
    }
  }
}

TEST(Stream, ComparisonsOfAllTypesGiveTheSame) {
  for (int64_t n : {32768, 65537, 100003})
    for (ScalarType type : {kBool, kByte, kShort, kInt, kLong, kHalf, kBFloat16, kFloat, kDouble}) {
      const Tensor a = randint(0, 3, {n + 16}).to(type), b = randint(0, 3, {n + 16}).to(type);
      for (int64_t first : {0, 1, 8, 16}) {
        const Tensor x = a.slice(0, first, first + n), y = b.slice(0, first, first + n);
        const std::string what = std::to_string(n) + " of type " + name(type) + " from " + std::to_string(first);
        expect_same([&] { return x > y; }, what);
        expect_same([&] { return x == 1; }, what);
        expect_same([&] { return where(x != y, x, y); }, what);
      }
    }
}

TEST(Stream, PartsOfTensorsAndResultsInPlaceToo) {
  const Tensor a = randn({400, 301}), b = randn({301}), flat = randn({200001});
  expect_same([&] { return a + b; }, "broadcast");
  expect_same([&] { return a > b; }, "broadcast, bools");
  expect_same([&] { return a * a.slice(1, 0, 1) + b; }, "a column");
  expect_same([&] { return a.t() * 2; }, "transposed");
  expect_same([&] { return flat.slice(0, 1) + 1; }, "from the second element on");
  expect_same([&] { return flat.clone().relu_(); }, "in place");
  for (int64_t first : {1, 3, 8}) {  // results that begin anywhere, and what lies around them
    expect_same(
        [&] {
          Tensor y = zeros({200001});
          y.slice(0, first, 150000).copy_(flat.slice(0, 0, 150000 - first) * 3);
          Tensor part = y.slice(0, first, 150000);
          add_out(part, part, flat.slice(0, 0, 150000 - first));
          return y;
        },
        std::to_string(first));
  }
}

TEST(Stream, ConversionsKeepWhatLiesBesideThem) {
  const Tensor from = randn({150000});
  for (int64_t first : {0, 1, 5, 8})
    expect_same(
        [&] {
          Tensor y = full({160000}, 7, kDouble);
          y.slice(0, first, first + 150000).copy_(from);
          return y;
        },
        std::to_string(first));
}

/// Rows of all widths begin at all places of a vector.
void expect_close_rows(const std::function<Tensor(const Tensor&)>& f, const std::string& what) {
  for (int64_t n : {128, 129, 131, 136, 200, 255, 1000, 1001, 4099}) {
    for (int64_t rows : {1, 2, 3, 4, 5, 9, 300}) {
      for (ScalarType type : {kFloat, kDouble}) {
        const Tensor x = randn({rows, n}, type) * 3;
        const Tensor y = streamed([&] { return f(x); }), right = cached([&] { return f(x); });
        ASSERT_TRUE(allclose(y, right, type == kFloat ? 2e-6 : 1e-14, type == kFloat ? 1e-6 : 1e-14))
            << what << " of " << rows << " x " << n << ": " << (y - right).abs().max().item<double>();
      }
    }
  }
}

TEST(Stream, RowsOfSoftmax) {
  expect_close_rows([](const Tensor& x) { return softmax(x, 1); }, "softmax");
  expect_close_rows([](const Tensor& x) { return log_softmax(x, 1); }, "log_softmax");
}

TEST(Stream, RowsOfSoftmaxWithInfinities) {
  const double inf = std::numeric_limits<double>::infinity();
  Tensor x = randn({7, 200});
  x.index_put_({1, 5}, -inf);
  x.index_put_({2, 5}, inf);
  x.index_put_({3, 199}, std::numeric_limits<double>::quiet_NaN());
  x.index_put_({4}, -inf);
  for (bool log : {false, true}) {
    const auto f = [&] { return log ? log_softmax(x, 1) : softmax(x, 1); };
    const Tensor y = streamed(f), right = cached(f);
    EXPECT_TRUE(allclose(y, right, 2e-6, 1e-6, true)) << y - right;
  }
}

TEST(Stream, RowsOfLayerNorm) {
  for (bool affine : {false, true})
    expect_close_rows(
        [&](const Tensor& x) {
          const Tensor w = affine ? linspace(-1, 1, x.size(1), x.options()) : Tensor(), b = affine ? w + 2 : Tensor();
          return layer_norm(x + 10, {x.size(1)}, w, b);
        },
        "layer_norm");
  expect_close_rows([](const Tensor& x) { return rms_norm(x, {x.size(1)}); }, "rms_norm");
}

/// Rows whose first elements are far from their mean, or whose mean is far from 0, are as precise as others.
TEST(Stream, RowsOfLayerNormWithUnusualBeginnings) {
  using indexing::Slice;
  for (int64_t n : {5, 16, 40, 200, 1000, 1001, 2048}) {
    Tensor x = randn({6, n}, kDouble);
    x.index_put_({0, Slice(0, 16)}, 1e4);
    x.index_put_({1, 0}, -300);
    x.index_put_({2}, x[2] + 1000);
    x.index_put_({3, Slice(0, 16)}, 0);
    x.index_put_({4, Slice(16)}, x[4].slice(0, 16) * 1e-3 + 40);
    x.index_put_({5}, 7.25);
    x = x.to(kFloat).to(kDouble);
    const Tensor d = x - x.mean(1, true), square = (d * d).mean(1, true), right = d / sqrt(square + 1e-5);
    const auto f = [&] { return layer_norm(x.to(kFloat), {n}); };
    for (const Tensor& y : {streamed(f), cached(f)}) {
      const Tensor off = (y.to(kDouble) - right).abs() / (1 + right.abs());
      // The mean itself is rounded to a float: x - mean has an error of 2^-24 of the mean.
      const Tensor most = 1e-6 + x.abs().amax(1, true) / 16777216 / sqrt(square + 1e-5) * 2;
      EXPECT_TRUE((off <= most).all().item<bool>()) << n << '\n' << off.amax(1);
    }
  }
}

TEST(Stream, RowsOfGradientsOfSoftmax) {
  for (bool log : {false, true})
    expect_close_rows(
        [log](const Tensor& x) {
          const Tensor leaf = (x / 3).requires_grad_(), g = cos(arange(x.numel(), x.options()) * 0.7).view(x.sizes());
          (log ? log_softmax(leaf, 1) : softmax(leaf, 1)).backward(g);
          return leaf.grad();
        },
        log ? "log_softmax's gradient" : "softmax's gradient");
}

TEST(Stream, GradientsOfStreamedRows) {
  const Tensor x = randn({300, 129});
  for (int op = 0; op < 3; ++op) {
    const auto f = [&] {
      const Tensor leaf = x.clone().requires_grad_();
      const Tensor y = op == 0 ? softmax(leaf, 1) : op == 1 ? log_softmax(leaf, 1) : layer_norm(leaf, {129});
      (y * x).sum().backward();
      return leaf.grad();
    };
    EXPECT_TRUE(allclose(streamed(f), cached(f), 1e-5, 1e-5)) << op;
  }
}

}  // namespace
}  // namespace gradus
