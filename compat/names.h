// torch::, at:: and c10:: are gradus::. Nothing else is needed for a program to find its names.
//
// The standard headers are those that programs use and never include, because LibTorch's headers bring them.
#pragma once
#include <algorithm>
#include <cmath>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

#include "gradus/gradus.h"
#include "gradus/tensor/irange.h"
#include "gradus/tensor/platform.h"
#include "gradus/tensor/warning.h"

namespace gradus {

// LibTorch has these names of the standard library in its own namespaces.
using std::get_if;
using std::holds_alternative;
using std::in_place;
using std::make_optional;
using std::make_unique;
using std::nullopt;
using std::nullopt_t;
using std::optional;
using std::string_view;
using std::to_string;
using std::variant;
using std::visit;

}  // namespace gradus

namespace torch = gradus;
namespace at = gradus;
namespace c10 = gradus;
namespace caffe2 = gradus;
