// Every operation, by family.
#pragma once
#include "gradus/autograd/ops/activation.h"
#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/compare.h"
#include "gradus/autograd/ops/copy.h"
#include "gradus/autograd/ops/elementary.h"
#include "gradus/autograd/ops/join.h"
#include "gradus/autograd/ops/reduce.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/autograd/ops/softmax.h"
#include "gradus/autograd/ops/view.h"
