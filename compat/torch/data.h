#pragma once
#include "gradus/compat/torch/types.h"
#include "gradus/data/loader.h"
#include "gradus/data/mnist.h"
#include "gradus/data/transforms.h"
