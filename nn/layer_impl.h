// The definitions of Layer, for the sources that instantiate it.
#pragma once
#include <ostream>

#include "gradus/nn/layer.h"

namespace gradus::nn {

template <class Derived, class Options>
Layer<Derived, Options>::Layer(const Options& options) : options(options) {}
template <class Derived, class Options>
Layer<Derived, Options>::~Layer() = default;
template <class Derived, class Options>
void Layer<Derived, Options>::reset() {}

}  // namespace gradus::nn
