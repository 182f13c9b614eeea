// How the rows of the table are called to be compared with PyTorch: the same inputs on every machine, made here alone
// and written for tests/parity/rows.py to read.
#pragma once
#include <ostream>
#include <string>
#include <vector>

#include "table.h"

namespace parity {

using table::Row;
using table::Tensors;

/// One call of a row.
struct Case {
  std::string name;                          ///< base, broadcast 1, scalar, empty, extremes, integers
  std::vector<std::vector<int64_t>> shapes;  ///< of the inputs
  std::vector<gradus::ScalarType> types;     ///< that its inputs of a type under test have
};

/// The name under which a row's results are recorded.
std::string key(const Row& row);

/// As the row has it and in integers; pointwise rows also broadcast, with 0 dimensions, empty, and on extreme values.
std::vector<Case> cases(const Row& row);

/// Numbers that follow from the names alone, the same float32 numbers in every floating type, except for extremes,
/// which are those of the type. Every combination of two inputs' extremes occurs.
Tensors inputs(const Row& row, const Case& c, gradus::ScalarType type);

/// The weights under which gradients are taken: sin(1, 2, 3, …) in the result's shape and type.
gradus::Tensor cotangent(const gradus::Tensor& result);

/// A hash of all inputs of all cases.
std::string fingerprint(const Row& row);

/// All cases of a row with their inputs, one JSON object a line.
void write_cases(std::ostream& out, const Row& row);

}  // namespace parity
