// Activation functions with their derivatives, side by side.
#include <cstdio>

#include "gradus/examples/activations/curves.h"
#include "gradus/examples/common/command_line.h"
#include "gradus/examples/common/plot.h"

namespace {

using namespace examples;

int show(const Settings& settings, int points) {
  std::vector<Panel> panels;
  for (const activations::Curve& c : activations::course_curves(-5, 5, points)) {
    // The two bounded ones on one scale, the other two on another, with some room around the curves.
    const bool bounded = c.y.back() <= 1;
    Panel panel(c.name, "x", "");
    panel.y_range(bounded ? -1.1 : -1, bounded ? 1.1 : 5).y_tics(bounded ? 0.5 : 1, 1);
    panel.line(c.x, c.y, "y = f(x)", {.width = 3});
    panel.line(c.x, c.slope, "dy/dx", {.dashed = true});
    panels.push_back(std::move(panel));
  }
  write_png(settings.out / "activations.png", panels, 2, {960, 720}, "Activation functions and their derivatives");
  std::printf("picture: activations.png in %s\n", settings.out.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  int points = 100;
  CommandLine line("activations", "Draws sigmoid, tanh, ReLU and leaky ReLU with the derivatives that autograd finds.",
                   {.out = "out/activations"});
  line.option("--points", points, "Points from -5 to 5", 2, 100000);
  return line.run(argc, argv, [&](const Settings& s) { return show(s, points); });
}
