#include "gradus/tensor/state_dict.h"

namespace gradus {

template class OrderedDict<std::string, Tensor>;

}  // namespace gradus
