#include "gradus/optim/line_search.h"

#include <algorithm>
#include <cmath>

namespace gradus::optim {
namespace {

// The minimum of the cubic through two places and their slopes, within bounds; where it has none, their middle.
double cubic_minimum(const LinePoint& a, const LinePoint& b, double lowest, double highest) {
  const double d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t), square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (lowest + highest) / 2;
  const double d2 = std::sqrt(square);
  const double t = a.t <= b.t ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
                              : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2));
  return std::min(std::max(t, lowest), highest);
}

// Two places with one that satisfies the conditions between them; `low` is the index of that of the lower loss.
struct Bracket {
  LinePoint ends[2];
  size_t low = 0;
  bool done = false;

  const LinePoint& best() const { return ends[low]; }
  double lowest() const { return std::min(ends[0].t, ends[1].t); }
  double highest() const { return std::max(ends[0].t, ends[1].t); }
};

class Search {
 public:
  Search(const std::function<LinePoint(double)>& at, const LinePoint& start, double width, int64_t max_evals)
      : at_(at), start_(start), width_(width), max_(max_evals) {}

  // Goes on until two places hold a good one between them, or one is good.
  Bracket bracket(double t, int64_t& evals) {
    LinePoint before = start_, now = evaluate(t, evals);
    for (; count_ < max_; ++count_) {
      if (too_high(now) || (count_ > 1 && now.loss >= before.loss)) return make(before, now);
      if (flat(now)) return {{now, now}, 0, true};
      if (now.slope >= 0) return make(before, now);
      const double next = cubic_minimum(before, now, now.t + 0.01 * (now.t - before.t), now.t * 10);
      before = std::move(now);
      now = evaluate(next, evals);
    }
    return make(start_, now);
  }

  // Narrows the bracket until its lower end is good.
  void zoom(Bracket& b, int64_t& evals) {
    bool slow = false;
    while (!b.done && count_ < max_ && std::abs(b.ends[1].t - b.ends[0].t) * width_ >= 1e-9) {
      LinePoint now = evaluate(next_in(b, slow), evals);
      ++count_;
      LinePoint &low = b.ends[b.low], &high = b.ends[1 - b.low];
      if (too_high(now) || now.loss >= low.loss) {
        high = std::move(now);
        b.low = b.ends[0].loss <= b.ends[1].loss ? 0 : 1;
        continue;
      }
      if (flat(now))
        b.done = true;
      else if (now.slope * (high.t - low.t) >= 0)
        high = low;
      low = std::move(now);
    }
  }

 private:
  LinePoint evaluate(double t, int64_t& evals) {
    ++evals;
    return at_(t);
  }
  bool too_high(const LinePoint& p) const { return p.loss > start_.loss + 1e-4 * p.t * start_.slope; }
  bool flat(const LinePoint& p) const { return std::abs(p.slope) <= -0.9 * start_.slope; }
  static Bracket make(const LinePoint& a, const LinePoint& b) { return {{a, b}, a.loss <= b.loss ? 0u : 1u, false}; }

  // The next place to try. One close to an end, twice in a row or beyond it, is moved a tenth of the bracket away.
  static double next_in(const Bracket& b, bool& slow) {
    const double lowest = b.lowest(), highest = b.highest(), margin = 0.1 * (highest - lowest);
    const double t = cubic_minimum(b.ends[0], b.ends[1], lowest, highest);
    const bool close = std::min(highest - t, t - lowest) < margin;
    if (close && (slow || t >= highest || t <= lowest)) {
      slow = false;
      return std::abs(t - highest) < std::abs(t - lowest) ? highest - margin : lowest + margin;
    }
    slow = close;
    return t;
  }

  const std::function<LinePoint(double)>& at_;
  const LinePoint& start_;
  const double width_;
  const int64_t max_;
  int64_t count_ = 0;
};

}  // namespace

LinePoint strong_wolfe(const std::function<LinePoint(double)>& at, const LinePoint& start, double t, double width,
                       int64_t max_evals, int64_t& evals) {
  Search search(at, start, width, max_evals);
  Bracket b = search.bracket(t, evals);
  search.zoom(b, evals);
  return b.best();
}

}  // namespace gradus::optim
