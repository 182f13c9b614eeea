#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "../io/faulty_file_system.h"
#include "gradus/data/samplers.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/generator.h"

namespace gradus::data::samplers {
namespace {

std::vector<size_t> all_of(RandomSampler& sampler, size_t batch) {
  std::vector<size_t> all;
  while (const auto indices = sampler.next(batch)) all.insert(all.end(), indices->begin(), indices->end());
  return all;
}

TEST(RandomSampler, GivesEveryIndexOnceInAnotherOrderEachTime) {
  RandomSampler sampler(1000);
  const std::vector<size_t> first = all_of(sampler, 64);
  EXPECT_EQ(sampler.index(), 1000u);
  sampler.reset();
  const std::vector<size_t> second = all_of(sampler, 1000);
  EXPECT_NE(first, second);
  for (std::vector<size_t> order : {first, second}) {
    std::sort(order.begin(), order.end());
    std::vector<size_t> counted(1000);
    std::iota(counted.begin(), counted.end(), size_t{0});
    EXPECT_EQ(order, counted);
  }
  sampler.reset(3);
  EXPECT_EQ(all_of(sampler, 2).size(), 3u);
}

TEST(RandomSampler, HasTheOrderOfTheSeed) {
  // torch.manual_seed(0); torch.randperm(10) twice, since LibTorch's sampler too draws when made and when reset.
  manual_seed(0);
  RandomSampler sampler(10);
  EXPECT_EQ(all_of(sampler, 4), (std::vector<size_t>{4, 1, 7, 5, 3, 9, 0, 8, 6, 2}));
  sampler.reset();
  EXPECT_EQ(all_of(sampler, 4), (std::vector<size_t>{3, 9, 4, 2, 7, 8, 6, 0, 5, 1}));
  manual_seed(0);
  RandomSampler narrow(10, kInt);
  EXPECT_EQ(all_of(narrow, 10).front(), 4u);
}

TEST(RandomSampler, HandsOutNothingOfNothing) {
  RandomSampler sampler(0);
  EXPECT_EQ(sampler.next(3), std::nullopt);
  EXPECT_EQ(io::error_of([] { RandomSampler(-1); }), "RandomSampler: size must not be negative, got -1");
  EXPECT_TRUE(io::contains(io::error_of([] { RandomSampler(257, kByte); }), "too narrow for 257 examples"));
}

}  // namespace
}  // namespace gradus::data::samplers
