// Records how LibTorch prints modules: writes printed.h to its standard output. With T the folder of Python's torch:
//   g++ -std=c++20 -I$T/include -I$T/include/torch/csrc/api/include print.cc -o print -L$T/lib -ltorch -ltorch_cpu
//       -lc10 -Wl,-rpath,$T/lib && ./print > printed.h
#include <torch/torch.h>

#include <iostream>

using namespace torch::nn;

int main() {
  std::cout << "// What LibTorch prints of the modules of print_cases.inc; written by print.cc.\n#pragma once\n\n"
               "namespace recorded {\n\ninline constexpr const char* printed = R\"(";
  auto p = [](const auto& module) { std::cout << module << "\n"; };
#include "print_cases.inc"
  std::cout << ")\";\n\n}  // namespace recorded\n";
}
