#include "gradus/examples/digits/training.h"

#include <algorithm>
#include <cstdio>

#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/ops/ops.h"
#include "gradus/data/dataset.h"
#include "gradus/data/loader.h"
#include "gradus/data/transforms.h"
#include "gradus/examples/common/progress.h"
#include "gradus/nn/functional/loss.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/parallel.h"

namespace digits {

namespace nn = gradus::nn;
namespace optim = gradus::optim;
namespace F = gradus::nn::functional;
using gradus::io::Checkpoint;

namespace {

constexpr int64_t kEvaluationBatch = 500;

int64_t count_right(const Tensor& logits, const Tensor& classes) {
  return logits.argmax(1).eq(classes).sum().item<int64_t>();
}

Images take(const Images& from, const Tensor& which) {
  return {from.pixels.index_select(0, which), from.classes.index_select(0, which)};
}

Tensor column(const std::vector<double>& values) {
  Tensor t = gradus::empty({static_cast<int64_t>(values.size())}, gradus::kDouble);
  std::copy(values.begin(), values.end(), t.data_ptr<double>());
  return t;
}

std::vector<double> numbers(const Tensor& t) {
  gradus::check(t.scalar_type() == gradus::kDouble && t.dim() == 1, "checkpoint: a history must be doubles [epochs]");
  return {t.const_data_ptr<double>(), t.const_data_ptr<double>() + t.numel()};
}

}  // namespace

Tensor predict(Net& net, const Tensor& pixels) {
  const gradus::NoGradGuard no_grad;
  const bool was_training = net->is_training();
  net->eval();
  std::vector<Tensor> parts;
  for (const Tensor& part : pixels.split(kEvaluationBatch)) parts.push_back(net(part));
  net->train(was_training);
  return gradus::cat(parts);
}

Score evaluate(Net& net, const Images& images) {
  const Tensor logits = predict(net, images.pixels);
  return {F::cross_entropy(logits, images.classes).item<double>(),
          static_cast<double>(count_right(logits, images.classes)) / static_cast<double>(images.size())};
}

std::filesystem::path best_path(const std::filesystem::path& out) { return out / "best.safetensors"; }
std::filesystem::path checkpoint_path(const std::filesystem::path& out) { return out / "checkpoint.safetensors"; }

Training::Training(const Images& images, std::string fingerprint, TrainingOptions options)
    : options_(std::move(options)), fingerprint_(std::move(fingerprint)), net_(nullptr) {
  const int64_t aside = std::min<int64_t>(5000, images.size() / 10);
  gradus::check(aside > 0, "there must be at least 10 images to learn from, got ", images.size());
  gradus::manual_seed(options_.seed);
  const std::vector<Tensor> parts = gradus::randperm(images.size()).split_with_sizes({aside, images.size() - aside});
  validation_ = take(images, parts[0]);
  train_ = take(images, parts[1]);
  net_ = Net();
  optimizer_ = std::make_unique<optim::AdamW>(net_->parameters(),
                                              optim::AdamWOptions(options_.rate).weight_decay(options_.weight_decay));
  const int64_t steps = batches() * options_.epochs;
  schedule_ = std::make_unique<optim::WarmupCosineLR>(*optimizer_, steps / 10, steps);
  epoch_generator_ = gradus::default_generator().clone();
}

std::pair<double, int64_t> Training::step(const Tensor& pixels, const Tensor& classes) {
  optimizer_->zero_grad();
  const Tensor logits = net_(shift_at_random(pixels, options_.shift));
  const Tensor loss = F::cross_entropy(logits, classes);
  loss.backward();
  nn::utils::clip_grad_norm_(net_->parameters(), options_.largest_norm);
  optimizer_->step();
  schedule_->step();
  return {loss.item<double>(), count_right(logits.detach(), classes)};
}

bool Training::train_epoch(const std::function<bool()>& stop) {
  using namespace gradus::data;
  gradus::Generator& generator = gradus::default_generator();
  // A resumed epoch draws its order again, from the generator as it was then.
  const gradus::Generator now = generator.clone();
  if (batch_ == 0) epoch_generator_ = now;
  generator.set_state(epoch_generator_.get_state());
  auto loader = make_data_loader<samplers::RandomSampler>(
      datasets::PairDataset(train_.pixels, train_.classes).map(transforms::Stack<>()),
      DataLoaderOptions(static_cast<size_t>(options_.batch_size)));
  auto batch = loader->begin(static_cast<size_t>(batch_));
  if (batch_ > 0) generator.set_state(now.get_state());

  char title[48];
  std::snprintf(title, sizeof title, "epoch %d/%d", epoch_ + 1, options_.epochs);
  examples::Progress progress(title, train_.size(), "images", options_.log);
  int64_t seen = std::min(batch_ * options_.batch_size, train_.size());
  progress.restart_at(seen);
  examples::Figures figures;
  net_->train();
  for (; batch != loader->end(); ++batch) {
    if (stop()) {
      // Before the first batch the epoch has not begun: its order is drawn again when it does.
      if (batch_ == 0) generator.set_state(epoch_generator_.get_state());
      return false;
    }
    figures.rate = schedule_->get_last_lr().front();
    const auto [loss, right] = step(batch->data, batch->target);
    const int64_t size = batch->data.size(0);
    loss_sum_ += loss * static_cast<double>(size);
    right_ += right;
    seen += size;
    ++batch_;
    figures.loss = loss_sum_ / static_cast<double>(seen);
    figures.accuracy = static_cast<double>(right_) / static_cast<double>(seen);
    progress.update(seen, figures);
  }
  history_.loss.push_back(loss_sum_ / static_cast<double>(seen));
  history_.accuracy.push_back(static_cast<double>(right_) / static_cast<double>(seen));
  validate();
  char note[64];
  std::snprintf(note, sizeof note, "validation loss %.4f accuracy %.2f %%", history_.validation_loss.back(),
                100 * history_.validation_accuracy.back());
  progress.finish(figures, note);
  return true;
}

void Training::validate() {
  const Score score = evaluate(net_, validation_);
  history_.validation_loss.push_back(score.loss);
  history_.validation_accuracy.push_back(score.accuracy);
  if (score.loss < best_loss_) {
    best_loss_ = score.loss;
    epochs_since_best_ = 0;
    keep_best();
  } else {
    ++epochs_since_best_;
  }
}

Training::End Training::run(const std::function<bool()>& stop) {
  // From the first moment there is something to go on from, and a disk that is full shows before the work, not after.
  if (epoch_ == 0 && batch_ == 0) save();
  while (epoch_ < options_.epochs && !stopped_early()) {
    if (!train_epoch(stop)) {
      save();
      return End::interrupted;
    }
    ++epoch_;
    batch_ = right_ = 0;
    loss_sum_ = 0;
    save();
  }
  return epoch_ < options_.epochs ? End::stopped_early : End::finished;
}

void Training::keep_best() const {
  Checkpoint best;
  best.put_model(net_->state_dict());
  best.put("epoch", epoch_ + 1);
  best.save(best_path(options_.out).string());
}

void Training::save() const {
  Checkpoint c;
  c.put_model(net_->state_dict());
  c.put_part("optimizer", optimizer_->state_dict());
  c.put_part("schedule", schedule_->state_dict());
  c.put_generator();
  c.put_generator(epoch_generator_, "epoch_generator");
  c.put_part("history", {{"loss", column(history_.loss)},
                         {"accuracy", column(history_.accuracy)},
                         {"validation_loss", column(history_.validation_loss)},
                         {"validation_accuracy", column(history_.validation_accuracy)}});
  c.put("images", fingerprint_);
  c.put("seed", options_.seed);
  c.put("epochs", options_.epochs);
  c.put("batch_size", options_.batch_size);
  c.put("rate", options_.rate);
  c.put("shift", options_.shift);
  c.put("threads", gradus::get_num_threads());
  c.put("epoch", epoch_);
  c.put("batch", batch_);
  c.put("loss_sum", loss_sum_);
  c.put("right", right_);
  c.put("best_loss", best_loss_);
  c.put("epochs_since_best", epochs_since_best_);
  c.save(checkpoint_path(options_.out).string());
}

void Training::check_fits(const Checkpoint& checkpoint) const {
  const auto same = [](const char* what, const auto& saved, const auto& given) {
    gradus::check(saved == given, "--resume: the checkpoint was made with ", what, " ", saved, ", got ", given);
  };
  same("other images:", checkpoint.text("images"), fingerprint_);
  same("--seed", checkpoint.integer("seed"), static_cast<int64_t>(options_.seed));
  same("--epochs", checkpoint.integer("epochs"), static_cast<int64_t>(options_.epochs));
  same("--batch", checkpoint.integer("batch_size"), static_cast<int64_t>(options_.batch_size));
  same("--rate", checkpoint.real("rate"), options_.rate);
  same("--shift", checkpoint.integer("shift"), static_cast<int64_t>(options_.shift));
  const int64_t epoch = checkpoint.integer("epoch"), batch = checkpoint.integer("batch");
  gradus::check(epoch >= 0 && epoch <= options_.epochs && batch >= 0 && batch <= batches(),
                "--resume: the checkpoint stands at epoch ", epoch, ", batch ", batch,
                ", which this run does not have");
}

void Training::resume() {
  const std::string path = checkpoint_path(options_.out).string();
  gradus::check(Checkpoint::exists(path), "--resume: there is no checkpoint at ", path);
  const Checkpoint c = Checkpoint::load(path);
  check_fits(c);
  const gradus::StateDict history = c.part("history");
  const auto threads = static_cast<int>(c.integer("threads"));
  if (options_.threads == 0) gradus::set_num_threads(threads);
  if (gradus::get_num_threads() != threads)
    std::fprintf(stderr, "with --threads %d instead of %d the last bits of the result will differ\n", options_.threads,
                 threads);
  net_->load_state_dict(c.model());
  optimizer_->load_state_dict(c.part("optimizer"));
  schedule_->load_state_dict(c.part("schedule"));
  c.restore_generator();
  c.restore_generator(epoch_generator_, "epoch_generator");
  epoch_ = static_cast<int>(c.integer("epoch"));
  batch_ = c.integer("batch");
  loss_sum_ = c.real("loss_sum");
  right_ = c.integer("right");
  best_loss_ = c.real("best_loss");
  epochs_since_best_ = static_cast<int>(c.integer("epochs_since_best"));
  history_ = {numbers(history["loss"]), numbers(history["accuracy"]), numbers(history["validation_loss"]),
              numbers(history["validation_accuracy"])};
}

}  // namespace digits
