#pragma once
#include "gradus/compat/torch/optim.h"
