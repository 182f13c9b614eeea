// Memory that runs out while a tensor is made: nothing of it stays.
#include <gtest/gtest.h>

#include <functional>
#include <utility>
#include <vector>

#include "gradus/gradus.h"
#include "gradus/tensor/inline_vector.h"
#include "gradus/tests/memory/refusal.h"

using namespace gradus;
using memory_tests::Outcome;
using memory_tests::Source;

namespace {

TEST(TensorMemory, WhatIsHalfMadeIsGivenBack) {
  static float numbers[64] = {};
  const Tensor deep = ones({1, 2, 1, 2, 1, 2, 1}).requires_grad_();  // sizes that need memory of their own
  const std::vector<std::pair<const char*, std::function<void()>>> makers = {
      {"from_blob",
       [] {
         from_blob(numbers, {4, 16}, [](void*) {});
       }},
      {"views of seven dimensions", [&] { deep.transpose(0, 6).unsqueeze(3).squeeze(0); }},
      {"operations of seven dimensions",
       [&] {
         (deep.permute({6, 5, 4, 3, 2, 1, 0}) * 2 + deep.exp()).sum().backward();
       }},
      {"stack",
       [&] {
         stack({deep, deep, deep}, 2).sum().backward();
       }},
      {"copies", [] {
         const InlineVector<Sizes, 1> list = {Sizes({1, 2, 3, 4, 5, 6}), Sizes({1, 2, 3, 4, 5, 6, 7})};
         const InlineVector<Sizes, 1> copy = list;
       }}};
  for (const auto& [name, make] : makers) {
    make();
    deep.mutable_grad().reset();
    for (Source source : memory_tests::sources()) {
      for (int64_t n = 0;; ++n) {
        const int64_t live = memory_stats().live, blocks = memory_tests::blocks_in_use();
        const Outcome outcome = memory_tests::call(source, n, make);
        deep.mutable_grad().reset();
        EXPECT_EQ(memory_stats().live, live) << name << ", allocation " << n;
        EXPECT_EQ(memory_tests::blocks_in_use(), blocks) << name << ", allocation " << n;
        ASSERT_NE(outcome, Outcome::wrong) << name << ", allocation " << n;
        if (outcome == Outcome::not_met) break;
      }
    }
  }
}

}  // namespace
