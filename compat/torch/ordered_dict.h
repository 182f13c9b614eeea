#pragma once
#include "gradus/compat/torch/types.h"
#include "gradus/tensor/ordered_dict.h"
