// What the system and oneDNN refuse. Memory is refused by a limit on the address space of a process of its own.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "gradus/gradus.h"
#include "gradus/tensor/config.h"
#include "gradus/tensor/sanitizer.h"
#include "gradus/tests/misuse.h"

using namespace gradus;

namespace {

constexpr bool sanitized = address_sanitizer || thread_sanitizer;  // whose own memory a limit would hit first

bool has_onednn() { return show_config().find("oneDNN: none") == std::string::npos; }

[[gnu::noinline]] void touch_stack() {
  volatile char bytes[1 << 20];
  for (size_t i = 0; i < sizeof bytes; i += 4096) bytes[i] = 1;
}

/// Calls f when this process may take no more memory; prints what that says, and ends the process.
template <class F>
[[noreturn]] void call_without_memory(const F& f) {
  touch_stack();
  size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  rlimit limit{};
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = pages * static_cast<size_t>(sysconf(_SC_PAGESIZE));
  setrlimit(RLIMIT_AS, &limit);
  try {
    f();
  } catch (const Error& e) {
    std::fputs(e.what(), stderr);
    _exit(0);
  } catch (...) {
    _exit(2);
  }
  _exit(1);
}

class Scarce : public testing::Test {
 protected:
  void SetUp() override {
    if (sanitized) GTEST_SKIP() << "the sanitizer's own memory would be refused";
    GTEST_FLAG_SET(death_test_style, "threadsafe");
  }
};

TEST_F(Scarce, MemoryOfTensors) {
  EXPECT_EXIT(call_without_memory([] { empty({int64_t{1} << 30}, kByte); }), testing::ExitedWithCode(0),
              "allocate: out of memory, the system refused ");
}

TEST_F(Scarce, MemoryOfOneDnn) {
  if (!has_onednn()) GTEST_SKIP() << "built without oneDNN";
  EXPECT_EXIT(
      {
        set_num_threads(1);
        const Tensor a = ones({2000, 2000});
        mm(ones({8, 2000}), a);              // a thin product, which oneDNN computes, compiles its code
        { const Tensor y = empty_like(a); }  // what the allocator keeps is the result's
        call_without_memory([&] { mm(a, a); });
      },
      testing::ExitedWithCode(0), "matmul: oneDNN failed with status 1");
}

TEST(Limits, StridesThatOneDnnDoesNotTake) {
  if (!has_onednn()) GTEST_SKIP() << "built without oneDNN";
  const auto said = gradus_tests::error_of([] {
    conv2d(ones({1, 16, 16, 16}), ones({16, 16, 3, 3}), {}, int64_t{1} << 40);
  });
  EXPECT_EQ(said.find("convolution: oneDNN failed with status 2: could not create"), 0u) << said;
}

/// Addresses behind which there is nothing: 2^31 rows of two numbers, which are counted before they are read.
TEST(Limits, MoreRowsThanAnIndexCounts) {
  const int64_t rows = int64_t{1} << 31;
  const size_t bytes = static_cast<size_t>(rows) * 2 * sizeof(float);
  void* nothing = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(nothing, MAP_FAILED);
  EXPECT_EQ(gradus_tests::error_of([&] {
              argmax(from_blob(nothing, {rows, 2}), 0);
            }),
            "argmax: too many elements along the dimension, got 2147483648");
  munmap(nothing, bytes);
}

}  // namespace
