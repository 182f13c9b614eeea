// Every kind of picture is drawn, and is a PNG of the size asked for. With GRADUS_PICTURES set they stay there to look
// at.
#include "gradus/examples/common/plot.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <sstream>

#include "gradus/examples/common/gnuplot.h"
#include "gradus/tensor/error.h"

namespace {

namespace fs = std::filesystem;
using namespace examples;

class Plot : public testing::Test {
 protected:
  Plot() {
    const char* keep = std::getenv("GRADUS_PICTURES");
    kept_ = keep && *keep;
    folder_ = kept_ ? fs::path(keep) : fs::temp_directory_path() / ("gradus-plot-" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  ~Plot() override {
    if (!kept_) fs::remove_all(folder_);
  }
  fs::path file(const std::string& name) const { return folder_ / (name + ".png"); }

  bool kept_;
  fs::path folder_;
};

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Checks the eight bytes of a PNG, the size in its header, and that its end is there.
void expect_png(const fs::path& path, uint32_t width, uint32_t height) {
  const std::string bytes = read(path);
  ASSERT_GT(bytes.size(), 2000u) << path;
  EXPECT_EQ(bytes.substr(0, 8), "\x89PNG\r\n\x1a\n");
  EXPECT_EQ(bytes.substr(bytes.size() - 8, 4), "IEND");
  auto big_endian = [&](size_t at) {
    uint32_t v = 0;
    for (size_t i = 0; i < 4; ++i) v = v << 8 | static_cast<unsigned char>(bytes[at + i]);
    return v;
  };
  EXPECT_EQ(big_endian(16), width);
  EXPECT_EQ(big_endian(20), height);
}

std::vector<double> range(double low, double high, int n) {
  std::vector<double> x;
  for (int i = 0; i < n; ++i) x.push_back(low + (high - low) * i / (n - 1));
  return x;
}

template <class F>
std::vector<double> map(const std::vector<double>& x, F f) {
  std::vector<double> y;
  for (const double v : x) y.push_back(f(v));
  return y;
}

TEST_F(Plot, LinesWithLegendAndSecondAxis) {
  const auto epoch = range(1, 20, 20);
  Panel panel("Loss and learning rate", "epoch", "loss");
  panel.second_axis("learning rate")
      .line(epoch, map(epoch, [](double e) { return 2 * std::exp(-e / 4) + 0.05; }), "training")
      .line(epoch, map(epoch, [](double e) { return 2 * std::exp(-e / 5) + 0.12; }), "validation", {.points = true})
      .line(epoch, map(epoch, [](double e) { return 1e-3 * 0.5 * (1 + std::cos(3.1416 * e / 20)); }), "learning rate",
            {.dashed = true, .second_axis = true});
  write_png(file("lines"), panel);
  expect_png(file("lines"), 1440, 900);
}

TEST_F(Plot, LogAxisWithGaps) {
  const auto epoch = range(1, 10000, 500);
  auto error = map(epoch, [](double e) { return 0.25 / (1 + e / 50); });
  error[100] = std::nan("");
  error[200] = -1;  // has no logarithm
  Panel panel("XOR: mean squared error", "epoch", "mean squared error");
  panel.log_y().line(epoch, error);
  write_png(file("log"), panel, {600, 400});
  expect_png(file("log"), 1200, 800);
}

TEST_F(Plot, FourCurves) {
  const auto x = range(-5, 5, 100);
  std::vector<Panel> panels;
  const std::pair<const char*, double (*)(double)> functions[] = {
      {"sigmoid", [](double v) { return 1 / (1 + std::exp(-v)); }},
      {"tanh", [](double v) { return std::tanh(v); }},
      {"ReLU", [](double v) { return std::max(v, 0.0); }},
      {"leaky ReLU (0.01)", [](double v) { return v > 0 ? v : 0.01 * v; }}};
  for (const auto& [name, f] : functions) {
    auto slope = [f = f](double v) { return (f(v + 1e-4) - f(v - 1e-4)) / 2e-4; };
    panels.emplace_back(name, "x", "");
    panels.back().line(x, map(x, f), "y").line(x, map(x, slope), "dy/dx", {.dashed = true});
  }
  write_png(file("curves"), panels, 2, {800, 640}, "Activations and their derivatives");
  expect_png(file("curves"), 1600, 1280);
}

TEST_F(Plot, DecisionRegionsSideBySide) {
  std::vector<Panel> panels;
  std::vector<double> px, py;
  std::vector<int> classes;
  for (int i = 0; i < 100; ++i) {
    const double a = 3.1416 * i / 99, wobble = 0.15 * std::sin(37.0 * i);
    px.insert(px.end(), {std::cos(a) + wobble, 1 - std::cos(a) + wobble});
    py.insert(py.end(), {std::sin(a) - wobble, 0.5 - std::sin(a) + wobble});
    classes.insert(classes.end(), {0, 1});
  }
  for (const int hidden : {2, 4, 8, 16}) {
    Grid grid(80, 100, -1.6, 2.6, -1.2, 1.7);
    for (int64_t r = 0; r < grid.rows; ++r) {
      for (int64_t c = 0; c < grid.cols; ++c) {
        const double z = grid.x(c) - 0.5 + std::sin(grid.y(r) * hidden / 4.0) - 1.2 * (grid.y(r) - 0.25);
        grid.at(r, c) = 1 / (1 + std::exp(-4 * z));
      }
    }
    panels.emplace_back(std::to_string(hidden) + " hidden units: 97.5 %", "x₁", "x₂");
    panels.back().heat(grid, Palette::diverging, 0, 1, "probability of class 1").contour(grid, 0.5, "p = 0.5");
    panels.back().scatter(px, py, classes, {"class 0", "class 1"});
  }
  write_png(file("regions"), panels, 2, {900, 700}, "Two moons: what more hidden units can do");
  expect_png(file("regions"), 1800, 1400);
  write_png(file("region"), panels[1], {600, 450});
  expect_png(file("region"), 1200, 900);
}

TEST_F(Plot, PerceptronBoundary) {
  const std::vector<double> x = {0, 0, 1, 1}, y = {0, 1, 0, 1}, edge_x = {-0.5, 1.5}, edge_y = {2.0, 0.0};
  Panel panel("AND: the boundary that the perceptron found", "input 1", "input 2");
  panel.x_range(-0.5, 1.5).y_range(-0.5, 1.5).same_scale();
  panel.line(edge_x, edge_y, "boundary", {.colour = 7, .dashed = true});
  panel.scatter(x, y, std::vector<int>{0, 0, 0, 1}, {"0", "1"});
  write_png(file("perceptron"), panel, {480, 480});
  expect_png(file("perceptron"), 960, 960);
}

TEST_F(Plot, ConfusionMatrix) {
  std::vector<int64_t> counts(100);
  for (size_t t = 0; t < 10; ++t) {
    for (size_t p = 0; p < 10; ++p)
      counts[t * 10 + p] = t == p ? 950 + 7 * int64_t(t) : (t * 7 + p * 3) % 11 == 0 ? 4 : 0;
  }
  counts[49] = 21;
  std::vector<std::string> digits;
  for (int i = 0; i < 10; ++i) digits.push_back(std::to_string(i));
  write_png(file("confusion"), Panel("Confusion matrix: 99.23 % right").confusion(counts, digits), {620, 560});
  expect_png(file("confusion"), 1240, 1120);

  counts[60] = 161, counts[66] = 740;
  const std::vector<std::string> clothes = {"T-shirt/top", "trouser", "pullover", "dress", "coat",
                                            "sandal",      "shirt",   "sneaker",  "bag",   "ankle boot"};
  write_png(file("confusion_names"), Panel("Fashion-MNIST").confusion(counts, clothes), {700, 620});
  expect_png(file("confusion_names"), 1400, 1240);
}

TEST_F(Plot, SheetOfImages) {
  std::vector<Image> images;
  for (int i = 0; i < 24; ++i) {
    Image image{28, 28, std::vector<double>(28 * 28),
                "true " + std::to_string(i % 10) + ", read " + std::to_string(i * 3 % 10)};
    for (int r = 0; r < 28; ++r) {
      for (int c = 0; c < 28; ++c) {
        const double d = std::abs(std::hypot(r - 13.5, c - 13.5) - 4 - i % 6);
        image.pixels[static_cast<size_t>(r * 28 + c)] = std::max(0.0, 1 - d / 2);
      }
    }
    images.push_back(std::move(image));
  }
  write_sheet(file("sheet"), images, 8, "24 of 77 misread digits", true);
  expect_png(file("sheet"), 2 * 8 * 96, 2 * (351 + 34));
  for (Image& image : images) image.caption = "pullover as sneaker";
  write_sheet(file("sheet_names"), images, 8, "24 of 77 misread clothes", true);
  expect_png(file("sheet_names"), 2 * 8 * 96, 2 * (351 + 34));
}

TEST_F(Plot, NothingFiniteAndNoSpreadStillDraw) {
  const std::vector<double> nan(5, std::nan("")), same(5, 3.0), none;
  write_png(file("nan"), Panel("only NaN").line(nan, "loss").line(none, "nothing"), {300, 200});
  write_png(file("nan_log"), Panel("only NaN").log_y().line(nan, "loss"), {300, 200});
  write_png(file("same"), Panel("one value").line(same, "loss"), {300, 200});
  write_png(file("one"), Panel("one value").log_y().line(std::vector<double>{0.5}, "loss", {.points = true}),
            {300, 200});
  for (const char* name : {"nan", "nan_log", "same", "one"}) expect_png(file(name), 600, 400);
}

TEST_F(Plot, TextIsShownAndNeverRun) {
  const fs::path trap = folder_ / "trap";
  const std::string evil =
      "a_b^c {x} \\ 'q' \"d\" `touch " + trap.string() + "` $(touch " + trap.string() + ") @a & ~b";
  Panel panel(evil, evil, evil);
  panel.line(std::vector<double>{1, 2, 3}, evil);
  write_png(file("evil"), panel, {1200, 500});
  expect_png(file("evil"), 2400, 1000);
  EXPECT_FALSE(fs::exists(trap));
  // A name that gnuplot itself would take for a pipe.
  const fs::path pipe = folder_ / "|touch trap";
  write_png(pipe, panel);
  expect_png(pipe, 1440, 900);
  EXPECT_EQ(gnuplot_text("it's\n_a"), "'it''s \\_a'");
}

TEST_F(Plot, ErrorsOfGnuplotReachTheCaller) {
  std::ofstream(file("kept")) << "old";
  try {
    run_gnuplot("set terminal pngcairo\nplot no_such_function(x)\n", file("kept"));
    FAIL() << "expected an error";
  } catch (const gradus::Error& error) {
    EXPECT_NE(std::string(error.what()).find("no_such_function"), std::string::npos) << error.what();
  }
  EXPECT_EQ(read(file("kept")), "old");
  EXPECT_FALSE(fs::exists(file("kept").string() + ".part"));
  EXPECT_THROW(write_png(folder_ / "no/such/folder.png", Panel().line(std::vector<double>{1, 2})), gradus::Error);
  EXPECT_THROW(write_png(file("empty"), Panel()), gradus::Error);
  EXPECT_THROW(Panel().line(std::vector<double>{1}, std::vector<double>{1, 2}), gradus::Error);
  EXPECT_THROW(Panel().scatter(std::vector<double>{1}, std::vector<double>{1}, std::vector<int>{2}, {"a"}),
               gradus::Error);
}

// gnuplot reports no error when the disk is full, and half a picture looks like a whole one to it.
TEST_F(Plot, APictureThatDoesNotFitOnTheDiskIsAnError) {
  std::ofstream(file("kept")) << "old";
  const Panel panel = std::move(Panel("a title").line(std::vector<double>{1, 2, 3}, "loss"));
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  const rlimit small{8192, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  std::string said;
  try {
    write_png(file("kept"), panel);
  } catch (const gradus::Error& error) {
    said = error.what();
  }
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, handler);
  EXPECT_EQ(said.find("plot: cannot write " + file("kept").string()), 0u) << said;
  EXPECT_EQ(read(file("kept")), "old");
  EXPECT_FALSE(fs::exists(file("kept").string() + ".part"));
}

}  // namespace
