// The training run of the example: what it learns with, where it stands, and how it goes on after an interruption.
#pragma once
#include <functional>
#include <limits>
#include <memory>
#include <optional>

#include "gradus/examples/digits/images.h"
#include "gradus/examples/digits/model.h"
#include "gradus/io/checkpoint.h"
#include "gradus/optim/optim.h"

namespace digits {

struct TrainingOptions {
  int epochs = 6;
  int batch_size = 128;
  double rate = 3e-3;          ///< the largest, reached after a tenth of all steps
  double weight_decay = 0.05;  ///<
  double largest_norm = 1;     ///< of the gradient
  int shift = 1;               ///< pixels by which training images are moved at random
  int patience = 3;            ///< epochs without a better validation loss after which training stops
  uint64_t seed = 42;
  int threads = 0;  ///< that the user asked for; 0: as many as there are cores, or as the resumed run had
  std::filesystem::path out = "out";
  std::FILE* log = stdout;
};

/// Mean cross-entropy and share of right answers.
struct Score {
  double loss = 0, accuracy = 0;
};

/// Logits [N, 10] of all images, in evaluation mode.
Tensor predict(Net& net, const Tensor& pixels);
Score evaluate(Net& net, const Images& images);

/// The best network that a run has left in `out`.
std::filesystem::path best_path(const std::filesystem::path& out);
std::filesystem::path checkpoint_path(const std::filesystem::path& out);

class Training {
 public:
  enum class End { finished, stopped_early, interrupted };
  /// What the curves are drawn from: a number an epoch.
  struct History {
    std::vector<double> loss, accuracy, validation_loss, validation_accuracy;
  };

  /// Seeds the default generator, sets a tenth of the images (at most 5000) aside for validation and draws the weights.
  Training(const Images& images, std::string fingerprint, TrainingOptions options);

  /// Goes on where the checkpoint in `out` stands, with as many threads: products are summed in another order by
  /// another number. Throws Error, before anything is changed, if that is of other images or options.
  void resume();
  /// Trains to the end, or until `stop` says so between two batches. A checkpoint is saved before the first batch,
  /// after every epoch and at the interruption, the network of the best validation loss whenever there is a better one.
  End run(const std::function<bool()>& stop);
  /// Forward, backward and update with one batch; returns loss and the number of right answers.
  std::pair<double, int64_t> step(const Tensor& pixels, const Tensor& classes);

  Net& net() { return net_; }
  const History& history() const { return history_; }
  int epoch() const { return epoch_; }
  /// False while no validation loss was a number: then best_path(out), if there, is not of this run.
  bool has_best() const { return best_loss_ < std::numeric_limits<double>::infinity(); }
  int64_t batches() const { return (train_.size() + options_.batch_size - 1) / options_.batch_size; }
  const Images& train() const { return train_; }
  const Images& validation() const { return validation_; }

 private:
  bool stopped_early() const { return epochs_since_best_ >= options_.patience; }
  bool train_epoch(const std::function<bool()>& stop);
  void validate();
  void save() const;
  void keep_best() const;
  void check_fits(const gradus::io::Checkpoint& checkpoint) const;

  TrainingOptions options_;
  std::string fingerprint_;
  Images train_, validation_;
  Net net_;
  std::unique_ptr<gradus::optim::AdamW> optimizer_;
  std::unique_ptr<gradus::optim::WarmupCosineLR> schedule_;

  // Where the run stands. The generator as it was when the epoch began gives the epoch's order again.
  int epoch_ = 0;
  int64_t batch_ = 0;
  gradus::Generator epoch_generator_;
  double loss_sum_ = 0;  // over the images of this epoch so far
  int64_t right_ = 0;
  double best_loss_ = std::numeric_limits<double>::infinity();
  int epochs_since_best_ = 0;
  History history_;
};

}  // namespace digits
