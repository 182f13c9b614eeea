// Capacity: the same network with 2, 4, 8 and 16 hidden units on two moons.
#include <cstdio>

#include "gradus/examples/common/command_line.h"
#include "gradus/examples/common/interrupt.h"
#include "gradus/examples/common/progress.h"
#include "gradus/examples/common/small_network.h"

namespace {

using namespace examples;

struct Task {
  int samples = 200;
  double noise = 0.2, rate = 0.5;
};

int show(const Settings& settings, const Task& task) {
  const auto moons = gradus::data::moons(task.samples, task.noise, settings.seed);
  const auto x = moons.data, y = moons.target.to(gradus::kFloat).view({-1, 1});
  std::vector<Panel> panels;
  for (int hidden : {2, 4, 8, 16}) {
    gradus::manual_seed(settings.seed);
    auto net = small_network(2, hidden);
    Progress progress(std::to_string(hidden) + " hidden", settings.epochs, "epochs");
    const auto errors = fit(net, x, y, task.rate, settings.epochs, [&](int epoch, double error) {
      progress.update(epoch, {.loss = error});
      return !interrupted();
    });
    progress.finish({.loss = errors.back(), .accuracy = accuracy(net, x, y)});
    if (interrupted()) return 130;
    char title[64];
    std::snprintf(title, sizeof title, "%d hidden units: %.1f %% right", hidden, 100 * accuracy(net, x, y));
    Panel panel(title);
    const Grid grid = answers(net, Grid(120, 150, -1.7, 2.7, -1.3, 1.8));
    panel.heat(grid, Palette::diverging, 0, 1).contour(grid, 0.5);
    panel.scatter(column(x, 0), column(x, 1), classes(y), {"0", "1"});
    panels.push_back(std::move(panel));
  }
  write_png(settings.out / "moons.png", panels, 2, {1000, 800}, "Capacity: what more hidden units can tell apart");
  std::printf("picture: moons.png in %s\n", settings.out.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Task task;
  CommandLine line("moons", "Trains 2-h-1 networks with 2, 4, 8 and 16 hidden units on two moons.",
                   {.out = "out/moons"});
  line.with_epochs(5000)
      .option("--samples", task.samples, "Points", 2, 100000)
      .option("--noise", task.noise, "Deviation of the noise", 0.0, 10.0)
      .option("--rate", task.rate, "Learning rate", 0.0, 100.0);
  return line.run(argc, argv, [&](const Settings& s) { return show(s, task); });
}
