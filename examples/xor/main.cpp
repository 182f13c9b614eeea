// XOR by a network 2-4-1: what one neuron cannot separate, four hidden ones can.
#include <cmath>
#include <cstdio>

#include "gradus/examples/common/command_line.h"
#include "gradus/examples/common/interrupt.h"
#include "gradus/examples/common/small_network.h"

namespace {

using namespace examples;

int show(const Settings& settings, int hidden, double rate) {
  gradus::manual_seed(settings.seed);
  const auto gate = gradus::data::xor_gate();
  auto net = small_network(2, hidden);
  const auto errors = fit(net, gate.data, gate.target, rate, settings.epochs, [](int epoch, double error) {
    if (epoch == 1 || epoch % 1000 == 0) std::printf("epoch %5d  mean squared error %.6f\n", epoch, error);
    return !interrupted();
  });
  const auto answer = net->forward(gate.data);
  bool right = true;
  for (int64_t i = 0; i < 4; ++i) {
    const double p = answer[i].item<double>(), want = gate.target[i].item<double>();
    right = right && std::abs(p - want) < 0.5;
    std::printf("%.0f xor %.0f = %.0f   network: %.4f -> %.0f\n", gate.data[i][0].item<double>(),
                gate.data[i][1].item<double>(), want, p, std::round(p));
  }
  Panel loss("XOR, 2-" + std::to_string(hidden) + "-1: error while learning", "epoch", "mean squared error");
  loss.log_y().line(errors);
  write_png(settings.out / "loss.png", loss);
  Panel regions("Decision regions", "first input", "second input");
  const Grid grid = answers(net, Grid(160, 160, -0.5, 1.5, -0.5, 1.5));
  regions.heat(grid, Palette::diverging, 0, 1, "answer").contour(grid, 0.5, "boundary");
  regions.scatter(column(gate.data, 0), column(gate.data, 1), classes(gate.target), {"0", "1"}).same_scale();
  write_png(settings.out / "regions.png", regions, {640, 560});
  std::printf("pictures: loss.png and regions.png in %s\n", settings.out.c_str());
  return right ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  int hidden = 4;
  double rate = 0.5;
  CommandLine line("xor", "Trains a network of one hidden layer on the four cases of XOR.", {.out = "out/xor"});
  line.with_epochs(10000)
      .option("--hidden", hidden, "Hidden units", 1, 1000)
      .option("--rate", rate, "Learning rate", 0.0, 100.0);
  return line.run(argc, argv, [&](const Settings& s) { return show(s, hidden, rate); });
}
