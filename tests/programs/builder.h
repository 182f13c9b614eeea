// Builder: a program under construction, run as it grows, so that a row sees the shapes and values of its operands.
#pragma once
#include <algorithm>
#include <random>

#include "program.h"

namespace programs {

class Builder {
 public:
  explicit Builder(uint64_t seed);

  // ---- chance -------------------------------------------------------------------------------------------------------
  int64_t range(int64_t lo, int64_t hi) { return std::uniform_int_distribution<int64_t>(lo, hi)(rng_); }  // both ends
  bool coin(double p = 0.5) { return std::uniform_real_distribution<double>(0, 1)(rng_) < p; }
  double real(double lo, double hi);  // with three decimals
  template <class T>
  const T& one_of(const std::vector<T>& v) {
    return v[static_cast<size_t>(range(0, static_cast<int64_t>(v.size()) - 1))];
  }
  Ints permutation(int64_t n);
  Ints some_dims(int64_t n, int64_t least = 1);  // distinct, some counted from the end
  int64_t dim_of(int v);                         // any dimension of a value, some counted from the end
  Ints indices(int64_t n, int64_t below);
  Ints bits(int64_t n);

  // ---- operands -----------------------------------------------------------------------------------------------------
  const Tensor& at(int v) const { return values_[static_cast<size_t>(v)]; }
  Ints shape(int v) const { return at(v).sizes().vec(); }
  using Fits = std::function<bool(const Tensor&)>;
  /// A value that fits, sooner a new one; -1 where none does.
  int pick(const Fits& fits = {});
  /// One with elements and at least `dims` dimensions, or a leaf.
  int filled(int64_t dims = 0);
  /// v, or a step that brings it into [lo, hi].
  int within(int v, double lo, double hi);
  /// Any value of this shape with elements in [lo, hi]: one that exists, one reshaped, or a leaf.
  int shaped(const Ints& shape, double lo = -2, double hi = 2);
  /// A value that broadcasts with v.
  int partner(int v, double lo = -2, double hi = 2);
  bool broadcast(int v, int w) const;
  int leaf(const Ints& shape, double lo = -2, double hi = 2, bool may_want_grad = true);
  /// What may be changed in place; -1 where nothing may.
  int target(const Fits& fits = {});
  Ints any_shape();

  // ---- steps --------------------------------------------------------------------------------------------------------
  /// Appends a call of the operation whose turn it is. False if its result is of no use; it is then taken back.
  bool step(Call call);
  bool step(const std::vector<int>& x, const Ints& i = {}, const std::vector<double>& r = {},
            const std::vector<Ints>& l = {}) {
    return step(Call{x, i, r, l});
  }

  Program build();

 private:
  struct Info {
    int base = -1;  // the step whose memory it shows
    bool used = false, retired = false, several = false, on_leaf = false, overlaps = false;
  };
  int apply(const Operation& op, const Call& call);
  int apply(const char* name, const Call& call);
  bool fits_limits(const Tensor& t) const;
  void note(const Operation* op, const Call& call);
  void replay();
  void make_room(int v);
  bool backward_refuses();
  bool must_refuse(const Operation& op, const Call& call) const;
  void choose_outputs();
  const Operation& next();

  Program program_;
  Tensors values_;
  std::vector<Info> info_;
  std::mt19937_64 rng_;
  int64_t limit_;  // of elements
  bool big_;
  int changes_ = 0;  // in place
  const Operation* turn_ = nullptr;
};

}  // namespace programs
