#include "gradus/examples/common/plot.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "gradus/examples/common/gnuplot.h"
#include "gradus/tensor/error.h"

namespace examples {
namespace {

using gradus::check;
using gradus::str;

constexpr std::array<const char*, 8> okabe_ito = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                  "#E69F00", "#56B4E9", "#F0E442", "#000000"};

// Filled marks: circle, triangle, square, diamond, triangle down.
constexpr std::array<int, 5> filled = {7, 9, 5, 13, 11};

void append_row(std::string& rows, std::initializer_list<double> values) {
  for (const double v : values) rows += gnuplot_number(v) + ' ';
  rows += '\n';
}

struct Colour {
  double r, g, b;
};

constexpr Colour white = {255, 255, 255}, blue = {0, 114, 178}, vermilion = {213, 94, 0};

Colour mix(Colour a, Colour b, double t) {
  return {a.r + t * (b.r - a.r), a.g + t * (b.g - a.g), a.b + t * (b.b - a.b)};
}

// Where the edge from cell a to cell b of a grid crosses `level`, if it does.
bool crossing(const Grid& grid, double level, int64_t row_a, int64_t col_a, int64_t row_b, int64_t col_b,
              std::string& rows) {
  const double a = grid.at(row_a, col_a) - level, b = grid.at(row_b, col_b) - level;
  if (!((a < 0) != (b < 0))) return false;
  const double t = a / (a - b);
  append_row(
      rows, {grid.x(col_a) + t * (grid.x(col_b) - grid.x(col_a)), grid.y(row_a) + t * (grid.y(row_b) - grid.y(row_a))});
  return true;
}

}  // namespace

std::string colour(size_t i) { return okabe_ito[i % okabe_ito.size()]; }

Grid::Grid(int64_t rows, int64_t cols, double x0, double x1, double y0, double y1)
    : rows(rows), cols(cols), x0(x0), x1(x1), y0(y0), y1(y1) {
  check(rows > 1 && cols > 1 && x0 < x1 && y0 < y1, "Grid: expected at least 2 x 2 cells over a range, got [", rows,
        ", ", cols, "] over [", x0, ", ", x1, "] x [", y0, ", ", y1, "]");
  values.resize(static_cast<size_t>(rows * cols));
}

Panel::Panel(std::string title, std::string x_label, std::string y_label)
    : title_(std::move(title)), x_label_(std::move(x_label)), y_label_(std::move(y_label)) {}

void Panel::Extent::add(std::span<const double> values) {
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    low = std::min(low, v);
    high = std::max(high, v);
  }
}

std::string Panel::block(const std::string& rows) {
  const std::string name = str("$block", blocks_++);
  data_ += name + " << EOD\n" + rows + "EOD\n";
  return name;
}

std::string Panel::line_style(const LineStyle& style) {
  const int index = style.colour >= 0 ? style.colour : next_colour_++;
  return str(" lw ", gnuplot_number(style.width), " lc rgb '", colour(static_cast<size_t>(index)), "'",
             style.dashed ? " dt (8, 5)" : "", style.points ? str(" pt ", filled[0], " ps 0.7") : "");
}

Panel& Panel::line(std::span<const double> x, std::span<const double> y, const std::string& label, LineStyle style) {
  check(x.size() == y.size(), "Panel::line: as many x as y expected, got ", x.size(), " and ", y.size());
  std::vector<double> shown(y.begin(), y.end());
  for (double& v : shown) {
    if (log_y_ && !style.second_axis && !(v > 0)) v = std::nan("");  // has no logarithm
  }
  std::string rows;
  for (size_t i = 0; i < x.size(); ++i) append_row(rows, {x[i], shown[i]});
  if (x.empty()) append_row(rows, {std::nan(""), std::nan("")});
  x_.add(x);
  if (!style.second_axis) y_.add(shown);
  legend_ |= !label.empty();
  elements_.push_back(str(block(rows), " using 1:2 axes ", style.second_axis ? "x1y2" : "x1y1", " with ",
                          style.points ? "linespoints" : "lines", line_style(style),
                          label.empty() ? " notitle" : " title " + gnuplot_text(label)));
  return *this;
}

Panel& Panel::line(std::span<const double> y, const std::string& label, LineStyle style) {
  std::vector<double> x(y.size());
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<double>(i + 1);
  return line(x, y, label, style);
}

Panel& Panel::points(std::span<const double> x, std::span<const double> y, int kind, const std::string& label) {
  check(x.size() == y.size(), "Panel::points: as many x as y expected, got ", x.size(), " and ", y.size());
  check(kind >= 0, "Panel::points: expected a kind of 0 or more, got ", kind);
  std::string rows;
  for (size_t i = 0; i < x.size(); ++i) append_row(rows, {x[i], y[i]});
  if (x.empty()) append_row(rows, {std::nan(""), std::nan("")});
  x_.add(x);
  y_.add(y);
  legend_ |= !label.empty();
  const std::string name = block(rows);
  const double size = x.size() <= 20 ? 2 : 1;
  const int shape = filled[static_cast<size_t>(kind) % filled.size()];
  // White marks below, a little larger: an edge against what lies behind.
  elements_.push_back(
      str(name, " using 1:2 with points pt ", shape, " ps ", gnuplot_number(1.3 * size), " lc rgb 'white' notitle"));
  elements_.push_back(str(name, " using 1:2 with points pt ", shape, " ps ", gnuplot_number(size), " lc rgb '",
                          colour(static_cast<size_t>(kind)), "'",
                          label.empty() ? " notitle" : " title " + gnuplot_text(label)));
  return *this;
}

Panel& Panel::scatter(std::span<const double> x, std::span<const double> y, std::span<const int> classes,
                      const std::vector<std::string>& labels) {
  check(x.size() == y.size() && x.size() == classes.size(), "Panel::scatter: as many x as y and classes expected, got ",
        x.size(), ", ", y.size(), " and ", classes.size());
  for (const int c : classes) {
    check(c >= 0 && c < static_cast<int>(labels.size()), "Panel::scatter: class ", c, " is outside of the ",
          labels.size(), " labels");
  }
  for (int c = 0; c < static_cast<int>(labels.size()); ++c) {
    std::vector<double> xs, ys;
    for (size_t i = 0; i < x.size(); ++i) {
      if (classes[i] != c) continue;
      xs.push_back(x[i]);
      ys.push_back(y[i]);
    }
    points(xs, ys, c, labels[static_cast<size_t>(c)]);
  }
  return *this;
}

Panel& Panel::heat(const Grid& grid, Palette palette, double low, double high, const std::string& label) {
  check(low < high, "Panel::heat: expected low < high, got ", low, " and ", high);
  std::string rows;
  for (int64_t r = 0; r < grid.rows; ++r) {
    for (int64_t c = 0; c < grid.cols; ++c) append_row(rows, {grid.x(c), grid.y(r), grid.at(r, c)});
  }
  settings_ += palette == Palette::diverging ? "set palette defined (0 '#78B5D9', 0.5 '#F7F7F7', 1 '#F0AC78')\n"
                                             : "set palette defined (0 '#F7FBFF', 0.5 '#6BAED6', 1 '#08306B')\n";
  settings_ += str("set cbrange [", gnuplot_number(low), ":", gnuplot_number(high), "]\n");
  if (!label.empty()) settings_ += "set colorbox\nset cblabel " + gnuplot_text(label) + " tc rgb '#333333'\n";
  x_range(grid.x0, grid.x1).y_range(grid.y0, grid.y1);
  elements_.push_back(block(rows) + " using 1:2:3 with image notitle");
  return *this;
}

Panel& Panel::contour(const Grid& grid, double level, const std::string& label, LineStyle style) {
  std::string rows;
  for (int64_t r = 0; r + 1 < grid.rows; ++r) {
    for (int64_t c = 0; c + 1 < grid.cols; ++c) {
      // Around a square of four centres the level is crossed twice, or four times at a saddle: pairs, in order.
      int n = 0;
      for (const auto& e : {std::array<int64_t, 4>{0, 0, 0, 1}, {0, 1, 1, 1}, {1, 1, 1, 0}, {1, 0, 0, 0}}) {
        if (crossing(grid, level, r + e[0], c + e[1], r + e[2], c + e[3], rows) && ++n % 2 == 0) rows += '\n';
      }
    }
  }
  if (rows.empty()) return *this;
  legend_ |= !label.empty();
  elements_.push_back(str(block(rows), " using 1:2 with lines", line_style(style),
                          label.empty() ? " notitle" : " title " + gnuplot_text(label)));
  return *this;
}

Panel& Panel::confusion(std::span<const int64_t> counts, const std::vector<std::string>& names) {
  const size_t n = names.size();
  check(n > 1 && counts.size() == n * n, "Panel::confusion: expected ", n * n, " counts for ", n, " names, got ",
        counts.size());
  std::string rows;
  for (size_t t = 0; t < n; ++t) {
    int64_t total = 0;
    for (size_t p = 0; p < n; ++p) total += counts[t * n + p];
    for (size_t p = 0; p < n; ++p) {
      const int64_t count = counts[t * n + p];
      const double share = total > 0 ? static_cast<double>(count) / static_cast<double>(total) : 0;
      // Errors are rare: by the square root even one in a thousand can be seen.
      const double depth = t == p ? 0.15 + 0.75 * share : count > 0 ? 0.12 + 0.88 * std::sqrt(share) : 0;
      const Colour cell = mix(white, t == p ? blue : vermilion, std::min(depth, 1.0));
      const auto x = static_cast<double>(p), y = static_cast<double>(t);
      append_row(rows, {x, y, std::round(cell.r), std::round(cell.g), std::round(cell.b)});
      const char* ink = count == 0 ? "#BBBBBB" : depth > 0.55 ? "#FFFFFF" : "#222222";
      settings_ += str("set label ", gnuplot_text(count == 0 ? "·" : str(count)), " at ", p, ",", t,
                       " center front tc rgb '", ink, "'\n");
    }
    const double right = total > 0 ? 100.0 * static_cast<double>(counts[t * n + t]) / static_cast<double>(total) : 0;
    char share[32];
    std::snprintf(share, sizeof share, total > 0 ? "%.1f %%" : "-", right);
    settings_ += str("set label ", gnuplot_text(share), " at ", gnuplot_number(static_cast<double>(n) - 0.35), ",", t,
                     " left front tc rgb '#555555'\n");
  }
  std::string x_tics, y_tics;
  for (size_t i = 0; i < n; ++i) {
    x_tics += str(i ? ", " : "", gnuplot_text(names[i]), " ", i);
    y_tics += str(i ? ", " : "", gnuplot_text(names[i]), " ", i);
  }
  const bool long_names = std::any_of(names.begin(), names.end(), [](const auto& s) { return s.size() > 3; });
  settings_ += str("set xtics scale 0 (", x_tics, ")", long_names ? " rotate by -40 left" : "", "\nset ytics scale 0 (",
                   y_tics, ")\nunset grid\nset rmargin 9\nset border lc rgb '#DDDDDD'\n");
  if (x_label_.empty()) x_label_ = "predicted class";
  if (y_label_.empty()) y_label_ = "true class";
  matrix_ = true;
  const auto edge = static_cast<double>(n) - 0.5;
  x_range(-0.5, edge).y_range(edge, -0.5);
  elements_.push_back(block(rows) + " using 1:2:3:4:5 with rgbimage notitle");
  return *this;
}

Panel& Panel::log_y() {
  check(elements_.empty(), "Panel::log_y: comes before what is drawn");
  log_y_ = true;
  return *this;
}

Panel& Panel::x_range(double low, double high) {
  settings_ += str("set xrange [", gnuplot_number(low), ":", gnuplot_number(high), "]\n");
  return *this;
}

Panel& Panel::y_range(double low, double high) {
  settings_ += str("set yrange [", gnuplot_number(low), ":", gnuplot_number(high), "]\n");
  return *this;
}

Panel& Panel::y_tics(double step, int decimals) {
  check(step > 0 && decimals >= 0, "Panel::y_tics: expected a positive step and decimals, got ", step, " and ",
        decimals);
  settings_ += str("set ytics ", gnuplot_number(step), "\nset format y '%.", decimals, "f'\n");
  return *this;
}

Panel& Panel::second_axis(const std::string& label) {
  y2_label_ = label;
  return *this;
}

Panel& Panel::same_scale() {
  settings_ += "set size ratio -1\n";
  return *this;
}

// Without two different values gnuplot finds no range, and on a log axis no label without a whole decade.
std::string Panel::range(const char* axis, const Extent& extent) const {
  const bool log = log_y_ && *axis == 'y';
  double low = extent.low, high = extent.high;
  if (low < high && !log) return str("set ", axis, "range [*:*]\n");
  if (!(low <= high)) {
    low = log ? 0.1 : 0;
    high = 1;
  } else if (log) {
    low = std::pow(10, std::floor(std::log10(low)));
    high = std::max(std::pow(10, std::ceil(std::log10(high))), 10 * low);
  } else {
    const double slack = low == 0 ? 1 : std::abs(low) * 0.5;
    low -= slack;
    high += slack;
  }
  return str("set ", axis, "range [", gnuplot_number(low), ":", gnuplot_number(high), "]\n");
}

std::string Panel::script() const {
  check(!elements_.empty(), "Panel: nothing to draw in '", title_, "'");
  std::string s = "reset\n" + data_;
  s += "set border 3 lw 1 lc rgb '#888888'\nset tics nomirror out scale 0.5 tc rgb '#444444'\n";
  s += "set xtics offset 0,0.2\nset grid back lt 1 lw 0.7 lc rgb '#E4E4E4'\nunset colorbox\nset autoscale xfix\n";
  s +=
      legend_
          ? "set key bmargin center horizontal Left reverse height 0.8 samplen 2 width 1 spacing 1.1 tc rgb '#333333'\n"
          : "unset key\n";
  if (y2_label_.empty() && settings_.find("set colorbox") == std::string::npos) s += "set rmargin 3.5\n";
  if (!title_.empty()) s += "set title " + gnuplot_text(title_) + " font ',12' offset 0,-0.2 tc rgb '#111111'\n";
  if (!x_label_.empty()) s += "set xlabel " + gnuplot_text(x_label_) + " offset 0,0.5 tc rgb '#333333'\n";
  if (!y_label_.empty()) s += "set ylabel " + gnuplot_text(y_label_) + " tc rgb '#333333'\n";
  if (!y2_label_.empty()) {
    s += "set border 11\nset y2tics nomirror\nset y2label " + gnuplot_text(y2_label_) + " tc rgb '#333333'\n";
  }
  if (!matrix_) s += range("x", x_) + range("y", y_);
  if (log_y_) s += "set logscale y\nset format y '10^{%L}'\n";
  s += settings_ + "plot ";
  for (size_t i = 0; i < elements_.size(); ++i) s += (i ? ", \\\n     " : "") + elements_[i];
  return s + "\n";
}

}  // namespace examples
