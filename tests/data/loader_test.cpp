#include "gradus/data/loader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <numeric>
#include <set>
#include <thread>

#include "../io/faulty_file_system.h"
#include "gradus/data/dataset.h"
#include "gradus/data/transforms.h"

namespace gradus::data {
namespace {

using io::contains;
using io::error_of;
using samplers::RandomSampler;
using samplers::SequentialSampler;

using Batches = std::vector<std::vector<int>>;

/// Example i is the number i + 1.
struct Numbers : datasets::Dataset<Numbers, int> {
  explicit Numbers(size_t n = 100) : n(n) {}
  int get(size_t index) override { return static_cast<int>(index) + 1; }
  std::optional<size_t> size() const override { return n; }
  size_t n;
};

/// Numbers whose batches take the longer the earlier they are: workers finish them out of order.
struct SlowNumbers : datasets::Dataset<SlowNumbers, int> {
  int get(size_t index) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(index < 4 ? 40 : index % 3));
    return static_cast<int>(index) + 1;
  }
  std::optional<size_t> size() const override { return 24; }
};

struct Throwing : datasets::Dataset<Throwing, int> {
  int get(size_t index) override {
    if (index == 5) throw std::invalid_argument("badness");
    return static_cast<int>(index);
  }
  std::optional<size_t> size() const override { return 12; }
};

template <class Loader>
Batches all_of(Loader& loader) {
  Batches batches;
  for (auto& batch : loader) batches.push_back(batch);
  return batches;
}

Batches expected_batches(int n, int batch) {
  Batches batches;
  for (int i = 0; i < n; i += batch) {
    batches.emplace_back(static_cast<size_t>(std::min(batch, n - i)));
    std::iota(batches.back().begin(), batches.back().end(), i + 1);
  }
  return batches;
}

TEST(DataLoader, GivesAllBatchesWithAnyNumberOfWorkers) {
  for (const size_t workers : {0, 1, 2, 5})
    for (const size_t batch : {1, 3, 64, 100, 1000}) {
      auto loader =
          make_data_loader<SequentialSampler>(Numbers(100), DataLoaderOptions().batch_size(batch).workers(workers));
      for (int epoch = 0; epoch < 3; ++epoch)
        EXPECT_EQ(all_of(*loader), expected_batches(100, static_cast<int>(batch))) << workers << " workers";
    }
}

TEST(DataLoader, TakesABatchSizeAlone) {
  auto loader = make_data_loader<SequentialSampler>(Numbers(10), 4);
  EXPECT_EQ(all_of(*loader), expected_batches(10, 4));
  auto single = make_data_loader(Numbers(3), SequentialSampler(3), {});
  EXPECT_EQ(all_of(*single), expected_batches(3, 1));
}

TEST(DataLoader, DropsTheLastBatchIfItIsSmaller) {
  for (const size_t workers : {0, 2}) {
    const auto options = DataLoaderOptions(4).workers(workers).drop_last(true);
    EXPECT_EQ(all_of(*make_data_loader<SequentialSampler>(Numbers(10), options)), expected_batches(8, 4));
    EXPECT_EQ(all_of(*make_data_loader<SequentialSampler>(Numbers(8), options)), expected_batches(8, 4));
    EXPECT_EQ(all_of(*make_data_loader<SequentialSampler>(Numbers(3), options)), Batches());
  }
}

TEST(DataLoader, AnEmptyDatasetHasNoBatches) {
  for (const size_t workers : {0, 2})
    EXPECT_TRUE(
        all_of(*make_data_loader<SequentialSampler>(Numbers(0), DataLoaderOptions(4).workers(workers))).empty());
}

TEST(DataLoader, KeepsTheOrderUnlessToldNotTo) {
  const auto options = DataLoaderOptions(2).workers(4);
  EXPECT_EQ(all_of(*make_data_loader<SequentialSampler>(SlowNumbers(), options)), expected_batches(24, 2));
  auto loose = make_data_loader<SequentialSampler>(SlowNumbers(), DataLoaderOptions(options).enforce_ordering(false));
  Batches batches = all_of(*loose);
  EXPECT_NE(batches.front(), (std::vector<int>{1, 2})) << "the slow first batch came first";
  std::sort(batches.begin(), batches.end());
  EXPECT_EQ(batches, expected_batches(24, 2));
}

TEST(DataLoader, WorkersWorkAtTheSameTime) {
  static std::atomic<int> inside, most;
  inside = most = 0;
  struct Meeting : datasets::Dataset<Meeting, int> {
    int get(size_t) override {
      const int now = ++inside;
      for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
      }
      // Leaves only when all four have been inside together (or after far too long).
      for (int i = 0; i < 2000 && most < 4; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return --inside;
    }
    std::optional<size_t> size() const override { return 8; }
  };
  all_of(*make_data_loader<SequentialSampler>(Meeting(), DataLoaderOptions(1).workers(4)));
  EXPECT_EQ(most, 4);
}

TEST(DataLoader, ExceptionsOfWorkersArriveInTheCaller) {
  auto loader = make_data_loader<SequentialSampler>(Throwing(), DataLoaderOptions(1).workers(2));
  auto it = loader->begin();
  for (int i = 0; i < 4; ++i) ++it;
  EXPECT_EQ((*it)[0], 4);
  try {
    ++it;
    FAIL() << "nothing thrown";
  } catch (const WorkerException& error) {
    EXPECT_STREQ(error.what(), "Caught exception in DataLoader worker thread. Original message: badness");
    EXPECT_THROW(std::rethrow_exception(error.original_exception), std::invalid_argument);
  }
  auto here = make_data_loader<SequentialSampler>(Throwing(), 4);
  EXPECT_THROW(all_of(*here), std::invalid_argument);
}

TEST(DataLoader, TimesOut) {
  struct Sleeper : datasets::Dataset<Sleeper, int> {
    int get(size_t) override {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      return 0;
    }
    std::optional<size_t> size() const override { return 2; }
  };
  auto loader = make_data_loader<SequentialSampler>(
      Sleeper(), DataLoaderOptions(1).workers(1).timeout(std::chrono::milliseconds(10)));
  EXPECT_TRUE(contains(error_of([&] { *loader->begin(); }),
                       "Timeout in DataLoader queue while waiting for next batch (timeout was 10 ms)"));
}

TEST(DataLoader, EndsCleanlyInTheMiddleOfAnEpoch) {
  for (int repeat = 0; repeat < 20; ++repeat) {
    auto loader = make_data_loader<SequentialSampler>(Numbers(1000), DataLoaderOptions(7).workers(3).max_jobs(10));
    auto it = loader->begin();
    for (int i = 0; i < repeat; ++i) ++it;
    if (repeat % 2) {
      loader->join();
      EXPECT_TRUE(contains(error_of([&] { ++it; }), "DataLoader: its workers were joined"));
    }
  }
}

TEST(DataLoader, RefusesASecondIteratorWhileBatchesAreUnderWay) {
  auto loader = make_data_loader<SequentialSampler>(Numbers(100), DataLoaderOptions(1).workers(2));
  auto it = loader->begin();
  EXPECT_EQ((*it)[0], 1);
  EXPECT_TRUE(contains(error_of([&] { loader->begin(); }),
                       "Attempted to get a new DataLoader iterator while another iterator is not yet exhausted"));
}

TEST(DataLoader, BeginsAtALaterBatch) {
  for (const size_t workers : {0, 2}) {
    auto loader = make_data_loader<SequentialSampler>(Numbers(20), DataLoaderOptions(4).workers(workers));
    const Batches all = all_of(*loader);
    for (size_t first = 0; first <= 6; ++first) {
      Batches rest;
      for (auto it = loader->begin(first); it != loader->end(); ++it) rest.push_back(*it);
      EXPECT_EQ(rest, Batches(all.begin() + static_cast<int64_t>(std::min<size_t>(first, 5)), all.end()));
    }
  }
}

TEST(DataLoader, RefusesOptionsThatCannotWork) {
  EXPECT_TRUE(contains(error_of([] { make_data_loader<SequentialSampler>(Numbers(), 0); }),
                       "DataLoader: batch_size must be positive"));
  EXPECT_TRUE(contains(
      error_of([] { make_data_loader<SequentialSampler>(Numbers(), DataLoaderOptions(1).workers(1).max_jobs(0)); }),
      "DataLoader: workers need max_jobs of at least 1"));
  struct Endless : datasets::Dataset<Endless, int> {
    int get(size_t) override { return 0; }
    std::optional<size_t> size() const override { return std::nullopt; }
  };
  EXPECT_TRUE(contains(error_of([] { make_data_loader<SequentialSampler>(Endless(), 1); }),
                       "Expected the dataset to be sized in order to construct the Sampler"));
}

TEST(DataLoader, TellsItsOptions) {
  auto loader = make_data_loader<SequentialSampler>(Numbers(), DataLoaderOptions(3).workers(2));
  EXPECT_EQ(loader->options().batch_size, 3u);
  EXPECT_EQ(loader->options().max_jobs, 4u);
  EXPECT_TRUE(loader->options().enforce_ordering);
  EXPECT_FALSE(loader->options().timeout.has_value());
}

TEST(Iterator, IsAnInputIterator) {
  auto loader = make_data_loader<SequentialSampler>(Numbers(6), 2);
  Batches copied;
  std::copy(loader->begin(), loader->end(), std::back_inserter(copied));
  EXPECT_EQ(copied, expected_batches(6, 2));
  auto it = loader->begin();
  EXPECT_EQ(it->size(), 2u);
  EXPECT_TRUE(it == it);
  EXPECT_TRUE(loader->end() == loader->end());
  EXPECT_TRUE(it != loader->end());
  EXPECT_TRUE(loader->end() != it);
  ++ ++it;
  EXPECT_EQ((*it)[0], 5);
  ++it;
  EXPECT_TRUE(it == loader->end());
  EXPECT_TRUE(contains(error_of([&] { ++it; }), "Attempted to increment iterator past the end"));
  EXPECT_TRUE(contains(error_of([&] { *it; }), "Attempted to dereference iterator that was past the end"));
  auto end = loader->end();
  EXPECT_TRUE(contains(error_of([&] { ++end; }), "past-the-end iterator is not allowed"));
  EXPECT_TRUE(contains(error_of([&] { *end; }), "past-the-end iterator is not allowed"));
}

TEST(Transforms, MapAppliesToEveryExampleInTurn) {
  auto doubled = Numbers(10)
                     .map(transforms::Lambda<int>([](int x) { return 2 * x; }))
                     .map(transforms::Lambda<int, std::string>([](int x) { return std::to_string(x); }));
  EXPECT_EQ(doubled.size().value(), 10u);
  const std::vector<size_t> indices = {4, 0, 9};
  EXPECT_EQ(doubled.get_batch(indices), (std::vector<std::string>{"10", "2", "20"}));
  Numbers numbers(10);
  auto sum = numbers.map(transforms::BatchLambda<std::vector<int>, int>(
      [](std::vector<int> batch) { return std::accumulate(batch.begin(), batch.end(), 0); }));
  EXPECT_EQ(sum.get_batch(indices), 16);
  auto loader = make_data_loader<SequentialSampler>(std::move(sum), DataLoaderOptions(4).workers(2));
  std::vector<int> sums;
  for (const int value : *loader) sums.push_back(value);
  EXPECT_EQ(sums, (std::vector<int>{10, 26, 19}));
}

TEST(Datasets, ASharedOneIsNotCopied) {
  struct Counter : datasets::Dataset<Counter, int> {
    int get(size_t) override { return ++count; }
    std::optional<size_t> size() const override { return 5; }
    std::atomic<int> count = 0;
  };
  auto shared = datasets::make_shared_dataset<Counter>();
  all_of(*make_data_loader<SequentialSampler>(shared, DataLoaderOptions(1).workers(2)));
  EXPECT_EQ(shared->count, 5);
  EXPECT_EQ((*shared).size(), 5u);
}

TEST(Samplers, SequentialCountsUp) {
  SequentialSampler sampler(10);
  EXPECT_EQ(sampler.next(4), (std::vector<size_t>{0, 1, 2, 3}));
  EXPECT_EQ(sampler.index(), 4u);
  EXPECT_EQ(sampler.next(6), (std::vector<size_t>{4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(sampler.next(1), std::nullopt);
  sampler.reset();
  EXPECT_EQ(sampler.next(1), (std::vector<size_t>{0}));
  sampler.reset(2);
  EXPECT_EQ(sampler.next(5), (std::vector<size_t>{0, 1}));
}

}  // namespace
}  // namespace gradus::data
