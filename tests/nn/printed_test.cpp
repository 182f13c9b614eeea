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

// A clone is another module with the same numbers, which prints the same.
TEST(Printed, ModulesAreCloned) {
  auto p = [](const auto& module) {
    std::ostringstream one, two;
    const auto copy = module->clone();
    copy->pretty_print(one);
    module->pretty_print(two);
    EXPECT_EQ(one.str(), two.str());
    EXPECT_NE(copy.get(), module.get());
    const auto was = module->parameters(), is = copy->parameters();
    ASSERT_EQ(is.size(), was.size()) << one.str();
    for (size_t i = 0; i < is.size(); ++i) {
      EXPECT_NE(is[i].data_ptr(), was[i].data_ptr()) << one.str();
      EXPECT_TRUE(torch::equal(is[i], was[i])) << one.str();
    }
  };
#include "print_cases.inc"
}
