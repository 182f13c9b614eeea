// Functional: a function as a module, so that it can stand in a Sequential.
#pragma once
#include "gradus/nn/cloneable.h"

namespace gradus::nn {

/// Functional(relu), Functional(elu, 1, 0, 1): forward(x) = f(x, bound arguments...).
class FunctionalImpl : public Cloneable<FunctionalImpl> {
 public:
  using Function = std::function<Tensor(Tensor)>;

  explicit FunctionalImpl(Function function) : function_(std::move(function)) {}
  template <class F, class... A, class = std::enable_if_t<(sizeof...(A) > 0)>>
  explicit FunctionalImpl(F f, A&&... a)
      : function_(
            [f, ... bound = std::decay_t<A>(std::forward<A>(a))](Tensor x) { return f(std::move(x), bound...); }) {}

  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor x) { return function_(std::move(x)); }
  Tensor operator()(Tensor x) { return function_(std::move(x)); }
  bool is_serializable() const override { return false; }

 private:
  Function function_;
};
GRADUS_MODULE(Functional);

}  // namespace gradus::nn
