#pragma once
#include "gradus/compat/torch/arg.h"
#include "gradus/compat/torch/nn/pimpl.h"
#include "gradus/nn/functional/activation.h"
#include "gradus/nn/functional/loss.h"
#include "gradus/nn/functional/padding.h"
#include "gradus/nn/nn.h"
