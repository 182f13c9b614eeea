#pragma once
#include "gradus/compat/torch/data.h"
