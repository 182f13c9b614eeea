// What a training run shows while it works.
#pragma once
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace examples {

/// Figures beside the bar; those that are NaN are left out.
struct Figures {
  double loss = std::nan("");
  double accuracy = std::nan("");  ///< in [0, 1]
  double rate = std::nan("");      ///< learning rate
};

/// One bar for one epoch (or any other count of items): on a terminal one line that is rewritten, at most ten times a
/// second; elsewhere a plain line every `interval` seconds and one at the end. Colours unless NO_COLOR is set.
class Progress {
 public:
  Progress(std::string title, int64_t total, std::string items = "images", std::FILE* out = stdout,
           double interval = 10);

  /// `done` of `total` items are finished. A resumed epoch starts with its first call: `restart_at`.
  void update(int64_t done, const Figures& figures);
  /// Items before `done` were finished in an earlier run, and do not count for the speed.
  void restart_at(int64_t done);
  /// Draws the last state as a line that stays, with `note` behind it.
  void finish(const Figures& figures, const std::string& note = "");

  /// Items a second since the beginning.
  double speed() const;

 private:
  using Clock = std::chrono::steady_clock;
  std::vector<std::string> parts(const Figures& figures, bool last) const;
  std::string bar(int width) const;
  void draw(const std::vector<std::string>& parts, bool last);

  std::string title_, items_;
  std::FILE* out_;
  int64_t total_, done_ = 0, first_ = 0;
  double interval_;
  bool live_, colour_;
  Clock::time_point begin_, shown_;
};

/// Seconds as `0:07`, `12:31` or `1:02:03`.
std::string clock_text(double seconds);

}  // namespace examples
