// Pictures as PNG files, drawn by gnuplot: lines, classes of points, decision regions, confusion matrices and sheets
// of images. Colours are those of Okabe and Ito, which colour-blind people tell apart; classes also differ in shape.
#pragma once
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace examples {

/// Colour `i` as #RRGGBB: blue, vermilion, green, purple, orange, sky blue, yellow, black, and again.
std::string colour(size_t i);

/// Values on a grid of cells over [x0, x1] x [y0, y1]; row 0 is at the bottom.
struct Grid {
  Grid(int64_t rows, int64_t cols, double x0, double x1, double y0, double y1);
  double& at(int64_t row, int64_t col) { return values[static_cast<size_t>(row * cols + col)]; }
  double at(int64_t row, int64_t col) const { return values[static_cast<size_t>(row * cols + col)]; }
  /// The centre of a cell, for which its value is computed.
  double x(int64_t col) const { return x0 + (static_cast<double>(col) + 0.5) * (x1 - x0) / static_cast<double>(cols); }
  double y(int64_t row) const { return y0 + (static_cast<double>(row) + 0.5) * (y1 - y0) / static_cast<double>(rows); }

  int64_t rows, cols;
  double x0, x1, y0, y1;
  std::vector<double> values;
};

enum class Palette {
  sequential,  ///< light to dark
  diverging,   ///< colour 0 over near-white to colour 1: the probability of class 1
};

struct LineStyle {
  int colour = -1;           ///< -1: the next one
  double width = 2;          ///< in points
  bool dashed = false;       ///<
  bool second_axis = false;  ///< measured on the axis at the right, see Panel::second_axis
  bool points = false;       ///< also marks each value
};

/// One set of axes with what is drawn in it, in the order of the calls.
class Panel {
 public:
  explicit Panel(std::string title = "", std::string x_label = "", std::string y_label = "");

  /// A line through (x[i], y[i]); NaN leaves a gap. A series without label is not in the legend.
  Panel& line(std::span<const double> x, std::span<const double> y, const std::string& label = "",
              LineStyle style = {});
  /// As above with x = 1, 2, 3, ...: a value for each epoch.
  Panel& line(std::span<const double> y, const std::string& label = "", LineStyle style = {});
  /// Points of one class, in the colour and shape of `kind`.
  Panel& points(std::span<const double> x, std::span<const double> y, int kind, const std::string& label = "");
  /// Points of several classes: classes[i] in [0, labels.size()).
  Panel& scatter(std::span<const double> x, std::span<const double> y, std::span<const int> classes,
                 const std::vector<std::string>& labels);
  /// Cells coloured by value, from `low` to `high`; with a `label`, a colour bar explains them.
  Panel& heat(const Grid& grid, Palette palette, double low, double high, const std::string& label = "");
  /// The line on which the grid has the value `level`: where a decision is made.
  Panel& contour(const Grid& grid, double level, const std::string& label = "", LineStyle style = {.colour = 7});
  /// counts[t * n + p]: how often class t was taken for class p. The share of right answers of each class stands at the
  /// right; errors are orange, the stronger the more frequent.
  Panel& confusion(std::span<const int64_t> counts, const std::vector<std::string>& names);

  Panel& log_y();
  Panel& x_range(double low, double high);
  Panel& y_range(double low, double high);
  /// Numbers at the y axis every `step`, with as many decimals.
  Panel& y_tics(double step, int decimals);
  /// An axis at the right for the lines with `second_axis`.
  Panel& second_axis(const std::string& label);
  /// One unit is as long in x as in y.
  Panel& same_scale();

  /// The gnuplot commands that draw it.
  std::string script() const;

 private:
  struct Extent {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    void add(std::span<const double> values);
  };
  std::string block(const std::string& rows);
  std::string line_style(const LineStyle& style);
  std::string range(const char* axis, const Extent& extent) const;

  std::string title_, x_label_, y_label_, y2_label_;
  std::string data_, settings_;
  std::vector<std::string> elements_;
  Extent x_, y_;
  int blocks_ = 0, next_colour_ = 0;
  bool log_y_ = false, legend_ = false, matrix_ = false;
};

/// A gray picture: pixels [rows, cols] in [0, 1], row 0 on top.
struct Image {
  int64_t rows = 0, cols = 0;
  std::vector<double> pixels;
  std::string caption;
};

/// Width and height in points; the file has twice as many pixels each way.
struct Size {
  int width = 720, height = 450;
};

void write_png(const std::filesystem::path& path, const Panel& panel, Size size = {});
/// Panels side by side in rows of `columns`, under one title.
void write_png(const std::filesystem::path& path, std::span<const Panel> panels, int columns, Size size,
               const std::string& title = "");
/// Images in rows of `columns`, each above its caption. Dark on light when `inverted`.
void write_sheet(const std::filesystem::path& path, std::span<const Image> images, int columns,
                 const std::string& title = "", bool inverted = false);

}  // namespace examples
