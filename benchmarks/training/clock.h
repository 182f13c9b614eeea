// Time, as the wall or the process sees it.
#pragma once
#include <ctime>

namespace bench {

/// Wall: what a user waits for. Cpu: what the process computed, over all its threads; on one thread it is the same as
/// on the wall of an idle machine, and says something on a busy one too.
enum class Clock { wall, cpu };

inline double milliseconds(Clock clock) {
  timespec t{};
  clock_gettime(clock == Clock::wall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) * 1e-6;
}

}  // namespace bench
