// Times operations. Usage: operations [--threads N] [--seconds S] [--match TEXT]
// One line each, "name microseconds": the least of five blocks of calls, after two calls.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "operation.h"

namespace {

double now() {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double time_of(const std::function<void()>& call, double microseconds) {
  call();
  call();
  const double start = now();
  call();
  const auto calls = static_cast<int>(std::clamp(microseconds / 5 / std::max(now() - start, 0.05), 1.0, 1e5));
  double best = 1e30;
  for (int block = 0; block < 5; ++block) {
    const double from = now();
    for (int i = 0; i < calls; ++i) call();
    best = std::min(best, (now() - from) / calls);
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  const char* match = "";
  int threads = 1;
  double seconds = 0.02;
  bool known = argc % 2 == 1;
  for (int i = 1; known && i < argc; i += 2) {
    if (!std::strcmp(argv[i], "--threads"))
      threads = std::atoi(argv[i + 1]);
    else if (!std::strcmp(argv[i], "--seconds"))
      seconds = std::atof(argv[i + 1]);
    else if (!std::strcmp(argv[i], "--match"))
      match = argv[i + 1];
    else
      known = false;
  }
  if (!known || threads < 1) {
    const bool asked = argc == 2 && !std::strcmp(argv[1], "--help");
    std::fprintf(asked ? stdout : stderr, "usage: operations [--threads N] [--seconds S] [--match TEXT]\n");
    return asked ? 0 : 2;
  }
  torch::set_num_threads(threads);
  torch::manual_seed(0);
  for (const auto& add : {bench::add_matrices, bench::add_rows, bench::add_reductions, bench::add_picks,
                          bench::add_images, bench::add_types, bench::add_across})
    add();
  for (const bench::Operation& operation : bench::operations())
    if (operation.name.find(match) != std::string::npos) {
      std::printf("%s %.4g\n", operation.name.c_str(), time_of(operation.call, seconds * 1e6));
      std::fflush(stdout);
    }
}
