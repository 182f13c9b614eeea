// The test table: a row per operation. One runner (table_test.cpp) crosses every row with types, layouts and orders of
// differentiation, so a row is all that an operation needs to be tested.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "gradus/gradus.h"

namespace table {

using gradus::Tensor;
using Tensors = std::vector<Tensor>;
using Fn = std::function<Tensor(const Tensors&)>;

/// Plain double-precision numbers in row-major order: what naive references compute with.
struct Array {
  std::vector<int64_t> shape;
  std::vector<double> v;
  double& at(int64_t i) { return v[static_cast<size_t>(i)]; }
  double at(int64_t i) const { return v[static_cast<size_t>(i)]; }
};
using Reference = std::function<Array(const std::vector<Array>&)>;

enum class Kind {
  real,   // takes the floating type under test; differentiated
  fixed,  // takes the floating type under test; never differentiated
  index,  // int64
  mask,   // bool
};

/// How the runner makes one input: random in [lo, hi) (whole numbers for index, lo..hi-1).
struct Input {
  std::vector<int64_t> shape;
  double lo = -2, hi = 2;
  Kind kind = Kind::real;
};

struct Row {
  std::string op;       // the name under which autograd/ops/*.h declares it
  std::string variant;  // distinguishes rows of one operation; may be empty
  Fn f;
  std::vector<Input> in;
  Reference reference;  // naive, in double; compared in float and double
  // What the runner leaves out, and why it must:
  bool differentiable = true;  // false: comparisons, integer results, and steps whose derivative is zero
  bool second_order =
      true;  // false only for operations whose second derivative is zero everywhere (it is then checked to be)
  // 16-bit floats: of sums that they round to the same number, another one may be the greatest.
  bool chooses_among_sums = false;
  bool view = false;   // the result shares memory with the input
  bool smooth = true;  // false: kinks inside the domain, the runner keeps inputs away from each other by 1e-2
  double float_tolerance = 2e-6;  // relative, on values in float32
  bool pointwise = false;         // also crossed with broadcasting, 0-dimensional and empty inputs, and many sizes
  Fn in_place = nullptr;          // the form that overwrites its first input and returns it: held to `f`
  std::string family = "";        // set by all_rows(): what its rows_<family>.cpp is about
};

/// A reference from a formula on doubles, broadcast over the inputs.
Reference pointwise(std::function<double(double)> f);
Reference pointwise(std::function<double(double, double)> f);
Reference pointwise(std::function<double(double, double, double)> f);

/// The rows of each family, one function a file: tests/autograd/rows_<family>.cpp. table.cpp lists them.
std::vector<Row> arithmetic_rows();
std::vector<Row> elementary_rows();
std::vector<Row> activation_rows();
std::vector<Row> compare_rows();
std::vector<Row> shape_rows();
std::vector<Row> join_rows();
std::vector<Row> copy_rows();
std::vector<Row> reduce_rows();
std::vector<Row> index_rows();
std::vector<Row> softmax_rows();
std::vector<Row> loss_rows();
std::vector<Row> margin_loss_rows();
std::vector<Row> embedding_bag_rows();
std::vector<Row> norm_rows();
std::vector<Row> matmul_rows();
std::vector<Row> conv_rows();
std::vector<Row> pool_rows();
std::vector<Row> pool_windows_rows();
std::vector<Row> spatial_rows();
std::vector<Row> grid_sample_rows();
std::vector<Row> dropout_rows();
std::vector<Row> special_rows();
std::vector<Row> special_function_rows();
std::vector<Row> window_rows();
std::vector<Row> rearrange_rows();
std::vector<Row> statistics_rows();
std::vector<Row> scatter_rows();
std::vector<Row> product_rows();
std::vector<Row> alias_rows();

std::vector<Row> all_rows();

}  // namespace table
