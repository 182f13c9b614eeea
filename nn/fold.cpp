#include "gradus/nn/fold.h"

#include "gradus/autograd/ops/fold.h"
#include "gradus/nn/layer_impl.h"

namespace gradus::nn {
namespace F = functional;

template class Layer<FoldImpl, FoldOptions>;
template class Layer<UnfoldImpl, UnfoldOptions>;
template class Layer<PixelShuffleImpl, PixelShuffleOptions>;
template class Layer<PixelUnshuffleImpl, PixelUnshuffleOptions>;

Tensor F::fold(const Tensor& x, const FoldFuncOptions& o) {
  check(x.defined(), "fold: expected a tensor, but got an undefined one");
  check(x.dim() == 2 || x.dim() == 3,
        "Input Error: Only unbatched (2D) or batched (3D) input Tensors are supported (got ", x.dim(), "D)");
  return col2im(x, o.output_size(), o.kernel_size(), o.dilation(), o.padding(), o.stride());
}

Tensor F::unfold(const Tensor& x, const UnfoldFuncOptions& o) {
  check(x.defined(), "unfold: expected a tensor, but got an undefined one");
  check(x.dim() == 3 || x.dim() == 4, "Input Error: Only 4D input Tensors are supported (got ", x.dim(), "D)");
  return im2col(x, o.kernel_size(), o.dilation(), o.padding(), o.stride());
}

Tensor F::pixel_shuffle(const Tensor& x, const PixelShuffleFuncOptions& o) {
  return gradus::pixel_shuffle(x, o.upscale_factor());
}
Tensor F::pixel_unshuffle(const Tensor& x, const PixelUnshuffleFuncOptions& o) {
  return gradus::pixel_unshuffle(x, o.downscale_factor());
}

Tensor FoldImpl::forward(const Tensor& x) { return F::fold(x, options); }
Tensor UnfoldImpl::forward(const Tensor& x) { return F::unfold(x, options); }
Tensor PixelShuffleImpl::forward(const Tensor& x) { return F::pixel_shuffle(x, options); }
Tensor PixelUnshuffleImpl::forward(const Tensor& x) { return F::pixel_unshuffle(x, options); }

void FoldImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Fold(output_size=" << options.output_size() << ", kernel_size=" << options.kernel_size()
         << ", dilation=" << options.dilation() << ", padding=" << options.padding() << ", stride=" << options.stride()
         << ")";
}
void UnfoldImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Unfold(kernel_size=" << options.kernel_size() << ", dilation=" << options.dilation()
         << ", padding=" << options.padding() << ", stride=" << options.stride() << ")";
}
void PixelShuffleImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::PixelShuffle(upscale_factor=" << options.upscale_factor() << ")";
}
void PixelUnshuffleImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::PixelUnshuffle(downscale_factor=" << options.downscale_factor() << ")";
}

}  // namespace gradus::nn
