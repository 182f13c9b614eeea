#pragma once
#include "gradus/compat/torch/nn.h"
