// The perceptron: it learns AND, whose classes a line separates, and cannot learn XOR, whose classes no line does.
#include <algorithm>
#include <cstdio>

#include "gradus/examples/common/command_line.h"
#include "gradus/examples/common/plot.h"
#include "gradus/examples/common/small_network.h"
#include "gradus/examples/perceptron/perceptron.h"

namespace {

using namespace examples;
using gradus::Tensor;

// The four points, and the line w0 x + w1 y + b = 0 between the sides that get different answers.
Panel picture(const std::string& title, const perceptron::Perceptron& p, const gradus::data::Example<>& gate) {
  const double w0 = p.weight[0].item<double>(), w1 = p.weight[1].item<double>(), b = p.bias.item<double>();
  Panel panel(title, "first input", "second input");
  Grid sum(200, 200, -0.5, 1.5, -0.5, 1.5), side = sum;
  for (int64_t r = 0; r < sum.rows; ++r)
    for (int64_t c = 0; c < sum.cols; ++c) {
      sum.at(r, c) = w0 * sum.x(c) + w1 * sum.y(r) + b;
      side.at(r, c) = sum.at(r, c) > 0 ? 1 : 0;
    }
  panel.heat(side, Palette::diverging, 0, 1).contour(sum, 0, "boundary").same_scale();
  panel.scatter(column(gate.data, 0), column(gate.data, 1), classes(gate.target), {"0", "1"});
  return panel;
}

int show(const Settings& settings, int xor_epochs) {
  gradus::manual_seed(settings.seed);
  const auto conjunction = gradus::data::and_gate(), exclusive = gradus::data::xor_gate();
  perceptron::Perceptron a, x;
  const auto wrong = perceptron::learn(a, conjunction.data, conjunction.target, 0.01, settings.epochs);
  const bool learned = wrong.back() == 0;
  std::printf("AND: %s after %zu epochs; w = (%.4f, %.4f), b = %.4f\n", learned ? "no error" : "still wrong",
              wrong.size(), a.weight[0].item<double>(), a.weight[1].item<double>(), a.bias.item<double>());
  const auto wrong_xor = perceptron::learn(x, exclusive.data, exclusive.target, 0.01, xor_epochs);
  std::printf("XOR: %.0f of 4 wrong after %zu epochs, and so for ever:\n", wrong_xor.back(), wrong_xor.size());
  std::printf(
      "  it would need b <= 0, w0 + b > 0, w1 + b > 0 and w0 + w1 + b <= 0. The middle two add up to\n"
      "  w0 + w1 + 2 b > 0, so w0 + w1 + b > -b >= 0, against the last. No line separates the classes;\n"
      "  a hidden layer does (see the example xor).\n");
  const std::vector<Panel> panels = {picture("AND: learned", a, conjunction),
                                     picture("XOR: no line does it", x, exclusive)};
  write_png(settings.out / "perceptron.png", panels, 2, {900, 450}, "One neuron: the side of a line");
  const std::vector<double> first(wrong_xor.begin(), wrong_xor.begin() + std::min<long>(30, std::ssize(wrong_xor)));
  Panel errors("Wrong answers in each epoch", "epoch", "wrong of 4");
  errors.y_range(-0.2, 4.2).y_tics(1, 0).line(first, "XOR", {.colour = 1, .points = true});
  errors.line(wrong, "AND", {.colour = 0, .width = 3, .points = true});
  write_png(settings.out / "errors.png", errors);
  std::printf("pictures: perceptron.png and errors.png in %s\n", settings.out.c_str());
  return learned ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  int xor_epochs = 1000;
  CommandLine line("perceptron", "A perceptron learns AND, and tries XOR in vain.", {.out = "out/perceptron"});
  line.with_epochs(100).option("--xor-epochs", xor_epochs, "Epochs of the attempt at XOR", 1, 1000000);
  return line.run(argc, argv, [&](const Settings& s) { return show(s, xor_epochs); });
}
