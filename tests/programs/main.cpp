// gradus_random_programs: the long run of the random programs, and what it writes for PyTorch.
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

#include "program.h"

using namespace programs;

namespace {

struct Options {
  int64_t count = 1000, only = -1;
  uint64_t seed = 1;
  int jobs = 1;
  double skipped = 0.05;
  bool print = false, keep_going = false;
  std::string json, python, cpp, results;
};

void report(const Program& p, const Failure& f) {
  Tally ignored;
  const Program small = shrink(p, f.check, [&](const Program& q) { return check(q, ignored); });
  Failure last = f;
  if (const auto g = check(small, ignored)) last = *g;
  std::cout << "seed " << p.seed << " fails its check '" << f.check << "': " << last.text.substr(0, 2000) << "\n"
            << to_cpp(small) << std::flush;
}

// Seeds first, first + stride, ... below end.
int64_t run_range(const Options& o, uint64_t first, uint64_t stride, Tally& tally) {
  int64_t failures = 0;
  const uint64_t end = o.seed + static_cast<uint64_t>(o.count);
  for (uint64_t seed = first; seed < end; seed += stride) {
    const Program p = generate(seed);
    if (o.print) std::cout << "// seed " << seed << "\n" << to_cpp(p) << std::flush;
    const auto f = check(p, tally);
    if (!f) continue;
    ++failures;
    report(p, *f);
    if (failures >= 20 && !o.keep_going) {
      std::cout << "stopped after " << failures << " failures\n";
      break;
    }
  }
  return failures;
}

// A tally as numbers in a row, for a pipe.
std::string pack(const Tally& t, int64_t failures) {
  std::ostringstream s;
  s.precision(17);
  s << failures;
  for (int64_t n :
       {t.programs, t.steps, t.values, t.paths, t.numeric, t.numeric_skipped, t.second, t.second_skipped, t.threads,
        t.single, t.single_skipped, t.narrow, t.released, t.hazards, t.hazards_refused, t.refused_steps})
    s << ' ' << n;
  s << ' ' << t.worst_paths << ' ' << t.worst_numeric << ' ' << t.worst_second;
  for (size_t k = 0; k < operations().size(); ++k) s << ' ' << (k < t.uses.size() ? t.uses[k] : 0);
  return s.str();
}

Tally unpack(const std::string& text, int64_t& failures) {
  std::istringstream s(text);
  Tally t;
  int64_t n = 0;
  s >> n;
  failures += n;
  for (int64_t* c : {&t.programs, &t.steps, &t.values, &t.paths, &t.numeric, &t.numeric_skipped, &t.second,
                     &t.second_skipped, &t.threads, &t.single, &t.single_skipped, &t.narrow, &t.released, &t.hazards,
                     &t.hazards_refused, &t.refused_steps})
    s >> *c;
  s >> t.worst_paths >> t.worst_numeric >> t.worst_second;
  t.uses.resize(operations().size());
  for (int64_t& u : t.uses) s >> u;
  gradus::check(!s.fail(), "gradus_random_programs: a job ended without its figures");
  return t;
}

// Jobs as processes: each takes every jobs-th seed.
int64_t run_jobs(const Options& o, Tally& tally) {
  if (o.jobs == 1) return run_range(o, o.seed, 1, tally);
  struct Job {
    pid_t pid;
    FILE* from;
  };
  std::vector<Job> jobs;
  for (int j = 0; j < o.jobs; ++j) {
    int ends[2];
    gradus::check(pipe(ends) == 0, "gradus_random_programs: no pipe");
    const pid_t pid = fork();
    gradus::check(pid >= 0, "gradus_random_programs: no process");
    if (pid == 0) {
      Tally own;
      const int64_t failures = run_range(o, o.seed + static_cast<uint64_t>(j), static_cast<uint64_t>(o.jobs), own);
      const std::string text = pack(own, failures);
      _exit(write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1);
    }
    close(ends[1]);
    jobs.push_back({pid, fdopen(ends[0], "r")});
  }
  int64_t failures = 0;
  for (const Job& job : jobs) {
    std::string text;
    char part[4096];
    for (size_t n; (n = fread(part, 1, sizeof part, job.from)) > 0;) text.append(part, n);
    fclose(job.from);
    waitpid(job.pid, nullptr, 0);
    tally.add(unpack(text, failures));
  }
  return failures;
}

double share(int64_t skipped, int64_t made) {
  return skipped == 0 ? 0 : static_cast<double>(skipped) / static_cast<double>(skipped + made);
}

std::string figures(const Options& o, const Tally& t, int64_t failures, double seconds) {
  std::ostringstream s;
  s << "{\n";
  auto put = [&](const char* name, auto value) { s << "  \"" << name << "\": " << value << ",\n"; };
  put("seed", o.seed);
  put("programs", t.programs);
  put("steps", t.steps);
  put("failures", failures);
  put("values_with_and_without_graph", t.values);
  put("fused_against_graph", t.paths);
  put("first_order_against_differences", t.numeric);
  put("first_order_skipped", t.numeric_skipped);
  put("second_order_against_differences", t.second);
  put("second_order_skipped", t.second_skipped);
  put("one_and_two_threads", t.threads);
  put("float32_against_float64", t.single);
  put("float32_skipped", t.single_skipped);
  put("bfloat16_with_and_without_graph", t.narrow);
  put("graphs_released", t.released);
  put("hazards", t.hazards);
  put("hazards_refused", t.hazards_refused);
  put("steps_refused", t.refused_steps);
  put("worst_fused_against_graph", t.worst_paths);
  put("worst_first_order", t.worst_numeric);
  put("worst_second_order", t.worst_second);
  put("seconds", seconds);
  int64_t used = 0, rows = 0;
  for (size_t k = 0; k < operations().size(); ++k) rows++, used += t.uses[k] > 0;
  put("operations", rows);
  put("operations_used", used);
  s << "  \"uses\": {";
  for (size_t k = 0; k < operations().size(); ++k)
    s << (k ? ", " : "") << "\"" << operations()[k].name << "\": " << t.uses[k];
  s << "}\n}\n";
  return s.str();
}

int run_all(const Options& o) {
  Tally tally;
  tally.uses.resize(operations().size());
  const auto start = std::chrono::steady_clock::now();
  int64_t failures = run_jobs(o, tally);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double first = share(tally.numeric_skipped, tally.numeric), second = share(tally.second_skipped, tally.second);
  std::printf("%lld programs, %lld steps: %lld fail\n", static_cast<long long>(tally.programs),
              static_cast<long long>(tally.steps), static_cast<long long>(failures));
  std::printf("no derivative by differences (kinks): first order %.2f %%, second %.2f %%\n", 100 * first, 100 * second);
  if (first > o.skipped || second > o.skipped) {
    std::printf("more than %.0f %% were skipped: that is a failure\n", 100 * o.skipped);
    ++failures;
  }
  const std::string text = figures(o, tally, failures, seconds);
  if (o.json.empty())
    std::cout << text;
  else
    std::ofstream(o.json) << text;
  return failures ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options o;
  CLI::App app(
      "Makes random programs of tensor operations and holds their gradients to each other and to differences. "
      "Prints a smallest failing program for each that fails.",
      "gradus_random_programs");
  app.add_option("--count", o.count, "Programs")->check(CLI::Range(1, 100000000))->capture_default_str();
  app.add_option("--seed", o.seed, "Seed of the first; the others follow")->capture_default_str();
  app.add_option("--jobs", o.jobs, "Processes")->check(CLI::Range(1, 64))->capture_default_str();
  app.add_option("--skipped", o.skipped, "Share of programs at a kink that is too much")->capture_default_str();
  app.add_option("--json", o.json, "File for the figures; printed when not given");
  app.add_option("--python", o.python, "Write the programs as Python for torch into this file, and check none");
  app.add_option("--results", o.results, "With --python: file for the values and gradients that gradus finds");
  app.add_option("--cpp", o.cpp, "Write the programs as one C++ file that prints the same results, and check none");
  app.add_flag("--print", o.print, "Print every program before it is checked");
  app.add_flag("--keep-going", o.keep_going, "Do not stop after twenty failures");
  CLI11_PARSE(app, argc, argv);
  gradus::set_num_threads(1);
  try {
    if (!o.python.empty()) return write_for_torch(o.seed, o.count, o.python, o.results);
    if (!o.cpp.empty()) return write_cpp(o.seed, o.count, o.cpp);
    return run_all(o);
  } catch (const std::exception& e) {
    std::cerr << "gradus_random_programs: error: " << e.what() << "\n";
    return 2;
  }
}
