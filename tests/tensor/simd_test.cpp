// The first lanes of a vector, on the instruction set in use: moved, they touch no memory beyond them.
#include "gradus/tensor/kernels/simd.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <vector>

namespace gradus::simd {
namespace {

/// Elements that end where a page begins that nobody may touch.
template <class T>
struct BeforeTheEnd {
  static constexpr int count = 64;
  size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  char* pages = static_cast<char*>(mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  BeforeTheEnd() { mprotect(pages + page, page, PROT_NONE); }
  ~BeforeTheEnd() { munmap(pages, 2 * page); }
  BeforeTheEnd(const BeforeTheEnd&) = delete;
  /// The last n elements, all with this value, as those before them.
  T* last(int64_t n, T value) const {
    T* end = reinterpret_cast<T*>(pages + page);
    std::fill(end - count, end, value);
    return end - n;
  }
};

template <class T>
struct Load {
  template <class A>
  GRADUS_INLINE static void run(const T* from, T* to, int64_t n, int* lanes) {
    using V = typename A::template vec<T>;
    *lanes = V::size;
    if (n < V::size) V::load(from, n).store(to);
  }
};
template <class T>
struct Store {
  template <class A>
  GRADUS_INLINE static void run(const T* from, T* to, int64_t n) {
    using V = typename A::template vec<T>;
    if (n < V::size) V::load(from).store(to, n);
  }
};
template <class T>
struct Keep {
  template <class A>
  GRADUS_INLINE static void run(const T* from, T* to, int64_t n) {
    using V = typename A::template vec<T>;
    if (n < V::size) V::load(from).keep(n, V(T(-1))).store(to);
  }
};

template <class T>
struct FirstLanes : testing::Test {
  static int lanes() {
    T any[64] = {};
    int n = 0;
    call<Load<T>>(static_cast<const T*>(any), static_cast<T*>(any), int64_t{0}, &n);
    return n;
  }
  std::vector<T> numbers() {
    std::vector<T> x(64);
    for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<T>(i + 1);
    return x;
  }
  BeforeTheEnd<T> memory;
};

using Types = testing::Types<float, double, int32_t, int64_t, int8_t>;
TYPED_TEST_SUITE(FirstLanes, Types);

TYPED_TEST(FirstLanes, AreLoadedAndTheOthersAreZero) {
  for (int n = 0; n < this->lanes(); ++n) {
    std::vector<TypeParam> to(64, 9);
    int lanes = 0;
    call<Load<TypeParam>>(static_cast<const TypeParam*>(this->memory.last(n, 5)), to.data(), int64_t{n}, &lanes);
    for (int i = 0; i < lanes; ++i) EXPECT_EQ(to[static_cast<size_t>(i)], i < n ? 5 : 0) << n << ", lane " << i;
  }
}

TYPED_TEST(FirstLanes, AreStoredAndNothingElse) {
  const std::vector<TypeParam> from = this->numbers();
  for (int n = 0; n < this->lanes(); ++n) {
    TypeParam* to = this->memory.last(n, 99);
    call<Store<TypeParam>>(from.data(), to, int64_t{n});
    for (int i = -1; i < n; ++i) EXPECT_EQ(to[i], i < 0 ? 99 : from[static_cast<size_t>(i)]) << n << ", lane " << i;
  }
  for (int n = 0; n < this->lanes(); ++n) {
    std::vector<TypeParam> to(64, 99);
    call<Store<TypeParam>>(from.data(), to.data(), int64_t{n});
    for (size_t i = 0; i < to.size(); ++i) EXPECT_EQ(to[i], i < static_cast<size_t>(n) ? from[i] : 99) << n;
  }
}

TYPED_TEST(FirstLanes, AreKept) {
  const std::vector<TypeParam> from = this->numbers();
  for (int n = 0; n < this->lanes(); ++n) {
    std::vector<TypeParam> to(64);
    call<Keep<TypeParam>>(from.data(), to.data(), int64_t{n});
    for (int i = 0; i < this->lanes(); ++i) {
      const size_t at = static_cast<size_t>(i);
      EXPECT_EQ(to[at], i < n ? from[at] : static_cast<TypeParam>(-1)) << n << ", lane " << i;
    }
  }
}

}  // namespace
}  // namespace gradus::simd
