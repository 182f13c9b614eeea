// Whole pictures: panels side by side, and sheets of images.
#include <algorithm>

#include "gradus/examples/common/gnuplot.h"
#include "gradus/examples/common/plot.h"
#include "gradus/tensor/error.h"

namespace examples {
namespace {

using gradus::check;
using gradus::str;

// Twice the size in pixels, with text, lines and marks scaled along.
std::string terminal(Size size) {
  check(size.width >= 100 && size.height >= 100 && size.width <= 8000 && size.height <= 8000,
        "plot: expected a size from 100 x 100 to 8000 x 8000, got ", size.width, " x ", size.height);
  return str("set encoding utf8\nset terminal pngcairo enhanced size ", 2 * size.width, ",", 2 * size.height,
             " font 'DejaVu Sans,10' fontscale 2 linewidth 2 pointscale 2 background rgb 'white'\n");
}

}  // namespace

void write_png(const std::filesystem::path& path, const Panel& panel, Size size) {
  run_gnuplot(terminal(size) + panel.script(), path);
}

void write_png(const std::filesystem::path& path, std::span<const Panel> panels, int columns, Size size,
               const std::string& title) {
  check(!panels.empty() && columns > 0, "plot: expected panels and columns, got ", panels.size(), " and ", columns);
  const auto rows = (panels.size() + static_cast<size_t>(columns) - 1) / static_cast<size_t>(columns);
  std::string script = terminal(size) + str("set multiplot layout ", rows, ",", columns);
  if (!title.empty()) script += " title " + gnuplot_text(title) + " font ',14'";
  script += "\n";
  for (const Panel& panel : panels) script += panel.script();
  run_gnuplot(script + "unset multiplot\n", path);
}

void write_sheet(const std::filesystem::path& path, std::span<const Image> images, int columns,
                 const std::string& title, bool inverted) {
  check(!images.empty() && columns > 0, "plot: expected images and columns, got ", images.size(), " and ", columns);
  const int count = static_cast<int>(images.size()), wide = std::min(columns, count);
  const int rows = (count + wide - 1) / wide;
  // A cell is 1 wide; an image fills 7/8 of it, and its caption stands in the strip below. Of 28 x 28 pixels each
  // becomes 6 x 6 in the file.
  constexpr double side = 0.875, height = 1.21875;
  constexpr int points = 96;
  const int head = title.empty() ? 6 : 34;
  size_t longest = 0;
  for (const Image& image : images) longest = std::max(longest, image.caption.size());
  const std::string font = str("font ',", gnuplot_number(std::min(8.5, 120.0 / static_cast<double>(longest + 1))), "'");
  std::string data, labels, plot = "plot ";
  for (int i = 0; i < count; ++i) {
    const Image& image = images[static_cast<size_t>(i)];
    check(image.rows > 1 && image.cols > 1 && static_cast<int64_t>(image.pixels.size()) == image.rows * image.cols,
          "plot: image ", i, ": expected ", image.rows, " x ", image.cols, " pixels, got ", image.pixels.size());
    const double left = i % wide + (1 - side) / 2, top = (i / wide) * height + 1.0 / 32;
    const double step = side / static_cast<double>(std::max(image.rows, image.cols));
    data += str("$image", i, " << EOD\n");
    for (int64_t r = 0; r < image.rows; ++r) {
      for (int64_t c = 0; c < image.cols; ++c) {
        const double v = std::clamp(image.pixels[static_cast<size_t>(r * image.cols + c)], 0.0, 1.0);
        data += gnuplot_number(left + (static_cast<double>(c) + 0.5) * step) + ' ' +
                gnuplot_number(top + (static_cast<double>(r) + 0.5) * step) + ' ' +
                gnuplot_number(inverted ? 1 - v : v) + '\n';
      }
    }
    data += "EOD\n";
    plot += str(i ? ", " : "", "$image", i, " using 1:2:3 with image notitle");
    labels += str("set label ", gnuplot_text(image.caption), " at ", gnuplot_number(i % wide + 0.5), ",",
                  gnuplot_number(top + side + 0.12), " center ", font, " tc rgb '#333333'\n");
  }
  const Size size{std::max(wide * points, 100), std::max(static_cast<int>(rows * height * points) + head, 100)};
  std::string script = terminal(size) + data + labels;
  script += "unset border\nunset tics\nunset key\nunset colorbox\nset palette gray\nset cbrange [0:1]\n";
  script += str("set margins 0,0,0,0\nset lmargin at screen 0\nset rmargin at screen 1\nset bmargin at screen 0\n",
                "set tmargin at screen ", gnuplot_number(1 - static_cast<double>(head) / size.height), "\n");
  if (!title.empty()) {
    script += str("set label ", gnuplot_text(title), " at screen 0.5, screen ",
                  gnuplot_number(1 - 0.55 * head / static_cast<double>(size.height)), " center font ',13'\n");
  }
  script += str("set xrange [0:", wide, "]\nset yrange [", gnuplot_number(rows * height), ":0]\n");
  run_gnuplot(script + plot + "\n", path);
}

}  // namespace examples
