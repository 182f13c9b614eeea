// Records how LibTorch prints: writes print_values.h to its standard output. With T the folder of Python's torch:
//   g++ -std=c++20 -I$T/include -I$T/include/torch/csrc/api/include print.cc -o print -L$T/lib -ltorch -ltorch_cpu
//       -lc10 -Wl,-rpath,$T/lib && ./print > print_values.h
#include <torch/torch.h>

#include <iostream>
#include <limits>

using at::Tensor;
using torch::arange, torch::empty, torch::full, torch::ones, torch::tensor;
using torch::kByte, torch::kDouble, torch::kFloat, torch::kInt, torch::kLong;

int main() {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  std::cout << "// What LibTorch " << TORCH_VERSION
            << " printed for the expressions of print_cases.inc; written by print.cc.\n"
               "#pragma once\n\n// clang-format off\ninline const char* const print_values[] = {\n";
#define SAME(...) std::cout << "R\"(" << (__VA_ARGS__) << ")\",\n";
#include "print_cases.inc"
  std::cout << "};\n// clang-format on\n";
}
