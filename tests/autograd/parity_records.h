// What PyTorch computed for the rows of the table (tests/parity/rows.py), and where gradus computes something else.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gradus/gradus.h"

namespace parity {

/// The content of tests/parity/rows.safetensors.gz.
class Records {
 public:
  static const Records& get();

  /// What PyTorch found for `row/case/name` with inputs of a type, if anything.
  std::optional<gradus::Tensor> find(const std::string& place, gradus::ScalarType type) const;
  /// For every row a hash of the inputs with which it was recorded; "none" where PyTorch draws other random numbers.
  const std::map<std::string, std::string>& rows() const { return rows_; }

 private:
  Records();
  const gradus::Tensor* at(const std::string& name) const;

  std::map<std::string, gradus::Tensor> tensors_;
  std::map<std::string, std::string> rows_;
};

/// A difference that stays: of which rows and which of its results, at which inputs, how large it may be, and why.
struct Difference {
  std::vector<std::string> rows;
  std::string what;
  std::function<bool(const std::vector<double>& inputs)> where;
  double tolerance;
  std::string reason;
  bool everywhere = true;  ///< false: on some instruction sets only
};
const std::vector<Difference>& differences();

/// Operations with integers of which PyTorch makes a result and gradus an error.
const std::set<std::string>& float_only();

}  // namespace parity
