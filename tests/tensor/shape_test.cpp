// Shapes, strides and broadcasting as values.
#include "gradus/tensor/shape.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "gradus/tests/misuse.h"

using namespace gradus;

namespace {

using gradus_tests::error_of;

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Shape, CountsElements) {
  EXPECT_EQ(count_elements({}), 1);
  EXPECT_EQ(count_elements({2, 3, 4}), 24);
  EXPECT_EQ(count_elements({2, 0, 4}), 0);
  EXPECT_TRUE(contains(error_of([] { count_elements({2, -1}); }), "negative dimension -1: [2, -1]"));
  const int64_t big = int64_t{1} << 40;
  EXPECT_TRUE(contains(error_of([&] { count_elements({big, big}); }), "overflows"));
  EXPECT_EQ(count_elements({big, big, 0}), 0);
}

TEST(Shape, Strides) {
  EXPECT_EQ(IntArrayRef(contiguous_strides({2, 3, 4})), IntArrayRef({12, 4, 1}));
  EXPECT_EQ(IntArrayRef(contiguous_strides({2, 0, 4})), IntArrayRef({4, 4, 1}));
  EXPECT_TRUE(is_contiguous({2, 3}, {3, 1}));
  EXPECT_TRUE(is_contiguous({2, 1, 3}, {3, 77, 1}));
  EXPECT_TRUE(is_contiguous({0, 3}, {9, 9}));
  EXPECT_FALSE(is_contiguous({2, 3}, {1, 2}));
  EXPECT_TRUE(is_dense({2, 3}, {1, 2}));
  EXPECT_FALSE(is_dense({2, 3}, {6, 1}));
  EXPECT_FALSE(is_dense({2, 3}, {0, 1}));
}

TEST(Shape, Broadcasting) {
  EXPECT_EQ(IntArrayRef(broadcast("add", {3, 1}, {4})), IntArrayRef({3, 4}));
  EXPECT_EQ(IntArrayRef(broadcast("add", {}, {2, 3})), IntArrayRef({2, 3}));
  EXPECT_EQ(IntArrayRef(broadcast("add", {1, 0}, {5, 1})), IntArrayRef({5, 0}));
  EXPECT_EQ(error_of([] {
              broadcast("add", {2, 3}, {4});
            }),
            "add: The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1, got "
            "[2, 3] and [4]");
  EXPECT_EQ(IntArrayRef(broadcast_strides({3, 1}, {1, 1}, {2, 3, 4})), IntArrayRef({0, 1, 0}));
}

TEST(Shape, Dimensions) {
  EXPECT_EQ(wrap_dim(-1, 3), 2);
  EXPECT_EQ(wrap_dim(0, 0), 0);
  EXPECT_EQ(error_of([] { wrap_dim(2, 2); }), "Dimension out of range (expected to be in range of [-2, 1], but got 2)");
  EXPECT_THROW(wrap_dim(-3, 2), IndexError);
  EXPECT_THROW(wrap_dim(1, 0), IndexError);
  EXPECT_THROW(wrap_dim(std::numeric_limits<int64_t>::min(), 4), IndexError);
}

TEST(Shape, InferredSizes) {
  EXPECT_EQ(IntArrayRef(infer_size({-1, 4}, 24)), IntArrayRef({6, 4}));
  EXPECT_EQ(IntArrayRef(infer_size({}, 1)), IntArrayRef());
  EXPECT_EQ(IntArrayRef(infer_size({3, -1}, 0)), IntArrayRef({3, 0}));
  EXPECT_TRUE(contains(error_of([] { infer_size({4}, 6); }), "shape '[4]' is invalid for input of size 6"));
  EXPECT_TRUE(contains(error_of([] { infer_size({-1, -1}, 6); }), "only one dimension can be inferred"));
  EXPECT_TRUE(contains(error_of([] { infer_size({-1, 0}, 0); }), "is ambiguous"));
  EXPECT_TRUE(contains(error_of([] { infer_size({-2, 3}, 6); }), "invalid shape dimension -2"));
  const int64_t big = int64_t{1} << 40;
  EXPECT_TRUE(contains(error_of([&] { infer_size({big, big}, 0); }), "is invalid for input of size 0"));
}

// Strides of a view against the definition: element k of both, in row-major order, lies at one place.
TEST(Shape, ViewStridesShowTheSameElements) {
  auto place = [](int64_t k, IntArrayRef sizes, IntArrayRef strides) {
    int64_t at = 0;
    for (size_t d = sizes.size(); d-- > 0; k /= sizes[d]) at += k % sizes[d] * strides[d];
    return at;
  };
  std::mt19937 rng(1);
  auto pick = [&](std::initializer_list<int64_t> of) { return of.begin()[rng() % of.size()]; };
  int views = 0, copies = 0;
  for (int round = 0; round < 3000; ++round) {
    Sizes old_sizes, old_strides;
    int64_t step = pick({1, 2});
    for (size_t d = rng() % 4; d-- > 0;) {
      old_sizes.push_back(pick({1, 2, 3, 4}));
      old_strides.push_back(step);
      step *= old_sizes.back() * (rng() % 4 == 0 ? 2 : 1);
    }
    if (rng() % 3) {
      std::reverse(old_sizes.begin(), old_sizes.end());
      std::reverse(old_strides.begin(), old_strides.end());
    }
    int64_t left = count_elements(old_sizes);
    Sizes sizes;
    while (left > 1) {
      int64_t s = pick({1, 2, 3, 4});
      if (left % s) s = left;
      sizes.push_back(s);
      left /= s;
    }
    const auto strides = view_strides(old_sizes, old_strides, sizes);
    if (!strides) {
      ++copies;
      EXPECT_FALSE(is_contiguous(old_sizes, old_strides));
      continue;
    }
    ++views;
    for (int64_t k = 0; k < count_elements(sizes); ++k)
      ASSERT_EQ(place(k, sizes, *strides), place(k, old_sizes, old_strides))
          << old_sizes << old_strides << " as " << sizes;
  }
  EXPECT_GT(views, 500);
  EXPECT_GT(copies, 100);
}

TEST(Shape, SizesLiveInsideUntilTheyDoNotFit) {
  Sizes s;
  for (int64_t i = 0; i < 40; ++i) s.push_back(i);
  Sizes copy = s, moved = std::move(s);
  EXPECT_EQ(IntArrayRef(copy), IntArrayRef(moved));
  EXPECT_EQ(copy.size(), 40u);
  copy = Sizes{1, 2};
  copy.erase(0);
  EXPECT_EQ(IntArrayRef(copy), IntArrayRef({2}));
  copy.insert(0, 7);
  EXPECT_EQ(IntArrayRef(copy), IntArrayRef({7, 2}));
}

TEST(ArrayRefs, AreMadeFromWhatHoldsValues) {
  const std::vector<int64_t> v = {1, 2, 3};
  EXPECT_EQ(IntArrayRef(v), v);
  EXPECT_EQ(IntArrayRef(v).slice(1), IntArrayRef({2, 3}));
  EXPECT_EQ(IntArrayRef(v).slice(0, 1).vec(), std::vector<int64_t>{1});
  EXPECT_THROW(IntArrayRef(v).slice(2, 2), Error);
  EXPECT_THROW(IntArrayRef(v).at(3), Error);
  EXPECT_EQ(str(IntArrayRef(v), IntArrayRef()), "[1, 2, 3][]");
  EXPECT_EQ(OptionalIntArrayRef(4).value()[0], 4);
  EXPECT_FALSE(OptionalIntArrayRef().has_value());
}

}  // namespace
