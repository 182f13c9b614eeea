// All of optim/.
#pragma once
#include "gradus/optim/adagrad.h"
#include "gradus/optim/adam.h"
#include "gradus/optim/adamw.h"
#include "gradus/optim/optimizer.h"
#include "gradus/optim/rmsprop.h"
#include "gradus/optim/sgd.h"
