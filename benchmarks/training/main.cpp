// Runs one workload and prints one line of key=value: what was computed, how long a step took, how much memory was
// held.
//
//   training --workload NAME [--seconds S] [--threads N] [--clock wall|cpu] [--started UNIX_SECONDS] [--models N]
//   training --list
//
// The first steps are the same on both sides, bit for bit in their random numbers, and their losses are printed so that
// they can be compared; dropout, whose masks are each library's own, is off in them and on when time is taken.
// --models N: as many models, each trained by a thread of its own at the same time; a step's time is their mean.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>
#include <utility>

#include "clock.h"
#include "workload.h"

namespace bench {
namespace {

// In the order of their sources, and within a source as added.
std::vector<std::pair<std::string, Make>>& workloads() {
  static std::vector<std::pair<std::string, Make>> all;
  return all;
}

const Make& find(const std::string& name) {
  for (const auto& [known, make] : workloads()) {
    if (known == name) return make;
  }
  throw std::invalid_argument("no workload '" + name + "'; --list lists them");
}

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

// Memory that the process holds now, and the most that it ever held, in MB.
double resident() {
  long pages = 0;
  std::ifstream("/proc/self/statm").ignore(64, ' ') >> pages;
  return static_cast<double>(pages) * 4096 / 1e6;
}
double peak_resident() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
}

void set_dropout(const Workload& w, bool on) {
  for (const auto& model : w.models) {
    for (const auto& module : model->modules()) {
      if (auto* dropout = module->as<torch::nn::Dropout>()) dropout->train(on);
    }
  }
}

struct Result {
  double first_ms = 0, ms = 0, fastest_ms = 0;
  double loss_first = 0, loss_last = 0, norm = 0;
  double resident_early = 0, resident_end = 0;
  int64_t steps = 0;
};

double value(const torch::Tensor& x) { return x.detach().to(torch::kDouble).mean().item<double>(); }

// The losses of the first steps, and what they made of the parameters.
void check(Workload& w, Clock clock, Result& r) {
  torch::manual_seed(7);
  set_dropout(w, false);
  const double start = milliseconds(clock);
  torch::Tensor loss = w.step();
  r.first_ms = milliseconds(clock) - start;
  r.loss_first = value(loss);
  for (int i = 1; i < w.check_steps; ++i) loss = w.step();
  r.loss_last = value(loss);
  // A dot product needs no temporary, which would count as memory of the workload.
  double squares = 0;
  for (const auto& p : w.parameters) {
    const auto flat = p.detach().view(-1);
    squares += torch::dot(flat, flat).item<double>();
  }
  r.norm = std::sqrt(squares);
  set_dropout(w, true);
}

// The median of blocks, each long enough for the clock. A workload of so many steps takes just those.
void time(Workload& w, double seconds, Clock clock, Result& r) {
  const auto elapsed = [&, begin = milliseconds(Clock::wall)] { return milliseconds(Clock::wall) - begin; };
  int64_t warm = 0;
  for (; warm < 2 || elapsed() < 300 * seconds; ++warm) {
    w.step();
    if (w.steps) break;
  }
  const int64_t block =
      w.steps ? 1 : std::max<int64_t>(1, static_cast<int64_t>(3 * static_cast<double>(warm) / elapsed()));
  const size_t least = w.steps ? static_cast<size_t>(w.steps) : 3;
  std::vector<double> blocks;
  while (blocks.size() < least || (!w.steps && elapsed() < 1300 * seconds)) {
    const double start = milliseconds(clock);
    for (int64_t i = 0; i < block; ++i) w.step();
    blocks.push_back((milliseconds(clock) - start) / static_cast<double>(block));
    if (blocks.size() == std::max<size_t>(1, least / 10)) r.resident_early = resident();
  }
  r.ms = median(blocks);
  r.fastest_ms = *std::min_element(blocks.begin(), blocks.end());
  r.steps = warm + block * static_cast<int64_t>(blocks.size());
  r.resident_end = resident();
}

// More models than one, each on a thread of its own, all at the same time: the mean of their times.
void time_together(const Make& make, int models, int threads, double seconds, Clock clock, Result& r) {
  std::vector<Workload> all;
  for (int i = 0; i < models; ++i) all.push_back(make());
  std::vector<Result> results(all.size());
  std::vector<std::thread> hosts;
  for (size_t i = 0; i < all.size(); ++i)
    hosts.emplace_back([&, i] {
      torch::set_num_threads(threads);  // LibTorch's is one of each thread
      time(all[i], seconds, clock, results[i]);
    });
  for (std::thread& host : hosts) host.join();
  for (const Result& one : results) {
    r.ms += one.ms / models;
    r.fastest_ms += one.fastest_ms / models;
    r.steps += one.steps;
  }
}

struct Arguments {
  std::string workload;
  double seconds = 1, started = 0;
  int threads = 1, models = 1;
  Clock clock = Clock::wall;
  bool list = false, deterministic = false;
};

Arguments parse(int argc, char** argv) {
  Arguments a;
  for (int i = 1; i < argc; ++i) {
    const std::string key = argv[i];
    if (key == "--list") {
      a.list = true;
      continue;
    }
    if (++i == argc) throw std::invalid_argument("no value after " + key);
    if (key == "--workload")
      a.workload = argv[i];
    else if (key == "--seconds")
      a.seconds = std::atof(argv[i]);
    else if (key == "--threads")
      a.threads = std::atoi(argv[i]);
    else if (key == "--models")
      a.models = std::max(1, std::atoi(argv[i]));
    else if (key == "--clock")
      a.clock = std::string(argv[i]) == "cpu" ? Clock::cpu : Clock::wall;
    else if (key == "--deterministic")
      a.deterministic = std::string(argv[i]) == "yes";
    else if (key == "--started")
      a.started = std::atof(argv[i]);
    else
      throw std::invalid_argument("unknown argument " + key);
  }
  return a;
}

// From the start of the process, as its parent tells it, to the first tensor.
double start_ms(const Arguments& a) {
  const auto tensor = torch::ones({2, 2});
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  return a.started > 0 && tensor.defined() ? (now.count() - a.started) * 1e3 : 0;
}

int run(const Arguments& a) {
  const double to_first_tensor = start_ms(a);
  torch::set_num_threads(a.threads);
  at::globalContext().setDeterministicAlgorithms(a.deterministic, false);
  const Make& make = find(a.workload);
  const double base = resident();
  torch::manual_seed(1);
  Workload w = make();
  Result r;
  check(w, a.clock, r);
  if (a.models == 1)
    time(w, a.seconds, a.clock, r);
  else
    time_together(make, a.models, a.threads, a.seconds, a.clock, r);
  std::printf("workload=%s threads=%d ms=%.6g fastest_ms=%.6g first_ms=%.6g steps=%lld start_ms=%.4g ",
              a.workload.c_str(), a.threads, r.ms, r.fastest_ms, r.first_ms, static_cast<long long>(r.steps),
              to_first_tensor);
  std::printf("loss_first=%.9g loss_last=%.9g norm=%.9g tolerance=%g ", r.loss_first, r.loss_last, r.norm, w.tolerance);
  std::printf("flops=%.6g bytes=%.6g base_mb=%.1f peak_mb=%.1f early_mb=%.1f end_mb=%.1f\n", w.cost.flops(),
              w.cost.bytes(), base, peak_resident(), r.resident_early, r.resident_end);
  return 0;
}

}  // namespace

bool add(const std::string& name, Make make) {
  workloads().emplace_back(name, std::move(make));
  return true;
}

int main(int argc, char** argv) {
  try {
    const Arguments a = parse(argc, argv);
    if (!a.list) return run(a);
    for (const auto& [name, make] : workloads()) std::printf("%s\n", name.c_str());
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "training: %s\n", e.what());
    return 2;
  }
}

}  // namespace bench

int main(int argc, char** argv) { return bench::main(argc, argv); }
