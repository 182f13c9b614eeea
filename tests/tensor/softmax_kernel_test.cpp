// softmax across rows beside softmax along rows of what is transposed, which adds in another order.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "gradus/gradus.h"

namespace gradus {
namespace {

Tensor along(const Tensor& x, bool log, int64_t dim) { return log ? log_softmax(x, dim) : softmax(x, dim); }

TEST(SoftmaxKernel, AcrossRowsAsAlongThem) {
  for (ScalarType type : {kFloat, kDouble})
    for (int64_t n : {1, 3, 64, 65, 200, 700})
      for (int64_t inner : {2, 15, 63, 64, 65, 100, 256, 260, 1024, 1100})
        for (bool log : {false, true}) {
          const Tensor x = randn({2, n, inner}, type).requires_grad_(), g = randn({2, n, inner}, type);
          const Tensor turned = x.detach().transpose(1, 2).contiguous().requires_grad_();
          const Tensor y = along(x, log, 1), z = along(turned, log, 2).transpose(1, 2);
          const double tolerance = type == kFloat ? 1e-5 : 1e-13;
          const std::string what = std::to_string(n) + " x " + std::to_string(inner) + (log ? " log" : "");
          ASSERT_TRUE(allclose(y, z, tolerance, tolerance)) << what;
          y.backward(g);
          z.backward(g);
          ASSERT_TRUE(allclose(x.grad(), turned.grad().transpose(1, 2), 10 * tolerance, 10 * tolerance)) << what;
        }
}

/// Of lines with NaN, infinity or nothing but -infinity only these are touched.
TEST(SoftmaxKernel, UnusualLinesAcrossRows) {
  constexpr float inf = std::numeric_limits<float>::infinity();
  for (int64_t inner : {20, 64, 300}) {
    Tensor x = randn({1, 70, inner});
    const Tensor usual = softmax(x, 1);
    x.select(2, 3)[0][66] = std::nan("");
    x.select(2, 5)[0][0] = inf;
    x.select(2, 7).fill_(-inf);
    x.select(2, 9)[0][69] = -inf;
    const Tensor y = softmax(x, 1), z = log_softmax(x, 1);
    for (int64_t line : {3, 5, 7}) EXPECT_TRUE(y.select(2, line).isnan().all().item<bool>()) << inner << ' ' << line;
    EXPECT_TRUE(z.select(2, 3).isnan().all().item<bool>());
    EXPECT_EQ(y[0][69][9].item<float>(), 0);
    EXPECT_EQ(z[0][69][9].item<float>(), -inf);
    EXPECT_NEAR(y.select(2, 9).sum().item<double>(), 1, 1e-5);
    for (int64_t line = 0; line < inner; ++line)
      ASSERT_EQ(equal(y.select(2, line), usual.select(2, line)), line != 3 && line != 5 && line != 7 && line != 9)
          << inner << ' ' << line;
  }
}

/// Blocks of lines do not depend on the threads.
TEST(SoftmaxKernel, AcrossRowsOnTwoThreads) {
  const int before = get_num_threads();
  const Tensor x = randn({3, 100, 1500});
  set_num_threads(1);
  const Tensor y = softmax(x, 1);
  set_num_threads(2);
  EXPECT_TRUE(equal(softmax(x, 1), y));
  set_num_threads(before);
}

}  // namespace
}  // namespace gradus
