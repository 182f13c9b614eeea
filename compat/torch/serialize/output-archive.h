#pragma once
#include "gradus/compat/torch/types.h"
