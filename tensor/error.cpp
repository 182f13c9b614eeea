#include "gradus/tensor/error.h"

namespace gradus {

void fail_with(const char* text) { throw Error(text); }

}  // namespace gradus
