#pragma once
#include "gradus/compat/torch/types.h"
#include "gradus/nn/holder.h"

#define TORCH_MODULE(Name) GRADUS_MODULE(Name)
#define TORCH_MODULE_IMPL(Name, ImplType) GRADUS_MODULE_IMPL(Name, ImplType)
