// Printing, held to what LibTorch 2.13.0 printed for the same expressions (tests/parity/print.cc).
#include "gradus/tensor/print.h"

#include <gtest/gtest.h>

#include <iomanip>
#include <limits>
#include <sstream>

#include "gradus/gradus.h"
#include "gradus/tests/parity/print_values.h"

using namespace gradus;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();

struct Case {
  const char* code;
  Tensor made;
};

TEST(Print, AsLibTorchDoes) {
  const std::vector<Case> cases = {
#define SAME(...) {#__VA_ARGS__, __VA_ARGS__},
#include "gradus/tests/parity/print_cases.inc"
#undef SAME
  };
  ASSERT_EQ(cases.size(), std::size(print_values));
  for (size_t i = 0; i < cases.size(); ++i) {
    std::ostringstream out;
    out << cases[i].made;
    EXPECT_EQ(out.str(), print_values[i]) << cases[i].code;
  }
}

TEST(Print, TheStreamsSettingsNeitherMatterNorChange) {
  std::ostringstream out;
  out << std::setprecision(3) << std::setfill('*') << std::left << std::showpos << std::setw(9) << tensor({12345, 1})
      << 3.14159;
  EXPECT_EQ(out.str(), " 12345\n     1\n[ CPULongType{2} ]+3.14****");
}

TEST(Print, LinesOfAnyLength) {
  std::ostringstream out;
  print(out, tensor({{1, 2, 3}, {4, 5, 6}}), 6);
  EXPECT_EQ(out.str(), "Columns 1 to 2 1  2\n 4  5\n\nColumns 3 to 3 3\n 6\n[ CPULongType{2,3} ]");
  std::ostringstream narrow;
  print(narrow, tensor({{1, 2}}), 1);
  EXPECT_EQ(narrow.str(), "Columns 1 to 1 1\n\nColumns 2 to 2 2\n[ CPULongType{1,2} ]");
}

TEST(Print, TypeNameAndShortForm) {
  EXPECT_EQ(tensor({1.f}).toString(), "CPUFloatType");
  EXPECT_EQ(tensor({1}).toString(), "CPULongType");
  EXPECT_EQ(Tensor().toString(), "UndefinedType");
  testing::internal::CaptureStdout();
  tensor({1.5, 2.}).print();
  Tensor().print();
  ones({2, 3}, kLong).print();
  tensor(2.5).print();
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            "[CPUFloatType [2]]\n[UndefinedTensor]\n[CPULongType [2, 3]]\n[CPUFloatType []]\n");
}

}  // namespace
