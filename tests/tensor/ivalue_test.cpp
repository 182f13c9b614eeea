// IValue: what goes in comes out, under its own kind only.
#include "gradus/tensor/ivalue.h"

#include <gtest/gtest.h>

#include "gradus/tensor/factories.h"
#include "gradus/tests/misuse.h"

using namespace gradus;

namespace {

using gradus_tests::error_of;

TEST(IValue, HoldsEveryKind) {
  EXPECT_TRUE(IValue().isNone());
  EXPECT_TRUE(IValue(std::nullopt).isNone());
  EXPECT_EQ(IValue(ones({2})).toTensor().numel(), 2);
  EXPECT_TRUE(IValue(true).toBool());
  EXPECT_EQ(IValue(2.5).toDouble(), 2.5);
  EXPECT_EQ(IValue(2.5f).toDouble(), 2.5);
  EXPECT_EQ(IValue(7).toInt(), 7);
  EXPECT_EQ(IValue(int64_t{1} << 40).toInt(), int64_t{1} << 40);
  EXPECT_EQ(IValue("text").toStringRef(), "text");
  EXPECT_EQ(IValue(std::string("text")).toStringRef(), "text");
  EXPECT_EQ(IValue(std::vector<int64_t>{1, 2}).toIntVector(), (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(IValue(IntArrayRef({3, 4})).toIntVector(), (std::vector<int64_t>{3, 4}));
  EXPECT_EQ(IValue(std::vector<double>{.5}).toDoubleVector(), std::vector<double>{.5});
  EXPECT_EQ(IValue(std::vector<bool>{true, false}).toBoolList(), (std::vector<bool>{true, false}));
  EXPECT_EQ(IValue(std::vector<Tensor>{ones({3})}).toTensorVector()[0].numel(), 3);
  EXPECT_EQ(IValue(std::vector<std::string>{"a", "b"}).toStringVector(), (std::vector<std::string>{"a", "b"}));
}

TEST(IValue, ConvertsToTheTypeAskedFor) {
  EXPECT_EQ(IValue(7).to<int>(), 7);
  EXPECT_EQ(IValue(.5).to<float>(), .5f);
  EXPECT_TRUE(IValue(true).to<bool>());
  EXPECT_EQ(IValue(ones({2})).to<Tensor>().numel(), 2);
  EXPECT_EQ(IValue("a").to<std::string>(), "a");
  EXPECT_EQ(IValue(std::vector<int64_t>{1}).to<std::vector<int64_t>>(), std::vector<int64_t>{1});
  EXPECT_EQ(IValue(std::vector<double>{1}).to<std::vector<double>>(), std::vector<double>{1});
  EXPECT_EQ(IValue(std::vector<bool>{true}).to<std::vector<bool>>(), std::vector<bool>{true});
  EXPECT_EQ(IValue(std::vector<Tensor>(2)).to<std::vector<Tensor>>().size(), 2u);
  EXPECT_EQ(IValue(std::vector<std::string>{"a"}).to<std::vector<std::string>>(), std::vector<std::string>{"a"});
}

TEST(IValue, Scalars) {
  EXPECT_TRUE(IValue(Scalar(true)).isBool());
  EXPECT_EQ(IValue(Scalar(3)).toInt(), 3);
  EXPECT_EQ(IValue(Scalar(.5)).toDouble(), .5);
  EXPECT_TRUE(IValue(false).toScalar().isBoolean());
  EXPECT_EQ(IValue(3).toScalar().toLong(), 3);
  EXPECT_EQ(IValue(.5).toScalar().toDouble(), .5);
}

TEST(IValue, AnotherKindThrows) {
  EXPECT_EQ(error_of([] { IValue(1).toTensor(); }), "IValue: expected Tensor, but it holds Int");
  EXPECT_EQ(error_of([] { IValue(1).toDouble(); }), "IValue: expected Double, but it holds Int");
  EXPECT_EQ(error_of([] { IValue("a").toInt(); }), "IValue: expected Int, but it holds String");
  EXPECT_EQ(error_of([] { IValue().toStringRef(); }), "IValue: expected String, but it holds None");
  EXPECT_EQ(error_of([] { IValue(true).toIntVector(); }), "IValue: expected List[int], but it holds Bool");
  EXPECT_EQ(error_of([] { IValue(std::vector<double>{}).to<std::vector<bool>>(); }),
            "IValue: expected List[bool], but it holds List[float]");
}

TEST(IValue, CopiesAreIndependentOfTheOriginal) {
  IValue a = "first";
  const IValue b = a;
  a = 5;
  EXPECT_EQ(b.toStringRef(), "first");
  EXPECT_EQ(a.toInt(), 5);
}

}  // namespace
