// Misuse below the operations: lists, devices, factories, memory, and kernels whose callers must have checked.
#include "gradus/tests/misuse.h"

#include <array>
#include <limits>

#include "gradus/gradus.h"
#include "gradus/tensor/kernels/dropout.h"
#include "gradus/tensor/kernels/map_sum.h"
#include "gradus/tensor/kernels/optim.h"
#include "gradus/tensor/kernels/pointwise.h"
#include "gradus/tensor/kernels/qr.h"
#include "gradus/tensor/kernels/reduce.h"
#include "gradus/tensor/kernels/softmax.h"
#include "gradus/tensor/kernels/strided.h"
#include "gradus/tensor/kernels/typed.h"
#include "gradus/tensor/parallel.h"
#include "gradus/tensor/platform.h"
#include "gradus/tensor/warning.h"

using namespace gradus;
using gradus_tests::expect_words;

namespace {

const TensorImpl& impl(const Tensor& t) { return *t.unsafeGetTensorImpl(); }

TEST(Misuse, ListsAndSettings) {
  static constexpr std::array<int64_t, 3> three{1, 2, 3};
  expect_words({
      {[] { IntArrayRef(three).at(3); }, "ArrayRef: invalid index Index = 3; Length = 3"},
      {[] { IntArrayRef(three).slice(2, 2); }, "ArrayRef: invalid slice, N = 2; M = 2; size = 3"},
      {[] { set_default_dtype(kLong); },
       "set_default_dtype: only floating-point types are supported as the default type, got Long"},
      {[] { set_num_interop_threads(0); }, "set_num_interop_threads: Expected positive number of threads, got 0"},
      {[] { set_num_threads(0); }, "set_num_threads: expected a positive number of threads, got 0"},
  });
}

TEST(Misuse, Devices) {
  expect_words({
      {[] { Device("tpu"); }, "Device: expected \"cpu\" or \"cuda\" at the start of a device string, got 'tpu'"},
      {[] { Device("cuda:x"); }, "Device: invalid device string: 'cuda:x'"},
      {[] { Device("cpu:"); }, "Device: invalid device string: 'cpu:'"},
      {[] { zeros({1}, TensorOptions().device(Device("cuda:1"))); },
       "device: gradus has one device, the CPU, got cuda:1"},
      {[] { zeros({1}, TensorOptions().layout(kSparse)); }, "layout: gradus has one layout, strided"},
  });
}

TEST(Misuse, Random) {
  expect_words({
      {[] { ones({2}).uniform_(0, 1e300); }, "uniform_: to is out of bounds for float, got 1e+300"},
      {[] { ones({2}, kInt).uniform_(); }, "uniform_: \"uniform_\" not implemented for 'Int'"},
      {[] { ones({2}).random_(33554433, 33554435); },
       "random_ expects 'from' casted to dtype to be less than 'to' casted to dtype, but got from=33554436 >= "
       "to=33554435"},
      {[] { ones({2}).random_(16777217, std::optional<int64_t>()); },
       "random_ expects 'from' casted to dtype to be less than or equal to 'to_inc' casted to dtype, but got "
       "from=16777217 > to_inc=16777216"},
      {[] { randperm(3000, kHalf); }, "randperm: n cannot be greater than 2049 for Half type."},
      {[] { ones({16}).normal_(0, -1); }, "normal_: normal expects std >= 0.0, but found std -1"},
  });
}

TEST(Misuse, FactoriesAndMemory) {
  static float numbers[2] = {1, 2};
  expect_words({
      {[] { zeros({1}, ScalarType::Undefined); }, "dtype: an undefined tensor has no element type"},
      {[] {
         empty_strided({2, 2}, {1});
       },
       "empty_strided: sizes and strides must have the same length, got [2, 2] and [1]"},
      {[] { empty_strided({2}, {-1}); }, "empty_strided: strides must not be negative, got [-1]"},
      {[] { linspace(0, 1, -1); }, "linspace: number of steps must be non-negative, got -1"},
      {[] { eye(2, -1); }, "eye: n and m must be greater or equal to 0, got 2 and -1"},
      {[] {
         from_blob(numbers, {2}, {1, 1});
       },
       "from_blob: sizes and strides must have the same length, got [2] and [1, 1]"},
      {[] { empty({int64_t{1} << 60}, kByte); },
       "empty: out of memory, a tensor of sizes [1152921504606846976] is more than any machine has"},
      {[] { allocate(SIZE_MAX / 2); },
       "allocate: out of memory, 9223372036854775807 bytes is more than any machine has"},
      {[] {
         empty({int64_t{1} << 40, int64_t{1} << 40});
       },
       "sizes: the number of elements overflows, got [1099511627776, 1099511627776]"},
      {[] { arange(0, std::numeric_limits<double>::infinity()); }, "arange: unsupported range: 0 -> inf"},
      {[] { arange(0, 1, 1e-300); }, "arange: invalid size, possible overflow"},
      {[] { from_blob(nullptr, {2}); }, "from_blob: got a null pointer for sizes [2]"},
      {[] {
         float numbers[2] = {1, 2};
         from_blob(numbers, {2}).resize_({3});
       },
       "Trying to resize storage that is not resizable (it wraps memory of somebody else)"},
      {[] { detail::condition_failed("x > 0"); }, "Expected x > 0 to be true, but got false."},
      {[] { detail::condition_failed("x > 0", "expected a positive x, got ", -3); }, "expected a positive x, got -3"},
  });
}

template <class... X>
concept Maps = requires(const X&... x) {
  kernels::map<kernels::Kinds::real>(
      "first", kFloat, kFloat, [](auto a, auto...) { return a; }, x...);
};
static_assert(Maps<Tensor, Tensor, Tensor, Tensor, Tensor>);
static_assert(!Maps<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>, "more operands than a loop has room for");

TEST(Misuse, PointwiseKernels) {
  using kernels::Kinds;
  expect_words({
      {[] {
         kernels::map<Kinds::real>(
             "half", kFloat, kFloat, [](auto a) { return a / 2; }, Tensor());
       },
       "half: expected a tensor, but got an undefined one"},
      {[] {
         kernels::map_sum(
             "total", kInt, 1, [](auto a) { return a; }, ones({3}, kInt));
       },
       "total: \"total\" not implemented for 'Int'"},
      {[] {
         uint8_t bits[1];
         kernels::bernoulli_bits(bits, 8, {}, 1.5);
       },
       "bernoulli_bits: keep probability has to be between 0 and 1, but got 1.5"},
      {[] {
         kernels::pointer<float>("draw", ones({2, 2}).t());
       },
       "draw: expected a contiguous tensor, got sizes [2, 2] and strides [1, 2]"},
      {[] {
         kernels::with_addresses<float, double>(
             "both", [](auto*, auto*) {}, ones({2}), ones({2}, kDouble));
       },
       "both: expected scalar type Float but found Double"},
  });
}

TEST(Misuse, Kernels) {
  expect_words({
      {[] {
         const Tensor x = ones({3}, kLong), y = ones({1}, kLong);
         kernels::reduce(kernels::Reduction::sum_abs, impl(y), impl(x), {1});
       },
       "norm: expected a floating point tensor, got Long"},
      {[] {
         kernels::qr(ones({2, 3}, kDouble));
       },
       "qr: expected at least as many rows as columns, in float64, got [2, 3]"},
      {[] {
         const Tensor x = ones({3}, kInt), y = ones({1}, kInt);
         kernels::reduce(kernels::Reduction::sum, impl(y), impl(x), {1});
       },
       "reduce: computes in float, double or int64, got Int"},
      {[] { kernels::add_strided(impl(ones({2})), impl(ones({3}))); },
       "add_strided: shapes and types must agree, got [2] and [3]"},
      {[] {
         const Tensor p = ones({2}), g = ones({3});
         kernels::Update<kernels::Mix> u;
         u.p = p.unsafeGetTensorImpl();
         u.g = g.unsafeGetTensorImpl();
         kernels::mix({u});
       },
       "optimizer: expected gradients and state like their parameter, got a parameter [2] of Float"},
      {[] {
         const Tensor p = ones({2, 2}).t();
         kernels::Update<kernels::Mix> u;
         u.p = p.unsafeGetTensorImpl();
         kernels::mix({u});
       },
       "optimizer: expected contiguous floating point parameters, got Float"},
  });
}

}  // namespace
