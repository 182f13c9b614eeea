#pragma once
#include "gradus/compat/torch/types.h"
#include "gradus/nn/enums.h"
