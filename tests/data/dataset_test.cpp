#include "gradus/data/dataset.h"

#include <gtest/gtest.h>

#include <cstring>

#include "../io/faulty_file_system.h"
#include "gradus/data/loader.h"
#include "gradus/data/synthetic.h"
#include "gradus/data/transforms.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/generator.h"

namespace gradus::data {
namespace {

using datasets::PairDataset;
using datasets::TensorDataset;
using io::contains;
using io::error_of;
using samplers::RandomSampler;
using samplers::SequentialSampler;
using transforms::Normalize;
using transforms::Stack;

Tensor counted(IntArrayRef sizes) {
  Tensor tensor = empty(sizes, kFloat);
  for (int64_t i = 0; i < tensor.numel(); ++i) tensor.data_ptr<float>()[i] = static_cast<float>(i % 251) / 7;
  return tensor;
}

Tensor classes(int64_t n) {
  Tensor tensor = empty({n}, kLong);
  for (int64_t i = 0; i < n; ++i) tensor.data_ptr<int64_t>()[i] = i % 10;
  return tensor;
}

bool same(const Tensor& a, const Tensor& b) {
  return a.scalar_type() == b.scalar_type() && a.sizes() == b.sizes() &&
         std::memcmp(a.contiguous().data_ptr(), b.contiguous().data_ptr(), a.nbytes()) == 0;
}

/// The examples of PairDataset(counted, classes) one by one: what the gathered batches are held against.
struct OneByOne : datasets::Dataset<OneByOne> {
  explicit OneByOne(int64_t n) : all(counted({n, 3, 4, 5}), classes(n)) {}
  Example<> get(size_t index) override { return all.get(index); }
  std::optional<size_t> size() const override { return all.size(); }
  PairDataset all;
};

/// Derived from a dataset that gathers, but with examples of its own.
struct Negated : PairDataset {
  using PairDataset::PairDataset;
  using SelfType = PairDataset;
  Example<> get(size_t index) override {
    Example<> example = PairDataset::get(index);
    return {example.data.neg(), example.target};
  }
};

TEST(TensorDataset, GivesRows) {
  TensorDataset dataset(counted({6, 2}));
  EXPECT_EQ(dataset.size(), 6u);
  EXPECT_TRUE(same(dataset.get(2).data, dataset.tensor[2]));
  TensorDataset stacked(std::vector<Tensor>{counted({3}), counted({3}), counted({3})});
  EXPECT_EQ(stacked.tensor.sizes(), IntArrayRef({3, 3}));
  const std::vector<size_t> indices = {5, 0, 5};
  const Tensor batch = dataset.map(Stack<TensorExample>()).get_batch(indices).data;
  EXPECT_EQ(batch.sizes(), IntArrayRef({3, 2}));
  EXPECT_TRUE(same(batch[0], dataset.tensor[5]) && same(batch[1], dataset.tensor[0]) && same(batch[2], batch[0]));
}

TEST(PairDataset, RefusesRowsThatDoNotMatch) {
  EXPECT_TRUE(contains(error_of([] {
                         PairDataset(counted({3, 2}), classes(4));
                       }),
                       "data and targets must have as many rows, got [3, 2] and [4]"));
  const std::vector<size_t> indices = {0, 3};
  auto dataset = PairDataset(counted({3, 2}), classes(3)).map(Stack<>());
  EXPECT_TRUE(contains(error_of([&] { dataset.get_batch(indices); }), "index 3 is out of range for 3 examples"));
}

TEST(Gathering, MakesTheSameBatchesAsExampleByExample) {
  const int64_t n = 53;
  const auto normalize = [] { return Normalize<>({0.5, 1.5, -2.0}, {2.0, 3.0, 0.3}); };
  auto fast = PairDataset(counted({n, 3, 4, 5}), classes(n)).map(normalize()).map(Stack<>());
  auto slow = OneByOne(n).map(normalize()).map(Stack<>());
  static_assert(datasets::detail::Gathers<PairDataset> && !datasets::detail::Gathers<OneByOne>);
  for (const std::vector<size_t>& indices : {std::vector<size_t>{0}, {52, 3, 3, 17}, {9, 8, 7, 6, 5, 4, 3}}) {
    const Example<> a = fast.get_batch(indices), b = slow.get_batch(indices);
    EXPECT_EQ(a.data.sizes(), IntArrayRef({static_cast<int64_t>(indices.size()), 3, 4, 5}));
    EXPECT_TRUE(same(a.data, b.data));
    EXPECT_TRUE(same(a.target, b.target));
  }
}

TEST(Gathering, IsNotUsedForClassesDerivedFromOnesThatGather) {
  const std::vector<size_t> indices = {4, 1};
  datasets::MapDataset<Negated, Stack<>> negated(Negated(counted({6, 2}), classes(6)), Stack<>());
  auto plain = PairDataset(counted({6, 2}), classes(6)).map(Stack<>());
  EXPECT_TRUE(same(negated.get_batch(indices).data, plain.get_batch(indices).data.neg()));
  struct Shifted : Normalize<> {
    using Normalize<>::Normalize;
    Tensor operator()(Tensor input) override { return input.reshape({-1}).slice(0, 0, 2); }
  };
  auto shifted = PairDataset(counted({6, 1, 2, 2}), classes(6)).map(Shifted(0.0, 1.0)).map(Stack<>());
  EXPECT_EQ(shifted.get_batch(indices).data.sizes(), IntArrayRef({2, 2}));
}

TEST(Normalize, TakesOneValueOrOnePerChannel) {
  const Tensor image = counted({3, 2, 2});
  const Tensor one = Normalize<>(0.5, 2.0)(image);
  const Tensor three = Normalize<>({0.5, 0.5, 1.0}, {2.0, 2.0, 4.0})(image);
  for (int i = 0; i < 12; ++i) {
    const float x = image.data_ptr<float>()[i];
    EXPECT_FLOAT_EQ(one.data_ptr<float>()[i], (x - 0.5f) / 2);
    EXPECT_FLOAT_EQ(three.data_ptr<float>()[i], i < 8 ? (x - 0.5f) / 2 : (x - 1) / 4);
  }
}

TEST(Transforms, TensorLambdaLeavesTheTarget) {
  auto dataset = PairDataset(counted({5, 2}), classes(5))
                     .map(transforms::TensorLambda<>([](Tensor t) { return t.mul(2); }))
                     .map(Stack<>());
  const std::vector<size_t> indices = {3};
  const Example<> batch = dataset.get_batch(indices);
  EXPECT_EQ(batch.data.data_ptr<float>()[0], counted({5, 2}).data_ptr<float>()[6] * 2);
  EXPECT_EQ(batch.target.data_ptr<int64_t>()[0], 3);
}

template <class Loader>
std::vector<Example<>> all_of(Loader& loader) {
  std::vector<Example<>> batches;
  for (auto& batch : *loader) batches.push_back(batch);
  return batches;
}

TEST(Batches, DoNotDependOnTheNumberOfWorkers) {
  std::vector<Example<>> expected;
  for (const size_t workers : {0, 1, 3}) {
    manual_seed(5);
    auto loader = make_data_loader(datasets::Digits(100, 1).map(Normalize<>(0.13, 0.31)).map(Stack<>()),
                                   DataLoaderOptions(16).workers(workers));
    all_of(loader);
    const std::vector<Example<>> second = all_of(loader);
    ASSERT_EQ(second.size(), 7u);
    EXPECT_EQ(second.back().data.sizes(), IntArrayRef({4, 1, 28, 28}));
    if (expected.empty()) expected = second;
    for (size_t i = 0; i < second.size(); ++i)
      EXPECT_TRUE(same(second[i].data, expected[i].data) && same(second[i].target, expected[i].target)) << i;
  }
}

TEST(Batches, AResumedEpochGoesOnWhereItWasLeft) {
  const auto make = [](size_t workers) {
    return make_data_loader(PairDataset(counted({30, 2}), classes(30)).map(Stack<>()),
                            DataLoaderOptions(4).workers(workers));
  };
  for (const size_t workers : {0, 2}) {
    auto loader = make(workers);
    const std::vector<uint8_t> at_start = default_generator().get_state();
    const std::vector<Example<>> all = all_of(loader);
    auto again = make(workers);
    default_generator().set_state(at_start);
    size_t i = 3;
    for (auto it = again->begin(3); it != again->end(); ++it, ++i) EXPECT_TRUE(same(it->data, all[i].data));
    EXPECT_EQ(i, all.size());
  }
}

}  // namespace
}  // namespace gradus::data
