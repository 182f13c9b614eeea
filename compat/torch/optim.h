#pragma once
#include "gradus/compat/torch/arg.h"
#include "gradus/compat/torch/types.h"
#include "gradus/optim/optim.h"
