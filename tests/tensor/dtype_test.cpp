// Element types, numbers and options: promotion and texts as PyTorch has them.
#include "gradus/tensor/dtype.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <functional>
#include <regex>
#include <sstream>

#include "gradus/gradus.h"
#include "gradus/tensor/config.h"
#include "gradus/tensor/promotion.h"
#include "gradus/tensor/version.h"
#include "gradus/tests/misuse.h"
#include "gradus/tests/parity/dtype_values.h"
#include "gradus/tests/paths.h"

using namespace gradus;

namespace {

constexpr auto& types = recorded::types;

TEST(Dtype, PromotionTable) {
  for (size_t i = 0; i < 10; ++i)
    for (size_t j = 0; j < 10; ++j)
      EXPECT_EQ(promote_types(types[i], types[j]), recorded::promoted[i][j]) << types[i] << " " << types[j];
}

// Numbers and tensors without dimensions count less.
TEST(Dtype, TypesOfResults) {
  auto operand = [](ScalarType t, int dims) { return dims == 0 ? ones({2}, t) : ones({}, t); };
  for (size_t i = 0; i < 10; ++i)
    for (int a = 0; a < 2; ++a) {
      const Tensor x = operand(types[i], a);
      for (size_t j = 0; j < 10; ++j)
        for (int b = 0; b < 2; ++b) {
          const Tensor y = operand(types[j], b);
          EXPECT_EQ((x + y).scalar_type(), recorded::result_types[i][a][j][b]) << x.options() << " " << y.options();
          EXPECT_EQ(result_type(x, y), recorded::result_types[i][a][j][b]);
        }
      const Scalar numbers[] = {true, 1, 1.5};
      for (size_t k = 0; k < 3; ++k)
        EXPECT_EQ((x + numbers[k]).scalar_type(), recorded::with_number[i][a][k]) << x.options() << numbers[k];
    }
}

TEST(Dtype, IntegersThatMeetAFractionTakeTheDefaultType) {
  EXPECT_EQ((ones({2}, kShort) / ones({2}, kChar)).scalar_type(), kFloat);
  EXPECT_EQ((ones({2}, kBool) / 2).scalar_type(), kFloat);
  EXPECT_EQ(sin(ones({2}, kLong)).scalar_type(), kFloat);
  set_default_dtype(kBFloat16);
  EXPECT_EQ(sin(ones({2}, kLong)).scalar_type(), kBFloat16);
  EXPECT_EQ((ones({2}, kInt) * 2.5).scalar_type(), kBFloat16);
  EXPECT_EQ(tensor({1.5}).scalar_type(), kBFloat16);
  set_default_dtype(kFloat);
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

// What lies in memory is converted in tiles; the last one is not whole.
TEST(Dtype, LongTensorsAreCastLikeShortOnes) {
  const Tensor special = tensor(ArrayRef<double>(recorded::special), kDouble);
  const int64_t times = 40000 / special.numel() + 1;
  for (const recorded::Cast& c : recorded::casts) {
    const Tensor x = special.to(c.from), once = x.to(c.to), y = x.repeat({times}).to(c.to);
    const auto bytes = static_cast<size_t>(once.numel()) * once.element_size();
    for (int64_t i = 0; i < times; ++i)
      ASSERT_EQ(std::memcmp(y[i * special.numel()].data_ptr(), once.data_ptr(), bytes), 0)
          << c.from << " to " << c.to << ", repetition " << i;
  }
}

// Of whole vectors, of what they leave over, and by steps.
TEST(Dtype, CastsBetweenAllPairs) {
  const Tensor special = tensor(ArrayRef<double>(recorded::special), kDouble);
  const int64_t n = special.numel();
  for (const recorded::Cast& c : recorded::casts) {
    const Tensor x = special.to(c.from);
    const Tensor steps = stack({x, x}, 1).select(1, 0).to(c.to), y = x.to(c.to);
    EXPECT_EQ(y.scalar_type(), c.to);
    const Tensor d = y.to(kDouble), e = steps.to(kDouble);
    for (int64_t i = 0; i < n; ++i) {
      const std::string what = str(c.from, " to ", c.to, ": ", special[i].item<double>());
      if (c.to == kLong) {
        EXPECT_EQ(y[i].item<int64_t>(), c.as_int64[i]) << what;
        EXPECT_EQ(steps[i].item<int64_t>(), c.as_int64[i]) << what;
        continue;
      }
      const double got = d[i].item<double>(), want = c.as_double[i];
      EXPECT_TRUE(got == want || (got != got && want != want)) << what << " gives " << got << " instead of " << want;
      EXPECT_EQ(std::signbit(got) && got == got, std::signbit(want) && want == want) << what;
      EXPECT_TRUE(e[i].item<double>() == got || got != got) << what << " by steps";
    }
  }
}

TEST(Dtype, Ranges) {
  for (const recorded::Range& r : recorded::aranges) {
    const Tensor y = arange(r.start, r.end, r.step, r.type);
    ASSERT_EQ(y.numel(), r.n) << r.type << " " << r.start;
    for (int64_t i = 0; i < std::min<int64_t>(r.n, 12); ++i)
      EXPECT_EQ(y[i].item<double>(), r.first[i]) << r.type << " from " << r.start << " by " << r.step << ", " << i;
  }
  for (const recorded::Range& r : recorded::linspaces) {
    const Tensor y = linspace(r.start, r.end, r.n, r.type);
    for (int64_t i = 0; i < r.n; ++i)
      EXPECT_EQ(y[i].item<double>(), r.first[i]) << r.type << " from " << r.start << " to " << r.end << ", " << i;
  }
}

TEST(Dtype, Names) {
  std::ostringstream out;
  for (ScalarType t : types) out << t << " ";
  for (ScalarType t : types) out << TypeMeta(t) << ", ";
  out << TypeMeta();
  EXPECT_EQ(out.str(),
            "Byte Char Short Int Long Half Float Double Bool BFloat16 unsigned char, signed char, short int, int, long "
            "int, c10::Half, float, double, bool, c10::BFloat16, nullptr (uninitialized)");
  const int numbers[] = {0, 1, 2, 3, 4, 5, 6, 7, 11, 15};  // PyTorch's, which checkpoints and programs may carry
  for (size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(static_cast<int>(types[i]), numbers[i]);
    dispatch(types[i], [&]<class T>() {
      EXPECT_EQ(dtype_of<T>, types[i]);
      EXPECT_EQ(element_size(types[i]), sizeof(T));
      EXPECT_EQ(is_floating(types[i]), is_floating_v<T>);
      EXPECT_EQ(is_integral(types[i], true), std::is_integral_v<T>);
      EXPECT_EQ(is_signed(types[i]), std::numeric_limits<T>::is_signed);
    });
  }
  EXPECT_TRUE(kFloat16 == kHalf && kInt8 == kChar && kInt16 == kShort);
  EXPECT_TRUE(ones({1}).dtype() == kFloat && ones({1}).dtype() == TypeMeta::Make<float>());
  EXPECT_TRUE(TypeMeta::Make<Half>() == kHalf && TypeMeta::Make<BFloat16>() == kBFloat16);
}

TEST(Dtype, NarrowTypesOnTheWayInAndOut) {
  const Tensor x = tensor({1.0, -2.5, 0.1}, kHalf);
  EXPECT_EQ(str(x), " 1.0000\n-2.5000\n 0.1000\n[ CPUHalfType{3} ]");
  EXPECT_EQ(str(x.to(kBFloat16)), " 1.0000\n-2.5000\n 0.1001\n[ CPUBFloat16Type{3} ]");
  EXPECT_EQ(str(tensor({1, -100}, kChar), tensor({1}, kShort)),
            "   1\n-100\n[ CPUCharType{2} ] 1\n[ CPUShortType{1} ]");
  EXPECT_EQ(x[1].item<Half>().x, Half(-2.5F).x);
  EXPECT_EQ(x[2].item<double>(), 0.0999755859375);
  EXPECT_EQ(x.data_ptr<Half>()[1].x, Half(-2.5F).x);
  EXPECT_EQ(gradus_tests::error_of([&] { x.data_ptr<BFloat16>(); }), "expected scalar type BFloat16 but found Half");
  EXPECT_EQ(gradus_tests::error_of([&] { x.data_ptr<float>(); }), "expected scalar type Float but found Half");
  EXPECT_EQ(x.element_size(), 2u);
  std::vector<BFloat16> memory{1.0F, 2.0F, 3.0F, 4.0F};
  const Tensor y = from_blob(memory.data(), {2, 2}, kBFloat16);
  y.mul_(2);
  EXPECT_EQ(static_cast<float>(memory[3]), 8.0F);
  // Types of C++ values: int and wider are int64, float and double the default type, the others their own.
  EXPECT_EQ(tensor(std::vector<Half>{1.0F}).scalar_type(), kHalf);
  EXPECT_EQ(tensor(BFloat16(1.0F)).scalar_type(), kBFloat16);
  EXPECT_EQ(tensor(std::vector<int8_t>{1}).scalar_type(), kChar);
  EXPECT_EQ(tensor(std::vector<int16_t>{1}).scalar_type(), kShort);
  EXPECT_EQ(tensor(std::vector<uint8_t>{1}).scalar_type(), kByte);
  EXPECT_EQ(tensor(std::vector<int32_t>{1}).scalar_type(), kLong);
  EXPECT_EQ(tensor(std::vector<float>{1}).scalar_type(), kFloat);
}

std::string error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(Dtype, ArithmeticWrapsButANumberMustFit) {  // as torch 2.13.0 has it
  const Tensor x = tensor({1, 100, -128}, kChar);
  EXPECT_TRUE(equal(x + 300, tensor({45, -112, -84}, kChar)));
  EXPECT_TRUE(equal(x * 3, tensor({3, 44, -128}, kChar)));
  EXPECT_TRUE(equal(-x, tensor({-1, -100, -128}, kChar)));
  EXPECT_TRUE(equal(abs(x), tensor({1, 100, -128}, kChar)));
  EXPECT_TRUE(equal(x > 300, tensor({false, true, false})));
  EXPECT_FALSE((x == 300).any().item<bool>());
  EXPECT_TRUE(equal(x.remainder(300), tensor({1, 12, 4}, kChar)));
  EXPECT_TRUE(equal(x.pow(3), tensor({1, 64, 0}, kChar)));
  EXPECT_EQ(x.sum().scalar_type(), kLong);
  EXPECT_EQ(x.sum().item<int64_t>(), -27);
  EXPECT_EQ(x.sum(kChar).item<int64_t>(), -27);
  EXPECT_EQ(x.prod().item<int64_t>(), -12800);
  EXPECT_TRUE(equal(tensor({30000}, kShort) + 10000, tensor({-25536}, kShort)));
  for (const auto& f : std::vector<std::function<void()>>{
           [] { full({2}, 300, kChar); }, [&] { x.clone().fill_(200); }, [] { tensor({300}, kChar); },
           [] { Scalar(300).to<int8_t>(); }, [&] { x.masked_fill(x > 0, 300); }})
    EXPECT_EQ(error_of(f).substr(0, 57), "value cannot be converted to type int8_t without overflow");
  EXPECT_EQ(error_of([] { full({1}, 1e6, kHalf); }).substr(0, 59),
            "value cannot be converted to type at::Half without overflow");
  EXPECT_EQ(full({1}, INFINITY, kHalf).item<double>(), INFINITY);
  EXPECT_NE(error_of([&] { x.mean(); })
                .find("mean(): could not infer output dtype. Input dtype must be either a floating point or complex "
                      "dtype. Got: Char"),
            std::string::npos);
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
  std::ifstream in(paths::source() + "/CMakeLists.txt");
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  EXPECT_NE(text.find(str("project(gradus VERSION ", version_major, ".", version_minor, ".", version_patch)),
            std::string::npos);
  EXPECT_STREQ(version, GRADUS_VERSION);
}

}  // namespace
