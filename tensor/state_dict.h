// StateDict: named tensors, the state of a module, an optimizer or a schedule.
#pragma once
#include "gradus/tensor/ordered_dict.h"
#include "gradus/tensor/tensor.h"

namespace gradus {

/// In order of insertion. Numbers are tensors without dimensions.
using StateDict = OrderedDict<std::string, Tensor>;
extern template class OrderedDict<std::string, Tensor>;

}  // namespace gradus
