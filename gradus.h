// All of gradus, but for the header with which one writes pointwise operations (gradus/autograd/pointwise.h).
#pragma once
#include "gradus/autograd/engine.h"
#include "gradus/autograd/grad_mode.h"
#include "gradus/autograd/gradcheck.h"
#include "gradus/autograd/ops/ops.h"
#include "gradus/tensor/allocator.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/literal.h"
#include "gradus/tensor/parallel.h"
#include "gradus/tensor/tensor.h"
