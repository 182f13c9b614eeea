// Searching: places in sorted sequences, membership. No derivatives.
#pragma once
#include <string_view>

#include "gradus/tensor/tensor.h"

namespace gradus {

/// For each value the first index of the sorted last dimension whose element is not less (with `right` or side "right":
/// greater); one sequence for all values, or one for each row of them. `sorter`: the indices that sort it. int64, or
/// int32 on demand.
Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& x, bool out_int32 = false, bool right = false,
                    std::optional<std::string_view> side = std::nullopt, const std::optional<Tensor>& sorter = {});
Tensor searchsorted(const Tensor& sorted_sequence, const Scalar& x, bool out_int32 = false, bool right = false,
                    std::optional<std::string_view> side = std::nullopt, const std::optional<Tensor>& sorter = {});
/// searchsorted in a vector of boundaries.
Tensor bucketize(const Tensor& x, const Tensor& boundaries, bool out_int32 = false, bool right = false);
Tensor bucketize(const Scalar& x, const Tensor& boundaries, bool out_int32 = false, bool right = false);
/// Is the element among the test elements (or not, with `invert`)?
Tensor isin(const Tensor& elements, const Tensor& test_elements, bool assume_unique = false, bool invert = false);
Tensor isin(const Tensor& elements, const Scalar& test_element, bool assume_unique = false, bool invert = false);
Tensor isin(const Scalar& element, const Tensor& test_elements, bool assume_unique = false, bool invert = false);

}  // namespace gradus
