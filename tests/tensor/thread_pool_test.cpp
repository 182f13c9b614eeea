// The library's threads: every piece once, errors that arrive, loops side by side, forks, signals, sleep.
#include "gradus/tensor/thread_pool.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "gradus/gradus.h"
#include "gradus/tensor/parallel.h"
#include "gradus/tensor/sanitizer.h"

using namespace gradus;
using gradus::detail::ThreadPool;

namespace {

struct Counts {
  explicit Counts(int64_t n) : calls(static_cast<size_t>(n)) {}
  std::vector<std::atomic<int>> calls;
  static void piece(const void* p, int64_t i) {
    ++static_cast<Counts*>(const_cast<void*>(p))->calls[static_cast<size_t>(i)];
  }
  void expect_one_each() const {
    for (size_t i = 0; i < calls.size(); ++i) ASSERT_EQ(calls[i], 1) << "piece " << i << " of " << calls.size();
  }
};

class Threads : public testing::Test {
 protected:
  ~Threads() override { set_num_threads(threads_); }

 private:
  int threads_ = get_num_threads();
};

TEST(ThreadPool, EveryPieceIsCalledOnce) {
  ThreadPool pool;
  for (int team : {2, 3, 8, 1, 5})
    for (int64_t pieces : {1, 2, 3, 7, 8, 9, 64, 1000})
      for (int repeat = 0; repeat < 5; ++repeat) {
        Counts counts(pieces);
        ASSERT_TRUE(pool.run(team, pieces, &counts, Counts::piece));
        counts.expect_one_each();
      }
  pool.stop();
}

TEST(ThreadPool, WithoutThreadsTheCallerDoesAll) {
  ThreadPool pool;
  pool.stop();
  Counts counts(20);
  ASSERT_TRUE(pool.run(4, 20, &counts, Counts::piece));
  counts.expect_one_each();
}

TEST(ThreadPool, HasOneLoopAtATime) {
  ThreadPool pool;
  struct Inner {
    ThreadPool* pool;
    std::atomic<int> refused{0};
  } inner{&pool};
  ASSERT_TRUE(pool.run(2, 10, &inner, [](const void* p, int64_t) {
    auto* const all = static_cast<Inner*>(const_cast<void*>(p));
    Counts counts(3);
    all->refused += !all->pool->run(2, 3, &counts, Counts::piece);
  }));
  EXPECT_EQ(inner.refused, 10);
  pool.stop();
}

TEST(ThreadPool, WhoIsDoneTakesWhatOthersHaveNotBegun) {
  ThreadPool pool;
  // The caller stays in its first piece until all others are done, those of its own share too.
  struct Loop {
    std::thread::id caller = std::this_thread::get_id();
    std::atomic<int> done{0};
  } loop;
  ASSERT_TRUE(pool.run(2, 100, &loop, [](const void* p, int64_t) {
    auto* const all = static_cast<Loop*>(const_cast<void*>(p));
    while (std::this_thread::get_id() == all->caller && all->done < 99) std::this_thread::yield();
    ++all->done;
  }));
  EXPECT_EQ(loop.done, 100);
  pool.stop();
}

TEST_F(Threads, AnExceptionReachesTheCallerAndTheNextLoopRuns) {
  set_num_threads(4);
  for (int64_t bad : {0, 1, 31, 63}) {
    try {
      parallel_for(64, 1, [&](int64_t i, int64_t) {
        if (i == bad) fail("piece ", i, ": refused");
      });
      FAIL() << "nothing thrown";
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find(str("piece ", bad, ": refused")), std::string::npos) << e.what();
    }
    std::atomic<int64_t> sum{0};
    parallel_for(64, 1, [&](int64_t i, int64_t) { sum += i; });
    EXPECT_EQ(sum, 2016);
  }
}

TEST_F(Threads, LoopsInLoopsRunOnTheirCaller) {
  set_num_threads(4);
  std::atomic<int64_t> inner{0}, elsewhere{0};
  parallel_for(16, 1, [&](int64_t, int64_t) {
    EXPECT_TRUE(gradus::detail::in_parallel());
    const std::thread::id mine = std::this_thread::get_id();
    parallel_for(10, 1, [&](int64_t, int64_t) {
      ++inner;
      elsewhere += std::this_thread::get_id() != mine;
    });
  });
  EXPECT_FALSE(gradus::detail::in_parallel());
  EXPECT_EQ(inner, 160);
  EXPECT_EQ(elsewhere, 0);
}

TEST_F(Threads, SeveralCallersAtOnceGetTheirResults) {
  set_num_threads(3);
  const Tensor x = arange(200000, kDouble);
  const double sum = x.sum().item<double>();
  std::vector<std::thread> callers;
  std::atomic<int> right{0};
  for (int t = 0; t < 4; ++t)
    callers.emplace_back([&] {
      for (int i = 0; i < 50; ++i) right += (x + x).sum().item<double>() == 2 * sum;
    });
  for (std::thread& t : callers) t.join();
  EXPECT_EQ(right, 200);
}

TEST_F(Threads, AForkedChildHasThreadsOfItsOwn) {
  if (thread_sanitizer) GTEST_SKIP() << "the thread sanitizer ends children that begin threads";
  set_num_threads(2);
  const Tensor x = arange(200000, kDouble);
  const double sum = (x + x).sum().item<double>();
  const pid_t child = fork();
  if (child == 0) {
    bool right = true;
    for (int i = 0; i < 20; ++i) right = right && (x + x).sum().item<double>() == sum;
    _exit(right ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_EQ((x + x).sum().item<double>(), sum);
}

TEST_F(Threads, TheyLeaveSignalsToTheHostProgram) {
  set_num_threads(2);
  const std::thread::id here = std::this_thread::get_id();
  std::atomic<int> seen{0}, blocked{0};
  parallel_for(2, 1, [&](int64_t, int64_t) {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    if (std::this_thread::get_id() != here) blocked = sigismember(&mask, SIGINT);
    ++seen;
    while (seen < 2) std::this_thread::yield();
  });
  EXPECT_EQ(blocked, 1);
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  EXPECT_EQ(sigismember(&mask, SIGINT), 0);
}

/// True if every thread of the library sleeps; `any` tells whether there is one.
bool all_sleep(bool& any) {
  bool sleep = true;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name, pid, command, state;
    std::ifstream(task.path() / "comm") >> name;
    if (name != "gradus") continue;
    any = true;
    std::ifstream(task.path() / "stat") >> pid >> command >> state;
    sleep = sleep && state == "S";
  }
  return sleep;
}

TEST_F(Threads, TheySleepWhenThereIsNothingToDo) {
  set_num_threads(3);
  std::atomic<int> seen{0};
  parallel_for(30, 1, [&](int64_t, int64_t) { ++seen; });
  bool any = false, asleep = false;
  for (int i = 0; i < 1000 && !asleep; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    asleep = all_sleep(any);
  }
  EXPECT_TRUE(any);
  EXPECT_TRUE(asleep);
  parallel_for(30, 1, [&](int64_t, int64_t) { ++seen; });
  EXPECT_EQ(seen, 60);
}

TEST_F(Threads, AThreadThatTheSystemRefusesIsDoneWithout) {
  if (address_sanitizer || thread_sanitizer) GTEST_SKIP() << "a sanitizer's own memory meets the limit first";
  // More stacks than the address space of a child has room for.
  const pid_t child = fork();
  if (child == 0) {
    rlimit limit{size_t{2} << 30, RLIM_INFINITY};
    setrlimit(RLIMIT_AS, &limit);
    ThreadPool pool;
    Counts counts(5000);
    const bool ran = pool.run(2000, 5000, &counts, Counts::piece);
    bool once = true;
    for (const auto& n : counts.calls) once = once && n == 1;
    _exit(ran && once ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

}  // namespace
