// Misuse below the operations: lists, devices, factories, memory, and kernels whose callers must have checked.
#include "gradus/tests/misuse.h"

#include <array>
#include <limits>

#include "gradus/gradus.h"
#include "gradus/tensor/kernels/optim.h"
#include "gradus/tensor/kernels/qr.h"
#include "gradus/tensor/kernels/reduce.h"
#include "gradus/tensor/kernels/softmax.h"
#include "gradus/tensor/kernels/strided.h"
#include "gradus/tensor/parallel.h"
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

TEST(Misuse, FactoriesAndMemory) {
  expect_words({
      {[] { arange(0, std::numeric_limits<double>::infinity()); }, "arange: unsupported range: 0 -> inf"},
      {[] { arange(0, 1, 1e-300); }, "arange: invalid size, possible overflow"},
      {[] { from_blob(nullptr, {2}); }, "from_blob: got a null pointer for sizes [2]"},
      {[] {
         float numbers[2] = {1, 2};
         from_blob(numbers, {2}).resize_({3});
       },
       "Trying to resize storage that is not resizable (it wraps memory of somebody else)"},
      {[] { detail::condition_failed("x > 0"); }, "Expected x > 0 to be true, but got false."},
      {[] { detail::condition_failed("x > 0", "x is ", 3); }, "x is 3"},
  });
}

TEST(Misuse, Kernels) {
  expect_words({
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
