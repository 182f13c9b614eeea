// The main job: a convolutional network learns handwritten digits.
#include <algorithm>
#include <cstdio>
#include <limits>

#include "gradus/examples/common/interrupt.h"
#include "gradus/examples/digits/report.h"
#include "gradus/tensor/error.h"

namespace {

using namespace digits;

struct Choices {
  TrainingOptions training;
  bool resume = false, drawn = false;
  int limit = 0;
};

ImageSet choose_images(const examples::Settings& settings, const Choices& choices) {
  const int64_t limit = choices.limit > 0 ? choices.limit : std::numeric_limits<int64_t>::max();
  ImageSet set =
      choices.drawn ? draw_images(std::min(limit, kDrawnTrain), kDrawnTest, settings.seed) : find_images(settings);
  if (limit < set.train.size())
    set.train = {set.train.pixels.narrow(0, 0, limit), set.train.classes.narrow(0, 0, limit)};
  return set;
}

// Test accuracy and pictures of the best network that the run has left; whether all could be drawn.
bool report(Training& training, const ImageSet& set, const std::filesystem::path& out) {
  gradus::check(training.has_best(), "nothing was learned: no validation loss was a number; try a smaller --rate");
  const auto best = gradus::io::Checkpoint::load(best_path(out).string());
  training.net()->load_state_dict(best.model());
  const Reading reading = read(training.net(), set.test);
  std::printf("\nbest network: epoch %lld, kept in %s\n\n%s\n", static_cast<long long>(best.integer("epoch")),
              best_path(out).c_str(), confusion_text(reading, set.names).c_str());
  bool drawn = true;
  try {
    draw_curves(out / "curves.png", training.history());
    draw_confusion(out / "confusion.png", reading, set.names, set.name + ": test images");
    draw_misread(out / "misread.png", reading, set.test, set.names);
    std::printf("pictures: curves.png, confusion.png and misread.png in %s\n", out.c_str());
  } catch (const gradus::Error& error) {
    drawn = false;
    std::fflush(stdout);
    std::fprintf(stderr, "digits: error: not all pictures are drawn: %s\n", error.what());
  }
  std::printf("test accuracy: %.2f %%\n", 100 * reading.score.accuracy);
  return drawn;
}

int learn(const examples::Settings& settings, Choices choices) {
  ImageSet set = choose_images(settings, choices);
  std::printf("%s: %lld images to learn from, %lld to test with\n", set.name.c_str(),
              static_cast<long long>(set.train.size()), static_cast<long long>(set.test.size()));
  choices.training.epochs = settings.epochs;
  choices.training.seed = settings.seed;
  choices.training.threads = settings.threads;
  choices.training.out = settings.out;
  Training training(set.train, set.fingerprint(), choices.training);
  set.train = {};  // the training has taken copies
  const std::string checkpoint = checkpoint_path(settings.out).string();
  if (choices.resume) {
    training.resume();
    std::printf("resumed %s: %d of %d epochs are done\n", checkpoint.c_str(), training.epoch(), settings.epochs);
  }
  const Training::End end = training.run(examples::interrupted);
  if (end == Training::End::interrupted) {
    std::printf("\ninterrupted; all is saved in %s, and the same command with --resume goes on\n", checkpoint.c_str());
    return 130;
  }
  if (end == Training::End::stopped_early)
    std::printf("stopped early: the validation loss has not improved for %d epochs\n", choices.training.patience);
  return report(training, set, settings.out) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Choices choices;
  TrainingOptions& training = choices.training;
  examples::Settings standard;
  standard.out = "out/digits";
  examples::CommandLine line(
      "digits",
      "Trains a convolutional network on MNIST, Fashion-MNIST or digits drawn here, and tests it. Ctrl-C saves.",
      standard);
  line.with_data("the four files of MNIST or Fashion-MNIST, or mnist/ with them; without it MNIST is downloaded")
      .with_epochs(training.epochs);
  line.option("--batch", training.batch_size, "Images a step", 2, 65536)
      .option("--rate", training.rate, "Largest learning rate", 0.0, 10.0)
      .option("--shift", training.shift, "Pixels by which training images are moved at random", 0, 8)
      .option("--patience", training.patience, "Epochs without improvement before it stops early", 1, 1000000)
      .option("--limit", choices.limit, "Learn from the first so many images; 0: all", 0, 1000000000)
      .flag("--drawn", choices.drawn, "Learn from digits drawn by the embedded generator")
      .flag("--resume", choices.resume, "Go on where the checkpoint in --out stands");
  return line.run(argc, argv, [&](const examples::Settings& settings) { return learn(settings, choices); });
}
