// Memory that runs out in a thread of the library, or in a loader's worker: the caller learns of it, nothing ends the
// program.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "gradus/gradus.h"
#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/parallel.h"
#include "gradus/tests/memory/refusal.h"

using namespace gradus;
using memory_tests::Outcome;
using memory_tests::Source;

namespace {

class ThreadMemory : public testing::Test {
 protected:
  ThreadMemory() { set_num_threads(4); }
  ~ThreadMemory() override { set_num_threads(threads_); }

 private:
  int threads_ = get_num_threads();
};

TEST_F(ThreadMemory, ARefusalInAThreadReachesTheCaller) {
  constexpr int64_t pieces = 64;
  const std::thread::id here = std::this_thread::get_id();
  for (Source source : memory_tests::sources()) {
    std::atomic<int64_t> done{0}, elsewhere{0};
    // This thread waits, in its first piece, until the others have begun more than n.
    auto work = [&](int64_t n) {
      done = elsewhere = 0;
      parallel_for(pieces, 1, [&](int64_t i, int64_t) {
        if (std::this_thread::get_id() != here) ++elsewhere;
        while (std::this_thread::get_id() == here && elsewhere <= n) std::this_thread::yield();
        const kernels::Scratch<float> some(100 + i);
        const std::vector<double> more(static_cast<size_t>(100 + i), 1.0);
        done += some.get() != nullptr && more.back() == 1.0;
      });
    };
    work(0);
    ASSERT_EQ(done, pieces);
    for (int64_t n : {0, 1, 20, 47}) {
      EXPECT_EQ(memory_tests::call(
                    source, n, [&] { work(n); }, true),
                Outcome::refused)
          << n;
      EXPECT_LT(done, pieces);
    }
    EXPECT_EQ(memory_tests::call(
                  source, pieces, [&] { work(0); }, true),
              Outcome::not_met);
    EXPECT_EQ(done, pieces);
  }
}

TEST_F(ThreadMemory, OperationsThrowWhatTheirThreadsMeet) {
  const Tensor rows = randn({64, 4000}), square = randn({300, 300}, kDouble);
  const Tensor image = randn({4, 8, 40, 40}, kDouble), filters = randn({8, 8, 3, 3}, kDouble);
  const std::vector<std::pair<const char*, std::function<Tensor()>>> operations = {
      {"sort", [&] { return std::get<0>(rows.sort(1)); }},
      {"topk", [&] { return std::get<0>(rows.topk(100, 1)); }},
      {"median", [&] { return std::get<0>(rows.median(1)); }},
      {"cumsum", [&] { return rows.cumsum(1); }},
      {"softmax", [&] { return softmax(rows, 1); }},
      {"sum", [&] { return rows.sum(0); }},
      {"matmul", [&] { return square.matmul(square); }},
      {"conv2d", [&] { return conv2d(image, filters); }},
      {"max_pool2d",
       [&] {
         return max_pool2d(image, {2, 2});
       }},
      {"layer_norm", [&] { return layer_norm(rows, {4000}); }},
      {"exp", [&] { return rows.exp(); }},
      {"randn", [] { return randn({1 << 18}); }}};
  for (const auto& [name, operation] : operations) {
    operation();
    for (Source source : memory_tests::sources()) {
      Outcome outcome = Outcome::refused;
      for (int64_t n = 0; n < 10000 && outcome != Outcome::not_met; ++n) {
        outcome = memory_tests::call(source, n, operation, true);
        ASSERT_NE(outcome, Outcome::wrong) << name << ", allocation " << n;
      }
    }
    EXPECT_TRUE(operation().defined()) << name;
  }
}

/// Numbers as tensors; batches are made by stacking.
struct Numbers : data::datasets::Dataset<Numbers> {
  data::Example<> get(size_t i) override {
    return {full({8}, static_cast<double>(i)), scalar_tensor(static_cast<int64_t>(i), kLong)};
  }
  std::optional<size_t> size() const override { return 40; }
};

/// The sum of all targets, by workers; throws what a worker met.
int64_t sum_of_targets() {
  auto loader = data::make_data_loader<data::samplers::SequentialSampler>(Numbers().map(data::transforms::Stack<>()),
                                                                          data::DataLoaderOptions(4).workers(2));
  int64_t sum = 0;
  try {
    for (const auto& batch : *loader) sum += batch.target.sum().item<int64_t>();
  } catch (const data::WorkerException& e) {
    std::rethrow_exception(e.original_exception);
  }
  return sum;
}

TEST_F(ThreadMemory, ALoadersWorkersHandOnWhatTheyMeet) {
  ASSERT_EQ(sum_of_targets(), 780);
  for (Source source : memory_tests::sources()) {
    Outcome outcome = Outcome::refused;
    int64_t n = 0;
    for (; n < 10000 && outcome != Outcome::not_met; ++n) {
      int64_t sum = 780;
      outcome = memory_tests::call(
          source, n, [&] { sum = sum_of_targets(); }, true);
      ASSERT_NE(outcome, Outcome::wrong) << n;
      ASSERT_EQ(sum, 780) << n;
    }
    EXPECT_GT(n, 20);
  }
  EXPECT_EQ(sum_of_targets(), 780);
}

}  // namespace
