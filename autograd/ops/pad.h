// Padding: tensors made larger (or, by negative numbers, smaller) at their edges. `padding` counts elements from the
// last dimension backwards: {left, right, top, bottom, front, back}.
#pragma once
#include <string>

#include "gradus/tensor/tensor.h"

namespace gradus {

/// x in the middle of `value`.  gx = the middle of g.
Tensor constant_pad_nd(const Tensor& x, IntArrayRef padding, const Scalar& value = 0);
/// x and its mirror image around the edge, which is not repeated: c b a b c b a for two elements on each side.  gx = g,
/// elements that were copied several times summed; so it is for the paddings below. x [N, C, L] or [C, L].
Tensor reflection_pad1d(const Tensor& x, IntArrayRef padding);
Tensor reflection_pad2d(const Tensor& x, IntArrayRef padding);
Tensor reflection_pad3d(const Tensor& x, IntArrayRef padding);
/// The edge again and again: a a a b c c c.
Tensor replication_pad1d(const Tensor& x, IntArrayRef padding);
Tensor replication_pad2d(const Tensor& x, IntArrayRef padding);
Tensor replication_pad3d(const Tensor& x, IntArrayRef padding);
/// Any of the above by its name: "constant" (all dimensions), "reflect", "replicate", or "circular": x beside itself,
/// b c a b c a b (one to three dimensions). https://pytorch.org/docs/stable/generated/torch.nn.functional.pad.html
Tensor pad(const Tensor& x, IntArrayRef padding, const std::string& mode = "constant",
           std::optional<double> value = std::nullopt);

}  // namespace gradus
