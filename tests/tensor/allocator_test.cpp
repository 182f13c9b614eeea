// The caching allocator: alignment, reuse, figures, the cap, threads.
#include "gradus/tensor/allocator.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <thread>
#include <vector>

#include "gradus/gradus.h"
#include "gradus/tensor/sanitizer.h"
#include "gradus/tests/misuse.h"

using namespace gradus;

namespace {

constexpr bool caching = !address_sanitizer;
constexpr int64_t lag = 64 * 1024;  // what a thread may not yet have reported

TEST(Allocator, BlocksAreAlignedAndApart) {
  std::mt19937 rng(3);
  struct Block {
    unsigned char* p;
    size_t n;
    unsigned char mark;
  };
  std::vector<Block> blocks;
  for (int i = 0; i < 2000; ++i) {
    if (!blocks.empty() && rng() % 3 == 0) {
      std::swap(blocks[rng() % blocks.size()], blocks.back());
      const Block b = blocks.back();
      for (size_t k = 0; k < b.n; k += 1 + b.n / 7) ASSERT_EQ(b.p[k], b.mark);
      deallocate(b.p, b.n);
      blocks.pop_back();
      continue;
    }
    const size_t n = rng() % 5 == 0 ? rng() % 3000000 : rng() % 3000;
    auto* p = static_cast<unsigned char*>(allocate(n));
    ASSERT_EQ(reinterpret_cast<uintptr_t>(p) % 64, 0u);
    std::memset(p, i & 255, n);
    blocks.push_back({p, n, static_cast<unsigned char>(i & 255)});
  }
  for (const Block& b : blocks) {
    for (size_t k = 0; k < b.n; ++k) ASSERT_EQ(b.p[k], b.mark);
    deallocate(b.p, b.n);
  }
}

TEST(Allocator, WhatIsFreedIsUsedAgain) {
  auto step = [] {
    const Tensor x = ones({300, 300});
    const Tensor small = ones({8});
    return (x * 2 + x).sum() + small.sum();
  };
  for (int i = 0; i < 3; ++i) step();
  const int64_t before = memory_stats().system_calls;
  for (int i = 0; i < 100; ++i) step();
  EXPECT_EQ(memory_stats().system_calls == before, caching);
}

// Segments are whole pages of 2 MiB, and a tensor takes a little more than its elements.
int64_t held() { return memory_stats().live + memory_stats().cached; }

TEST(Allocator, LargeBlocksOfManySizesShareTheirMemory) {
  if (!caching) GTEST_SKIP() << "nothing is kept under the address sanitizer";
  empty_cache();
  const int64_t before = held();
  { const Tensor whole = empty({40 << 20}, kByte); }
  EXPECT_LE(held() - before, (42 << 20) + lag);
  for (int round = 0; round < 3; ++round) {  // in all orders, with gaps between those in use
    const Tensor a = empty({7 << 20}, kByte), c = empty({9 << 20}, kByte);
    { const Tensor b = empty({5 << 20}, kByte), d = empty({11 << 20}, kByte); }
    const Tensor e = empty({3 << 20}, kByte), f = empty({(20 << 20) - 5}, kByte);
  }
  const Tensor again = empty({40 << 20}, kByte);  // all pieces are one again
  EXPECT_LE(held() - before, (42 << 20) + lag);
}

// A segment that cannot serve a request goes back before another comes.
TEST(Allocator, FreeSegmentsThatAreTooSmallDoNotStay) {
  if (!caching) GTEST_SKIP() << "nothing is kept under the address sanitizer";
  empty_cache();
  const int64_t before = held();
  for (int64_t size : {20, 30, 46, 70, 100}) empty({size << 20}, kByte);
  EXPECT_LE(held() - before, (102 << 20) + lag);
}

TEST(Allocator, FiguresFollowTheTensors) {
  empty_cache();
  const MemoryStats before = memory_stats();
  {
    const Tensor x = empty({1 << 20}, kDouble);
    const MemoryStats now = memory_stats();
    EXPECT_GE(now.live - before.live, (8 << 20) - lag);
    EXPECT_LE(now.live - before.live, (10 << 20) + lag);
    EXPECT_GE(now.peak, now.live);
  }
  const MemoryStats after = memory_stats();
  EXPECT_LE(after.live, before.live + lag);
  EXPECT_EQ(after.cached >= (8 << 20) - lag, caching);
  reset_peak_memory_stats();
  EXPECT_LE(memory_stats().peak, memory_stats().live + lag);
  empty_cache();
  EXPECT_LE(memory_stats().cached, lag);
}

TEST(Allocator, ACapIsKept) {
  empty_cache();
  const size_t cap = static_cast<size_t>(memory_stats().live) + (16u << 20);
  set_memory_cap(cap);
  EXPECT_EQ(memory_cap(), cap);
  { const Tensor fits = empty({8 << 20}, kByte); }
  // What is cached goes back before an allocation is refused.
  { const Tensor fits_too = empty({12 << 20}, kByte); }
  const std::string said = gradus_tests::error_of([] { empty({64 << 20}, kByte); });
  EXPECT_NE(said.find(str(" bytes would exceed the cap of ", cap, " bytes (")), std::string::npos) << said;
  EXPECT_EQ(said.find("allocate: out of memory, 671"), 0u) << said;
  set_memory_cap(0);
  EXPECT_EQ(empty({64 << 20}, kByte).numel(), 64 << 20);
}

TEST(Allocator, TheImpossibleIsAnError) {
  EXPECT_THROW(allocate(SIZE_MAX / 2), Error);
  EXPECT_THROW(empty({int64_t{1} << 60}, kDouble), Error);
  void* p = allocate(0);
  deallocate(p, 0);
}

TEST(Allocator, BlocksMayBeFreedByOtherThreads) {
  for (int round = 0; round < 20; ++round) {
    std::vector<Tensor> made(200);
    std::thread maker([&] {
      for (size_t i = 0; i < made.size(); ++i) made[i] = full({static_cast<int64_t>(i % 50 * 40 + 1)}, 3.0);
    });
    maker.join();
    std::vector<std::thread> users;
    for (size_t t = 0; t < 4; ++t)
      users.emplace_back([&, t] {
        for (size_t i = t; i < made.size(); i += 4) {
          EXPECT_EQ(made[i][0].item<float>(), 3.f);
          made[i] = Tensor();
          const Tensor other = zeros({static_cast<int64_t>(i)});
        }
      });
    for (auto& u : users) u.join();
  }
}

}  // namespace
