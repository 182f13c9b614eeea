// Views under in-place changes: how a change of a view reaches what it views, and the other way round.
#pragma once
#include "gradus/tensor/tensor.h"

namespace gradus {

/// The same elements as a new tensor on the same memory, one step further in the graph.
Tensor alias(const Tensor& x);

/// Gives a view whose base was changed in place since a new history: the base's, seen through the view.
void renew_view(const Tensor& view);

/// After a view became the result of a node: its base is now the old base with the view's part replaced.
void rebase_base(const Tensor& view);

/// Where a view lies in its base; offsets in elements of the storage.
struct ViewGeometry {
  Sizes base_sizes, base_strides;
  int64_t base_offset = 0;
  Sizes sizes, strides;
  int64_t offset = 0;
};

/// The part of x (of the base's shape) that the view shows.  Linear; its derivative is `view_scatter`.
Tensor view_gather(const Tensor& x, const ViewGeometry& g);
/// A tensor of the base's shape, v where the view lies (summed where it overlaps itself), 0 elsewhere.
Tensor view_scatter(const Tensor& v, const ViewGeometry& g);

}  // namespace gradus
