// Element types, numbers and options: promotion and texts as PyTorch has them.
#include "gradus/tensor/dtype.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "gradus/gradus.h"
#include "gradus/tensor/config.h"
#include "gradus/tensor/version.h"

using namespace gradus;

namespace {

constexpr ScalarType types[] = {kByte, kInt, kLong, kFloat, kDouble, kBool};

TEST(Dtype, PromotionTable) {  // recorded from torch.promote_types
  const ScalarType want[6][6] = {
      {kByte, kInt, kLong, kFloat, kDouble, kByte},           {kInt, kInt, kLong, kFloat, kDouble, kInt},
      {kLong, kLong, kLong, kFloat, kDouble, kLong},          {kFloat, kFloat, kFloat, kFloat, kDouble, kFloat},
      {kDouble, kDouble, kDouble, kDouble, kDouble, kDouble}, {kByte, kInt, kLong, kFloat, kDouble, kBool}};
  for (size_t i = 0; i < 6; ++i)
    for (size_t j = 0; j < 6; ++j) {
      EXPECT_EQ(promote_types(types[i], types[j]), want[i][j]) << types[i] << " " << types[j];
      EXPECT_EQ((ones({2}, types[i]) + ones({2}, types[j])).scalar_type(), want[i][j]);
    }
}

TEST(Dtype, NumbersAndZeroDimensionsCountLess) {
  EXPECT_EQ((ones({2}, kInt) + ones({}, kDouble)).scalar_type(), kDouble);
  EXPECT_EQ((ones({2}, kFloat) + ones({}, kDouble)).scalar_type(), kFloat);
  EXPECT_EQ((ones({}, kFloat) + ones({2}, kLong)).scalar_type(), kFloat);
  EXPECT_EQ((ones({}, kInt) + ones({}, kLong)).scalar_type(), kLong);
  EXPECT_EQ((ones({}, kInt) + ones({2}, kByte)).scalar_type(), kByte);
  EXPECT_EQ((ones({2}, kInt) * 2.5).scalar_type(), kFloat);
  EXPECT_EQ((ones({2}, kBool) + 1).scalar_type(), kLong);
  EXPECT_EQ((ones({2}, kByte) - 1).scalar_type(), kByte);
  EXPECT_EQ((ones({2}, kBool) / 2).scalar_type(), kFloat);
  EXPECT_EQ((ones({2}, kLong) / ones({2}, kLong)).scalar_type(), kFloat);
  EXPECT_EQ(sin(ones({2}, kLong)).scalar_type(), kFloat);
}

TEST(Dtype, TheDefaultTypeMayChange) {
  EXPECT_EQ(default_dtype(), kFloat);
  set_default_dtype(kDouble);
  EXPECT_EQ(ones({1}).scalar_type(), kDouble);
  EXPECT_EQ(tensor({1.5f}).scalar_type(), kDouble);
  EXPECT_EQ((ones({1}, kLong) * 0.5).scalar_type(), kDouble);
  set_default_dtype(kFloat);
  EXPECT_THROW(set_default_dtype(kLong), Error);
}

TEST(Dtype, Conversions) {
  const Tensor x = tensor({-1.7, 0.0, 2.9, 300.5}, kDouble);
  EXPECT_TRUE(equal(x.to(kLong), tensor({-1, 0, 2, 300})));
  EXPECT_TRUE(equal(x.to(kBool), tensor({true, false, true, true})));
  EXPECT_TRUE(equal(tensor({true, false}).to(kFloat), tensor({1.f, 0.f})));
  EXPECT_TRUE(equal(tensor({200, 7}, kByte).to(kInt), tensor({200, 7}, kInt)));
  EXPECT_TRUE(x.to(kDouble).is_same(x) || x.to(kDouble).is_alias_of(x));
  EXPECT_FALSE(x.to(kDouble, false, /*copy=*/true).is_alias_of(x));
}

TEST(Dtype, Names) {
  std::ostringstream out;
  for (ScalarType t : types) out << t << " ";
  for (ScalarType t : types) out << TypeMeta(t) << ", ";
  out << TypeMeta();
  EXPECT_EQ(out.str(),
            "Byte Int Long Float Double Bool unsigned char, int, long int, float, double, bool, "
            "nullptr (uninitialized)");
  EXPECT_EQ(static_cast<int>(kBool), 11);
  EXPECT_EQ(element_size(kDouble), 8u);
  EXPECT_TRUE(ones({1}).dtype() == kFloat && ones({1}).dtype() == TypeMeta::Make<float>());
}

TEST(Scalar, KeepsItsKind) {
  EXPECT_TRUE(Scalar(2).isIntegral() && Scalar(2.0).isFloatingPoint() && Scalar(true).isBoolean());
  EXPECT_TRUE(Scalar(true).isIntegral(true) && !Scalar(true).isIntegral(false));
  EXPECT_EQ(Scalar(size_t{7}).toLong(), 7);
  EXPECT_EQ(Scalar(2.75).toInt(), 2);
  EXPECT_EQ((-Scalar(3)).toLong(), -3);
  EXPECT_EQ(Scalar(int64_t{9007199254740993}).to<int64_t>(), 9007199254740993);
  EXPECT_EQ(str(Scalar(2), " ", Scalar(2.5), " ", Scalar(true), " ", Scalar(1e20), " ", Scalar(1234567.5)),
            "2 2.5 true 1e+20 1.23457e+06");
}

TEST(Options, BuildersAndText) {
  const auto o = TensorOptions().dtype(kLong).requires_grad(false).device(Device("cpu"));
  EXPECT_EQ(o.scalar_type(), kLong);
  EXPECT_FALSE(o.requires_grad());
  EXPECT_EQ(str(TensorOptions()),
            "TensorOptions(dtype=float (default), device=cpu (default), layout=Strided (default), requires_grad=false "
            "(default), pinned_memory=false (default), memory_format=(nullopt))");
  EXPECT_EQ(str(dtype(kLong)),
            "TensorOptions(dtype=long int, device=cpu (default), layout=Strided (default), requires_grad=false "
            "(default), pinned_memory=false (default), memory_format=(nullopt))");
}

TEST(Options, Devices) {
  EXPECT_EQ(str(Device("cuda:1"), Device(kCPU), Device("cpu:0")), "cuda:1cpucpu:0");
  EXPECT_TRUE(Device("cuda").is_cuda());
  EXPECT_TRUE(Device("cpu") == Device(kCPU));
  for (const char* bad : {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1000", "cpu:1 "})
    EXPECT_THROW(Device{std::string(bad)}, Error) << bad;
  EXPECT_THROW(ones({1}, Device("cuda")), Error);
}

TEST(Config, SaysWhatTheLibraryIsMadeOf) {
  const std::string text = show_config();
  EXPECT_EQ(text.find("gradus " GRADUS_VERSION "\n"), 0u) << text;
  EXPECT_TRUE(std::regex_search(text, std::regex("instruction set: (base|avx2|avx512) \\(of base"))) << text;
  EXPECT_TRUE(std::regex_search(text, std::regex("oneDNN: (none|\\d+\\.\\d+\\.\\d+)\n"))) << text;
  EXPECT_NE(text.find(str("threads: ", get_num_threads(), ", OpenMP 20")), std::string::npos) << text;
}

TEST(Config, TheVersionIsTheBuildFiles) {
  std::ifstream in(std::string(GRADUS_SOURCE_DIR) + "/CMakeLists.txt");
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  EXPECT_NE(text.find(str("project(gradus VERSION ", version_major, ".", version_minor, ".", version_patch)),
            std::string::npos);
  EXPECT_STREQ(version, GRADUS_VERSION);
}

}  // namespace
