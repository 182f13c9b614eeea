// All of optim/.
#pragma once
#include "gradus/optim/adagrad.h"
#include "gradus/optim/adam.h"
#include "gradus/optim/adamw.h"
#include "gradus/optim/optimizer.h"
#include "gradus/optim/rmsprop.h"
#include "gradus/optim/scheduler/lr_scheduler.h"
#include "gradus/optim/scheduler/one_cycle_lr.h"
#include "gradus/optim/scheduler/reduce_on_plateau.h"
#include "gradus/optim/scheduler/schedules.h"
#include "gradus/optim/scheduler/sequential_lr.h"
#include "gradus/optim/sgd.h"
