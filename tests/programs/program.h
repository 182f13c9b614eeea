// Random programs: lists of steps, made from a seed, that are run, checked against themselves, shrunk, and written as
// C++ and as Python. A program is data; what its steps mean is in the rows of rows_*.cpp.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gradus/gradus.h"

namespace programs {

using gradus::Tensor;
using Tensors = std::vector<Tensor>;
using Ints = std::vector<int64_t>;

/// What a step gives to its operation.
struct Call {
  std::vector<int> x;     // operands: the numbers of earlier steps
  Ints i;                 // whole numbers, dimensions, and flags
  std::vector<double> r;  // real numbers
  std::vector<Ints> l;    // lists: sizes, dimensions, the elements of an index tensor
};

/// A call with the values of its operands, as the rows see it.
class Args {
 public:
  Args(const Call& call, const Tensors& values) : call_(call), values_(values) {}
  const Tensor& x(size_t n) const { return values_[static_cast<size_t>(call_.x[n])]; }
  int64_t i(size_t n) const { return call_.i[n]; }
  double r(size_t n) const { return call_.r[n]; }
  gradus::IntArrayRef l(size_t n) const { return call_.l[n]; }
  /// The elements of list n in the shape of list m: as numbers, or as truth values.
  Tensor index(size_t n, size_t m) const;
  Tensor mask(size_t n, size_t m) const;

 private:
  const Call& call_;
  const Tensors& values_;
};

class Builder;

/// A row: what a step can do.
struct Operation {
  const char* family;
  const char* name;
  const char* text;  // the C++ that `run` is: X(0) an operand, I(0), R(0), L(0), F(0), IX(0, 1), MK(0, 1)
  Tensor (*run)(const Args&);
  std::function<bool(Builder&)> make;  // appends a call of this operation; false where nothing fits
  const char* python = "";             // in the same notation; derived from `text` where empty, "-" where there is none
  bool in_place = false;               // changes its first operand, and returns it
  bool several = false;                // one view of many, which must not be changed in place
  bool jumps = false;                  // not continuous: small changes of operands may change the result by much
};

/// All rows.
const std::vector<Operation>& operations();

enum class Layout { contiguous, transposed, sliced, expanded };
const char* name(Layout layout);

/// An input: pseudo-random numbers in [lo, hi).
struct Leaf {
  Ints shape;
  double lo = -1, hi = 1;
  uint32_t seed = 1;
  Layout layout = Layout::contiguous;
  bool grad = true;
};

/// An input if `op` is null, else a call. Of a refused step it is known that it must throw; nothing refers to it.
struct Step {
  const Operation* op = nullptr;
  Call call;
  Leaf leaf;
  bool refused = false;
};

struct Program {
  uint64_t seed = 0;
  std::vector<Step> steps;
  std::vector<int> outputs;  // the steps whose results are looked at
  std::string complaint;     // what went wrong while it was made, if anything
  bool hazard = false;       // may change in place what backward needs
};

/// n numbers in [lo, hi): x' = 48271 x mod 2^31 - 1, from `seed`; the Python text computes the same.
std::vector<double> numbers(uint32_t seed, int64_t n, double lo, double hi);
/// The elements of a leaf, contiguous, in float64.
Tensor leaf_values(const Leaf& leaf);

// ---- running --------------------------------------------------------------------------------------------------------

struct Run {
  Tensors values;  // one a step; undefined for refused ones
  Tensors leaves;  // those whose gradient is wanted
  Tensors outputs;
};

struct RunOptions {
  gradus::ScalarType dtype = gradus::kDouble;
  bool grad = true;                // whether leaves require grad
  const Tensors* moved = nullptr;  // values of the leaves whose gradient is wanted, in the place of their own
  double noise = 0;                // relative disturbance of every result, as rounding would make it
};

/// Runs a program. Throws what its steps throw; a refused step that does not throw is an error.
Run run(const Program& program, const RunOptions& options = {});

/// The same elements in a layout.
Tensor laid_out(const Tensor& values, Layout layout, gradus::ScalarType dtype);

// ---- generating -----------------------------------------------------------------------------------------------------

Program generate(uint64_t seed);

// ---- checking -------------------------------------------------------------------------------------------------------

/// How often each check was made, and how often it could not be.
struct Tally {
  int64_t programs = 0, steps = 0;
  int64_t values = 0;                        // without graph == with graph, bit for bit
  int64_t paths = 0;                         // fused == graph
  int64_t numeric = 0, numeric_skipped = 0;  // first order against central differences; at a kink
  int64_t second = 0, second_skipped = 0;    // second order
  int64_t threads = 0;                       // one thread == two threads, bit for bit
  int64_t single = 0, single_skipped = 0;    // float32 values; ill-conditioned
  int64_t narrow = 0;                        // bfloat16 without graph == with graph
  int64_t released = 0;                      // graphs found gone when dropped
  int64_t hazards = 0, hazards_refused = 0;  // programs that may change what was saved; that backward refused
  int64_t refused_steps = 0;                 // steps that must throw, and did
  double worst_paths = 0, worst_numeric = 0, worst_second = 0;
  std::vector<int64_t> uses;  // of each operation
  void add(const Tally& o);
};

struct Failure {
  std::string check;  // which one: the shrinker keeps it
  std::string text;
};

/// Makes every check of a program; empty if all hold.
std::optional<Failure> check(const Program& program, Tally& tally);

// ---- shrinking, writing ---------------------------------------------------------------------------------------------

/// A smaller program that fails the same check.
Program shrink(const Program& program, const std::string& check,
               const std::function<std::optional<Failure>(const Program&)>& fails);

/// The program as C++ and as Python statements, indented by `indent` spaces.
std::string to_cpp(const Program& program, int indent = 2);
std::string to_python(const Program& program, int indent = 4);
/// What the C++ text stands on.
std::string cpp_prelude();

/// The next `count` programs that torch knows too: as a Python file, with what gradus finds in another, a line a
/// program.
int write_for_torch(uint64_t seed, int64_t count, const std::string& python, const std::string& results);
/// The same as a C++ file that prints the sums of all outputs.
int write_cpp(uint64_t seed, int64_t count, const std::string& path);

}  // namespace programs
