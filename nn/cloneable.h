// Cloneable: a module that can be copied. Derived must register everything in reset(), which its constructor calls.
#pragma once
#include "gradus/autograd/grad_mode.h"
#include "gradus/nn/module.h"

namespace gradus::nn {

template <class Derived>
class Cloneable : public Module {
 public:
  using Module::Module;

  /// Makes and registers parameters, buffers and submodules anew.
  virtual void reset() = 0;

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override {
    NoGradGuard no_grad;
    auto copy = std::make_shared<Derived>(static_cast<const Derived&>(*this));
    copy->parameters_.clear();
    copy->buffers_.clear();
    copy->children_.clear();
    copy->reset();
    clone_into(*copy, device);
    return copy;
  }

 private:
  void clone_(Module& other, const std::optional<Device>& device) final {
    // reset() may have registered something else under this name.
    auto clone = std::dynamic_pointer_cast<Derived>(other.clone(device));
    check(clone != nullptr,
          "Attempted to clone submodule, but it is of a different type than the submodule it was to be cloned into");
    static_cast<Derived&>(*this) = *clone;
  }
};

}  // namespace gradus::nn
