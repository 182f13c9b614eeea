// A LibTorch program is a gradus program: it includes this.
#pragma once
#include "gradus/compat/torch/data.h"
#include "gradus/compat/torch/enum.h"
#include "gradus/compat/torch/nn.h"
#include "gradus/compat/torch/optim.h"
#include "gradus/compat/torch/ordered_dict.h"
#include "gradus/compat/torch/types.h"
#include "gradus/tensor/config.h"
