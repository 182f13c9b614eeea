// Modules print what LibTorch prints.
#include "gradus/tests/nn/printed.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <sstream>

using namespace torch::nn;

TEST(Printed, ModulesPrintWhatLibTorchPrints) {
  std::ostringstream text;
  auto p = [&](const auto& module) { text << module << "\n"; };
#include "print_cases.inc"
  std::istringstream got(text.str()), want(recorded::printed);
  for (std::string a, b; std::getline(want, b);) {
    ASSERT_TRUE(std::getline(got, a)) << b;
    EXPECT_EQ(a, b);
  }
}
