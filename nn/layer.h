// Layer: what layers without parameters have in common. Everything that instantiates is defined in layer_impl.h, which
// only the sources of the library include: a program pays for the layers that it uses, not for all.
#pragma once
#include "gradus/nn/cloneable.h"
#include "gradus/nn/enums.h"
#include "gradus/tensor/arg.h"

namespace gradus::nn {

struct NoOptions {};

/// A module that is nothing but its options.
template <class Derived, class Options = NoOptions>
class Layer : public Cloneable<Derived> {
 public:
  explicit Layer(const Options& options = {});
  ~Layer() override;
  void reset() override;

  Options options;
};

}  // namespace gradus::nn
