// The loader: batches of a dataset in the order of a sampler, made in this thread or ahead of time by workers.
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "gradus/data/iterator.h"
#include "gradus/data/samplers.h"
#include "gradus/data/workers.h"
#include "gradus/tensor/error.h"

namespace gradus::data {

/// Options of a loader; a batch size alone will do. Each setter returns the options, each getter the value.
class DataLoaderOptions {
 public:
  DataLoaderOptions() = default;
  /* implicit */ DataLoaderOptions(size_t batch_size) : batch_size_(batch_size) {}

  size_t batch_size() const { return batch_size_; }
  DataLoaderOptions& batch_size(size_t value) { return batch_size_ = value, *this; }
  /// Threads that make batches; 0: the calling thread makes each when it is asked for.
  size_t workers() const { return workers_; }
  DataLoaderOptions& workers(size_t value) { return workers_ = value, *this; }
  /// Batches under way at a time; 2 * workers unless set.
  const std::optional<size_t>& max_jobs() const { return max_jobs_; }
  DataLoaderOptions& max_jobs(std::optional<size_t> value) { return max_jobs_ = value, *this; }
  /// Longest wait for a worker; without limit unless set.
  const std::optional<std::chrono::milliseconds>& timeout() const { return timeout_; }
  DataLoaderOptions& timeout(std::optional<std::chrono::milliseconds> value) { return timeout_ = value, *this; }
  /// Whether batches come in the sampler's order; else as workers finish them.
  bool enforce_ordering() const { return enforce_ordering_; }
  DataLoaderOptions& enforce_ordering(bool value) { return enforce_ordering_ = value, *this; }
  /// Whether the last batch is left out when it is smaller than the others.
  bool drop_last() const { return drop_last_; }
  DataLoaderOptions& drop_last(bool value) { return drop_last_ = value, *this; }

 private:
  size_t batch_size_ = 1, workers_ = 0;
  std::optional<size_t> max_jobs_;
  std::optional<std::chrono::milliseconds> timeout_;
  bool enforce_ordering_ = true, drop_last_ = false;
};

/// The options with every default filled in.
struct FullDataLoaderOptions {
  explicit FullDataLoaderOptions(const DataLoaderOptions& options)
      : batch_size(options.batch_size()),
        workers(options.workers()),
        max_jobs(options.max_jobs().value_or(2 * options.workers())),
        timeout(options.timeout()),
        enforce_ordering(options.enforce_ordering()),
        drop_last(options.drop_last()) {
    check(batch_size > 0, "DataLoader: batch_size must be positive");
    check(workers == 0 || max_jobs > 0, "DataLoader: workers need max_jobs of at least 1");
  }

  size_t batch_size, workers, max_jobs;
  std::optional<std::chrono::milliseconds> timeout;
  bool enforce_ordering, drop_last;
};

/// A loader over a dataset that any number of threads may read through copies of their own. The indices are drawn by
/// the sampler in the caller's thread, so with enforce_ordering the batches are the same for any number of workers (as
/// long as the dataset draws no random numbers).
template <class Dataset, class Sampler>
class StatelessDataLoader {
 public:
  using BatchType = typename Dataset::BatchType;
  using BatchRequestType = typename Sampler::BatchRequestType;

  StatelessDataLoader(Dataset dataset, Sampler sampler, const DataLoaderOptions& options)
      : options_(options), sampler_(std::move(sampler)) {
    if (options_.workers == 0) {
      dataset_ = std::make_unique<Dataset>(std::move(dataset));
      return;
    }
    std::vector<detail::Workers::Work> works;
    for (size_t i = 0; i < options_.workers; ++i) works.push_back(work_on(std::make_shared<Dataset>(dataset)));
    workers_ = std::make_unique<detail::Workers>(std::move(works), options_.enforce_ordering, options_.timeout);
  }
  StatelessDataLoader(const StatelessDataLoader&) = delete;
  StatelessDataLoader& operator=(const StatelessDataLoader&) = delete;

  /// Starts an epoch: resets the sampler and sets the workers to work. With `first_batch`, the batches before it are
  /// drawn by the sampler but never made: a resumed epoch goes on where it was left.
  Iterator<BatchType> begin(size_t first_batch = 0) {
    check(!workers_ || workers_->in_flight() == 0,
          "Attempted to get a new DataLoader iterator while another iterator is not yet exhausted");
    sampler_.reset();
    for (size_t i = 0; i < first_batch; ++i) next_request();
    if (workers_) prefetch(options_.max_jobs);
    return Iterator<BatchType>([this] { return next(); });
  }
  Iterator<BatchType> end() { return {}; }

  /// Ends the workers; batches not yet delivered are lost. The destructor does the same.
  void join() { workers_.reset(); }

  const FullDataLoaderOptions& options() const noexcept { return options_; }

 private:
  static detail::Workers::Work work_on(std::shared_ptr<Dataset> dataset) {
    return [dataset](const detail::Workers::Request& request) -> detail::Workers::Result {
      return std::make_shared<BatchType>(dataset->get_batch(std::move(*static_cast<BatchRequestType*>(request.get()))));
    };
  }

  std::optional<BatchRequestType> next_request() {
    std::optional<BatchRequestType> request = sampler_.next(options_.batch_size);
    if (request && options_.drop_last && request->size() < options_.batch_size) request.reset();
    return request;
  }

  void prefetch(size_t jobs) {
    for (; jobs > 0; --jobs) {
      std::optional<BatchRequestType> request = next_request();
      if (!request) return;
      workers_->push(std::make_shared<BatchRequestType>(std::move(*request)));
    }
  }

  std::optional<BatchType> next() {
    if (workers_) {
      const detail::Workers::Result result = workers_->pop();
      if (!result) return std::nullopt;
      prefetch(1);
      return std::move(*static_cast<BatchType*>(result.get()));
    }
    check(dataset_ != nullptr, "DataLoader: its workers were joined");
    std::optional<BatchRequestType> request = next_request();
    if (!request) return std::nullopt;
    return dataset_->get_batch(std::move(*request));
  }

  FullDataLoaderOptions options_;
  Sampler sampler_;
  std::unique_ptr<Dataset> dataset_;
  std::unique_ptr<detail::Workers> workers_;
};

/// A loader of `dataset` in the order of `sampler`.
template <class Dataset, class Sampler>
std::unique_ptr<StatelessDataLoader<Dataset, Sampler>> make_data_loader(Dataset dataset, Sampler sampler,
                                                                        DataLoaderOptions options) {
  return std::make_unique<StatelessDataLoader<Dataset, Sampler>>(std::move(dataset), std::move(sampler), options);
}

/// A loader with a sampler made for the size of the dataset: make_data_loader<samplers::SequentialSampler>(dataset,
/// 64).
template <class Sampler = samplers::RandomSampler, class Dataset>
requires std::is_constructible_v<Sampler, size_t> std::unique_ptr<StatelessDataLoader<Dataset, Sampler>>
make_data_loader(Dataset dataset, DataLoaderOptions options = DataLoaderOptions()) {
  const std::optional<size_t> size = dataset.size();
  check(size.has_value(), "Expected the dataset to be sized in order to construct the Sampler");
  return make_data_loader(std::move(dataset), Sampler(*size), options);
}

}  // namespace gradus::data
