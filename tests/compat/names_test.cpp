// LibTorch's names, macros and words that are no operation.
#include <ATen/ATen.h>
#include <c10/util/BFloat16.h>
#include <c10/util/Exception.h>
#include <c10/util/Half.h>
#include <c10/util/irange.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <type_traits>

namespace {

template <class F>
std::string error_of(const F& f) {
  try {
    f();
  } catch (const c10::Error& e) {
    return e.what();
  }
  return "no error";
}

TEST(CompatNames, NamespacesNameOneLibrary) {
  static_assert(std::is_same_v<torch::Tensor, at::Tensor> && std::is_same_v<at::Tensor, gradus::Tensor>);
  static_assert(std::is_same_v<c10::optional<int>, std::optional<int>>);
  static_assert(std::is_same_v<at::IntArrayRef, c10::ArrayRef<int64_t>>);
  EXPECT_EQ(torch::kFloat32, at::kFloat);
  EXPECT_EQ(c10::str("a", 1, '-', at::IntArrayRef({2, 3})), "a1-[2, 3]");
  const torch::optional<int> none = c10::nullopt;
  EXPECT_FALSE(none.has_value());
  EXPECT_EQ(torch::typeMetaToScalarType(torch::get_default_dtype()), torch::kFloat);
}

TEST(CompatNames, NarrowTypes) {
  const torch::Tensor x = torch::tensor({1.0, 2.5}, torch::dtype(torch::kBFloat16));
  EXPECT_EQ(float(x.data_ptr<at::BFloat16>()[1]), 2.5F);
  EXPECT_EQ(float(x.to(torch::kHalf)[1].item<c10::Half>()), 2.5F);
  EXPECT_EQ(c10::toString(x.scalar_type()), std::string("BFloat16"));
  EXPECT_EQ(torch::promote_types(torch::kHalf, torch::kBFloat16), at::kFloat);
  EXPECT_EQ(at::result_type(x, torch::ones({1}, torch::kInt8)), torch::kBFloat16);
  c10::Half h = 3;
  h += 0.5;
  EXPECT_EQ(static_cast<double>(-h / 2), -1.75);
  EXPECT_EQ(c10::Half(c10::Half(1.5F).x, c10::Half::from_bits()), 1.5F);
}

TEST(CompatNames, Irange) {
  std::vector<int64_t> seen;
  for (const auto i : c10::irange(3)) seen.push_back(i);
  for (const auto i : c10::irange(5, int64_t{7})) seen.push_back(i);
  for (const auto i : c10::irange(-2)) seen.push_back(i);
  for (const auto i : c10::irange(4, 1)) seen.push_back(i);
  EXPECT_EQ(seen, (std::vector<int64_t>{0, 1, 2, 5, 6}));
}

TEST(CompatNames, ThereIsNoAccelerator) {
  EXPECT_FALSE(torch::cuda::is_available());
  EXPECT_FALSE(torch::cuda::cudnn_is_available());
  EXPECT_EQ(torch::cuda::device_count(), 0u);
  torch::cuda::manual_seed_all(1);
  EXPECT_NE(error_of([] { torch::cuda::synchronize(); }).find("No CUDA GPUs are available"), std::string::npos);
  const torch::Device device(torch::cuda::is_available() ? torch::kCUDA : torch::kCPU);
  EXPECT_TRUE(torch::ones({2}).to(device).device().is_cpu());
  EXPECT_NE(error_of([] { torch::ones({2}, torch::kCUDA); }), "no error");
  torch::globalContext().setDeterministicCuDNN(true);
  torch::globalContext().setBenchmarkCuDNN(false);
  EXPECT_TRUE(at::globalContext().deterministicCuDNN());
  EXPECT_FALSE(at::hasCUDA());
  EXPECT_EQ(torch::get_num_interop_threads(), 1);
}

TEST(CompatMacros, Checks) {
  const int n = 3;
  TORCH_CHECK(n == 3, "never evaluated");
  TORCH_INTERNAL_ASSERT(n == 3);
  EXPECT_EQ(error_of([&] { TORCH_CHECK(n == 4, "got ", n, " of ", 4); }), "got 3 of 4");
  EXPECT_EQ(error_of([&] { TORCH_CHECK(n == 4); }), "Expected n == 4 to be true, but got false.");
  EXPECT_THROW(TORCH_CHECK_INDEX(n < 0, "index"), c10::IndexError);
  EXPECT_NE(error_of([&] { TORCH_INTERNAL_ASSERT(n < 0, "why"); }).find("n < 0 INTERNAL ASSERT FAILED at \""),
            std::string::npos);
  EXPECT_EQ(error_of([&] { AT_ERROR("n is ", n); }), "n is 3");
  EXPECT_THROW(AT_ASSERT(n == 4), c10::Error);
}

class Collector : public c10::WarningHandler {
 public:
  void process(const c10::Warning& w) override { texts.push_back(w.msg()); }
  std::vector<std::string> texts;
};

TEST(CompatMacros, Warnings) {
  Collector collector;
  c10::WarningHandler* const before = c10::WarningUtils::get_warning_handler();
  c10::WarningUtils::set_warning_handler(&collector);
  for (int i : {1, 2}) {
    TORCH_WARN("attempt ", i);
    TORCH_WARN_ONCE("only the first: ", i);
  }
  c10::WarningUtils::set_warning_handler(before);
  EXPECT_EQ(collector.texts, (std::vector<std::string>{"attempt 1", "only the first: 1", "attempt 2"}));
  testing::internal::CaptureStderr();
  TORCH_WARN("to the stream");
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(text.find("[W names_test.cpp:"), 0u) << text;
  EXPECT_NE(text.find("] Warning: to the stream (function "), std::string::npos) << text;
}

struct SettingsOptions {
  explicit SettingsOptions(int64_t size) : size_(size) {}
  TORCH_ARG(int64_t, size);
  TORCH_ARG(double, rate) = 0.5;
};

TEST(CompatMacros, Arguments) {
  const auto o = SettingsOptions(3).rate(0.25);
  EXPECT_EQ(o.size(), 3);
  EXPECT_EQ(o.rate(), 0.25);
}

}  // namespace
