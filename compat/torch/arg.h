#pragma once
#include "gradus/tensor/arg.h"

#define TORCH_ARG(T, name) GRADUS_ARG(T, name)
