#pragma once
#include "gradus/compat/names.h"
