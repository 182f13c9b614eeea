#include "gradus/autograd/ops/view.h"

#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/record.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/convert.h"
#include "gradus/tensor/kernels/strided.h"

namespace gradus {
namespace {

ViewGeometry geometry(const TensorImpl& base, const TensorImpl& view) {
  return {base.sizes, base.strides, base.offset, view.sizes, view.strides, view.offset};
}

// Behind the last element of a tensor in its storage.
int64_t end_of(const Sizes& sizes, const Sizes& strides, int64_t offset) {
  int64_t last = offset;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 0) return offset;
    last += (sizes[i] - 1) * strides[i];
  }
  return last + 1;
}

// A zeroed block of memory laid out as the base's, seen as the base and as the view, which may reach beyond it.
struct Frame {
  Tensor base, view;
  Frame(const ViewGeometry& g, ScalarType dtype) {
    const int64_t begin = std::min(g.base_offset, g.offset);
    const int64_t end =
        std::max(end_of(g.base_sizes, g.base_strides, g.base_offset), end_of(g.sizes, g.strides, g.offset));
    const Tensor block = zeros({end - begin}, dtype);
    const auto& storage = block.storage();
    base = Tensor(make_intrusive<TensorImpl>(storage, dtype, g.base_sizes, g.base_strides, g.base_offset - begin));
    view = Tensor(make_intrusive<TensorImpl>(storage, dtype, g.sizes, g.strides, g.offset - begin));
  }
};

}  // namespace

Tensor alias(const Tensor& x) {
  return record("alias", view_of(x, x.sizes(), x.strides(), x.storage_offset()), {x},
                [](const Tensor& g, Node&) { return g; });
}

Tensor view_gather(const Tensor& x, const ViewGeometry& g) {
  const Frame frame(g, x.scalar_type());
  kernels::copy(*frame.base.unsafeGetTensorImpl(), *x.unsafeGetTensorImpl());
  return record("view_gather", frame.view, {x}, [g](const Tensor& gy, Node&) { return view_scatter(gy, g); });
}

Tensor view_scatter(const Tensor& v, const ViewGeometry& g) {
  const Frame frame(g, v.scalar_type());
  kernels::add_strided(*frame.view.unsafeGetTensorImpl(), *v.unsafeGetTensorImpl());
  return record("view_scatter", frame.base, {v}, [g](const Tensor& gy, Node&) { return view_gather(gy, g); });
}

void renew_view(const Tensor& view) {
  const TensorImpl& impl = *view.unsafeGetTensorImpl();
  const Tensor base(impl.base);
  const ViewGeometry g = geometry(*impl.base, impl);
  auto node = prepare_in_place("as_strided", {base}, [g](const Tensor& gy, Node&) { return view_scatter(gy, g); });
  if (!node) {  // recording is off now, but the history must be right when it is on again
    EnableGradGuard on;
    node = prepare_in_place("as_strided", {base}, [g](const Tensor& gy, Node&) { return view_scatter(gy, g); });
  }
  detail::attach(node, view);
}

void rebase_base(const Tensor& view) {
  const TensorImpl& impl = *view.unsafeGetTensorImpl();
  const Tensor base(impl.base);
  const ViewGeometry g = geometry(*impl.base, impl);
  // The old base is the first input; its edge is taken before the base becomes the new node's output.
  const auto node = prepare_in_place("copy_slices", {base, view}, [g](const Tensor& gy, Node& self) {
    const Tensor part = view_gather(gy, g);
    const Tensor rest = self.needs(0) ? sub(gy, view_scatter(part, g)) : Tensor();
    return std::array<Tensor, 2>{rest, part};
  });
  detail::attach(node, base);
  // The view is the base's newest state itself: nothing to renew until the next change.
  view.unsafeGetTensorImpl()->node_version = view.storage()->version();
}

}  // namespace gradus
