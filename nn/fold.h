// Windows as columns and back, and channels as pixels. Formulas: autograd/ops/fold.h.
#pragma once
#include "gradus/nn/expanding_array.h"
#include "gradus/nn/layer.h"

namespace gradus::nn {

struct FoldOptions {
  FoldOptions(ExpandingArray<2> output_size, ExpandingArray<2> kernel_size)
      : output_size_(output_size), kernel_size_(kernel_size) {}
  GRADUS_ARG(ExpandingArray<2>, output_size);
  GRADUS_ARG(ExpandingArray<2>, kernel_size);
  GRADUS_ARG(ExpandingArray<2>, dilation) = 1;
  GRADUS_ARG(ExpandingArray<2>, padding) = 0;
  GRADUS_ARG(ExpandingArray<2>, stride) = 1;
};

struct UnfoldOptions {
  UnfoldOptions(ExpandingArray<2> kernel_size) : kernel_size_(kernel_size) {}
  GRADUS_ARG(ExpandingArray<2>, kernel_size);
  GRADUS_ARG(ExpandingArray<2>, dilation) = 1;
  GRADUS_ARG(ExpandingArray<2>, padding) = 0;
  GRADUS_ARG(ExpandingArray<2>, stride) = 1;
};

struct PixelShuffleOptions {
  PixelShuffleOptions(int64_t upscale_factor) : upscale_factor_(upscale_factor) {}
  GRADUS_ARG(int64_t, upscale_factor);
};

struct PixelUnshuffleOptions {
  PixelUnshuffleOptions(int64_t downscale_factor) : downscale_factor_(downscale_factor) {}
  GRADUS_ARG(int64_t, downscale_factor);
};

namespace functional {

using FoldFuncOptions = FoldOptions;
using UnfoldFuncOptions = UnfoldOptions;
using PixelShuffleFuncOptions = PixelShuffleOptions;
using PixelUnshuffleFuncOptions = PixelUnshuffleOptions;

/// Columns [N, C kh kw, windows] summed into pictures [N, C, H, W].
Tensor fold(const Tensor& x, const FoldFuncOptions& options);
/// The windows of pictures [N, C, H, W] as columns [N, C kh kw, windows].
Tensor unfold(const Tensor& x, const UnfoldFuncOptions& options);
/// [..., C r r, H, W] to [..., C, H r, W r], and back.
Tensor pixel_shuffle(const Tensor& x, const PixelShuffleFuncOptions& options);
Tensor pixel_unshuffle(const Tensor& x, const PixelUnshuffleFuncOptions& options);

}  // namespace functional

class FoldImpl : public Layer<FoldImpl, FoldOptions> {
 public:
  FoldImpl(ExpandingArray<2> output_size, ExpandingArray<2> kernel_size)
      : FoldImpl(FoldOptions(output_size, kernel_size)) {}
  explicit FoldImpl(const FoldOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(Fold);

class UnfoldImpl : public Layer<UnfoldImpl, UnfoldOptions> {
 public:
  UnfoldImpl(ExpandingArray<2> kernel_size) : UnfoldImpl(UnfoldOptions(kernel_size)) {}
  explicit UnfoldImpl(const UnfoldOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(Unfold);

class PixelShuffleImpl : public Layer<PixelShuffleImpl, PixelShuffleOptions> {
 public:
  explicit PixelShuffleImpl(const PixelShuffleOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(PixelShuffle);

class PixelUnshuffleImpl : public Layer<PixelUnshuffleImpl, PixelUnshuffleOptions> {
 public:
  explicit PixelUnshuffleImpl(const PixelUnshuffleOptions& options) : Layer(options) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x);
};
GRADUS_MODULE(PixelUnshuffle);

}  // namespace gradus::nn
