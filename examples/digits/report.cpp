#include "gradus/examples/digits/report.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "gradus/autograd/ops/ops.h"
#include "gradus/examples/common/plot.h"
#include "gradus/nn/functional/loss.h"

namespace digits {
namespace {

constexpr size_t kClasses = 10, kMostMisread = 40;

std::vector<int64_t> integers(const Tensor& t) {
  const Tensor flat = t.contiguous();
  return {flat.const_data_ptr<int64_t>(), flat.const_data_ptr<int64_t>() + flat.numel()};
}

std::vector<double> percent(const std::vector<double>& shares) {
  std::vector<double> result(shares);
  for (double& share : result) share *= 100;
  return result;
}

}  // namespace

Reading read(Net& net, const Images& images) {
  Reading reading{predict(net, images.pixels), std::vector<int64_t>(kClasses * kClasses), {}};
  const std::vector<int64_t> taken = integers(reading.logits.argmax(1)), actual = integers(images.classes);
  size_t right = 0;
  for (size_t i = 0; i < actual.size(); ++i) {
    ++reading.counts[static_cast<size_t>(actual[i]) * kClasses + static_cast<size_t>(taken[i])];
    right += actual[i] == taken[i];
  }
  reading.score = {gradus::nn::functional::cross_entropy(reading.logits, images.classes).item<double>(),
                   static_cast<double>(right) / static_cast<double>(actual.size())};
  return reading;
}

std::string confusion_text(const Reading& reading, const std::vector<std::string>& names) {
  size_t wide = 5;
  for (const std::string& name : names) wide = std::max(wide, name.size() + 1);
  const auto right_aligned = [wide](const std::string& text) { return std::string(wide - text.size(), ' ') + text; };
  std::string text = right_aligned("") + "  read as\n" + right_aligned("true");
  for (const std::string& name : names) text += right_aligned(name);
  text += "     right\n";
  for (size_t t = 0; t < kClasses; ++t) {
    const auto row = reading.counts.begin() + static_cast<std::ptrdiff_t>(t * kClasses);
    const int64_t all = std::accumulate(row, row + kClasses, int64_t{0});
    text += right_aligned(names[t]);
    for (size_t p = 0; p < kClasses; ++p) text += right_aligned(row[p] == 0 ? "." : std::to_string(row[p]));
    char share[32];
    std::snprintf(share, sizeof share, "  %6.2f %%\n", all == 0 ? 0.0 : 100.0 * static_cast<double>(row[t]) / all);
    text += share;
  }
  return text;
}

void draw_confusion(const std::filesystem::path& path, const Reading& reading, const std::vector<std::string>& names,
                    const std::string& title) {
  examples::Panel panel(title, "read as", "true");
  panel.confusion(reading.counts, names);
  examples::write_png(path, panel, {620, 560});
}

void draw_curves(const std::filesystem::path& path, const Training::History& history) {
  examples::Panel loss("Loss", "epoch", "cross-entropy"), accuracy("Accuracy", "epoch", "right answers, %");
  const examples::LineStyle marked{.points = true};
  loss.line(history.loss, "training", marked).line(history.validation_loss, "validation", marked);
  accuracy.line(percent(history.accuracy), "training", marked);
  accuracy.line(percent(history.validation_accuracy), "validation", marked);
  const examples::Panel panels[] = {loss, accuracy};
  examples::write_png(path, panels, 2, {900, 380});
}

void draw_misread(const std::filesystem::path& path, const Reading& reading, const Images& images,
                  const std::vector<std::string>& names) {
  const std::vector<int64_t> taken = integers(reading.logits.argmax(1)), actual = integers(images.classes);
  const Tensor confidence = std::get<0>(reading.logits.softmax(1).max(1));
  std::vector<std::pair<double, size_t>> mistakes;
  for (size_t i = 0; i < actual.size(); ++i) {
    if (actual[i] != taken[i]) mistakes.emplace_back(confidence[static_cast<int64_t>(i)].item<double>(), i);
  }
  std::sort(mistakes.rbegin(), mistakes.rend());
  const size_t all = mistakes.size();
  mistakes.resize(std::min(all, kMostMisread));
  std::vector<examples::Image> sheet;
  for (const auto& [sure, i] : mistakes) {
    const Tensor pixels = images.pixels[static_cast<int64_t>(i)].to(gradus::kDouble).contiguous();
    sheet.push_back({pixels.size(1),
                     pixels.size(2),
                     {pixels.const_data_ptr<double>(), pixels.const_data_ptr<double>() + pixels.numel()},
                     names[static_cast<size_t>(actual[i])] + " as " + names[static_cast<size_t>(taken[i])]});
  }
  if (sheet.empty()) return;
  const std::string shown = all > sheet.size() ? "; the " + std::to_string(sheet.size()) + " most confident" : "";
  examples::write_sheet(path, sheet, 10,
                        "Misread: " + std::to_string(all) + " of " + std::to_string(images.size()) + shown, true);
}

}  // namespace digits
