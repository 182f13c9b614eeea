// Anomaly mode: finds the operation whose backward fails or gives nan, and where it was called.
#pragma once
#include <atomic>
#include <string>

namespace gradus {

class Node;

namespace autograd {

/// For all threads. While it is on, every node remembers the calls that made it: slow, for finding faults only.
/// https://pytorch.org/docs/stable/autograd.html#anomaly-detection
struct AnomalyMode {
  static bool is_enabled() { return enabled_.load(std::memory_order_relaxed); }
  static bool should_check_nan() { return check_nan_.load(std::memory_order_relaxed); }
  static void set_enabled(bool on, bool check_nan = true);

 private:
  static inline constinit std::atomic<bool> enabled_{false}, check_nan_{true};
};

/// Anomaly mode until the end of the scope.
class DetectAnomalyGuard {
 public:
  explicit DetectAnomalyGuard(bool check_nan = true);
  ~DetectAnomalyGuard();
  DetectAnomalyGuard(const DetectAnomalyGuard&) = delete;
  DetectAnomalyGuard& operator=(const DetectAnomalyGuard&) = delete;

 private:
  bool before_, check_before_;
};

namespace detail {
/// The functions that are being called, innermost first, one a line.
std::string calls();
/// Warns in which operation an error was met, and where that was called.
void report_anomaly(const Node& node);
}  // namespace detail

}  // namespace autograd
}  // namespace gradus
