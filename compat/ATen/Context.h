#pragma once
#include "gradus/compat/c10/util/Exception.h"
