#include "gradus/autograd/ops/grid_sample.h"

#include "gradus/autograd/ops/arithmetic.h"
#include "gradus/autograd/ops/elementary.h"
#include "gradus/autograd/ops/index.h"
#include "gradus/autograd/ops/join.h"
#include "gradus/autograd/ops/matmul.h"
#include "gradus/autograd/ops/shape.h"
#include "gradus/autograd/record.h"
#include "gradus/autograd/wide.h"
#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/grid_sample.h"
#include "gradus/tensor/kernels/typed.h"

namespace gradus {
namespace {

/// One dimension of x: its size, and how places on it are counted.
struct Axis {
  int64_t n;
  kernels::Beyond padding;
  bool align_corners;

  double last() const { return static_cast<double>(n - 1); }
  /// From [-1, 1] to elements.
  Tensor elements(const Tensor& place) const {
    const auto size = static_cast<double>(n);
    return align_corners ? (place + 1) * (last() / 2) : (place + 1) * (size / 2) - 0.5;
  }
  /// Places outside, brought inside as the padding says.
  Tensor inside(const Tensor& at) const {
    if (padding == kernels::Beyond::zeros) return at;
    return (padding == kernels::Beyond::reflection ? reflected(at) : at).clamp(0, last());
  }

 private:
  Tensor reflected(const Tensor& at) const {
    const double low = align_corners ? 0 : -0.5, span = align_corners ? last() : static_cast<double>(n);
    if (span == 0) return at * 0;
    const Tensor from = (at - low).abs(), turns = (from / span).detach().floor();
    const Tensor odd = turns - (turns / 2).floor() * 2;
    return (from - turns * span) * (1 - odd * 2) + odd * span + low;
  }
};

/// An element for every place of the grid, and its weight: [N, places], the weight undefined for 1.
struct Term {
  Tensor index, weight;
};

// `at` holds whole numbers. Elements that do not exist have the weight 0.
Term term(const Axis& a, const Tensor& at, Tensor weight) {
  const Tensor place = at.detach(), index = place.clamp(0, a.last());
  if (a.padding == kernels::Beyond::zeros) {
    if (!weight.defined()) weight = ones_like(place);
    weight = weight.masked_fill(place.ne(index), 0);
  }
  return {index.to(kLong), weight};
}

std::vector<Term> linear_terms(const Axis& a, const Tensor& grid) {
  const Tensor at = a.inside(a.elements(grid)), first = at.detach().floor(), rest = at - first;
  return {term(a, first, 1 - rest), term(a, first + 1, rest)};
}

std::vector<Term> nearest_terms(const Axis& a, const Tensor& grid) {
  return {term(a, a.inside(a.elements(grid.detach())).round(), {})};
}

// Cubic convolution with a = -3/4; here elements outside are brought inside one by one.
std::vector<Term> cubic_terms(const Axis& a, const Tensor& grid) {
  const Tensor at = a.elements(grid), first = at.detach().floor(), t = at - first;
  auto near = [](const Tensor& x) { return ((x * 1.25) - 2.25) * x * x + 1; };
  auto far = [](const Tensor& x) { return (((x - 5) * x + 8) * x - 4) * -0.75; };
  const Tensor weights[] = {far(t + 1), near(t), near(1 - t), far(2 - t)};
  std::vector<Term> terms;
  for (int64_t k = 0; k < 4; ++k) terms.push_back(term(a, a.inside(first + (k - 1)).round(), weights[k]));
  return terms;
}

Tensor product(const Tensor& a, const Tensor& b) { return !a.defined() ? b : !b.defined() ? a : a * b; }

// The sum over all combinations of one term a dimension.
Tensor sum_of_terms(const Tensor& planes, IntArrayRef sizes, const std::vector<std::vector<Term>>& terms, size_t dim,
                    const Term& so_far) {
  if (dim == terms.size()) {
    const Tensor index = unsqueeze(so_far.index, 1).expand({planes.size(0), planes.size(1), so_far.index.size(1)});
    const Tensor values = gather(planes, 2, index);
    return so_far.weight.defined() ? values * unsqueeze(so_far.weight, 1) : values;
  }
  Tensor sum;
  for (const Term& t : terms[dim]) {
    const Term next{so_far.index.defined() ? so_far.index * sizes[dim + 2] + t.index : t.index,
                    product(so_far.weight, t.weight)};
    const Tensor part = sum_of_terms(planes, sizes, terms, dim + 1, next);
    sum = sum.defined() ? sum + part : part;
  }
  return sum;
}

// In public operations, whose derivatives are differentiable in their turn.
Tensor composed_grid_sampler(const kernels::GridSample& s, const Tensor& x, const Tensor& grid) {
  const Tensor flat = reshape(grid.masked_fill(grid.isnan(), -1), {s.n, s.places, s.dims});
  std::vector<std::vector<Term>> terms;
  for (int64_t d = 0; d < s.dims; ++d) {
    const Axis axis{x.size(d + 2), s.beyond, s.align_corners};
    const Tensor place = select(flat, 2, s.dims - 1 - d);
    terms.push_back(s.sampling == kernels::Sampling::linear    ? linear_terms(axis, place)
                    : s.sampling == kernels::Sampling::nearest ? nearest_terms(axis, place)
                                                               : cubic_terms(axis, place));
  }
  Sizes result{s.n, s.c};
  for (int64_t d = 0; d < s.dims; ++d) result.push_back(grid.size(d + 1));
  return reshape(sum_of_terms(reshape(x, {s.n, s.c, s.in_plane()}), x.sizes(), terms, 0, {}), result);
}

std::array<Tensor, 2> first_order(const kernels::GridSample& s, const Tensor& g, const Tensor& x, const Tensor& grid,
                                  const Node& self) {
  const Tensor gx = self.needs(0) ? empty(x.sizes(), x.scalar_type()) : Tensor();
  const Tensor ggrid = self.needs(1) ? empty(grid.sizes(), x.scalar_type()) : Tensor();
  kernels::with_floating(
      "grid_sampler",
      [&](auto* g, auto* x, auto* grid, auto* gx, auto* ggrid) {
        kernels::grid_sample_backward(s, g, x, grid, gx, ggrid);
      },
      g.detach().contiguous(), x.detach().contiguous(), grid.detach().contiguous(), kernels::written(gx),
      kernels::written(ggrid));
  return {gx, ggrid};
}

void check_arguments(const Tensor& x, const Tensor& grid, int64_t interpolation, int64_t padding) {
  const char* op = "grid_sampler(): ";
  check(x.defined() && grid.defined(), op, "expected input and grid to not be undefined");
  check(x.dim() >= 1 && grid.dim() >= 1 && x.size(0) == grid.size(0), op,
        "expected grid and input to have same batch size, but got input with sizes ", x.sizes(),
        " and grid with sizes ", grid.sizes());
  check(grid.size(-1) == x.dim() - 2, op, "expected grid to have size ", x.dim() - 2,
        " in last dimension, but got grid with sizes ", grid.sizes());
  check((x.dim() == 4 || x.dim() == 5) && x.dim() == grid.dim(), op,
        "expected 4D or 5D input and grid with same number of dimensions, but got input with sizes ", x.sizes(),
        " and grid with sizes ", grid.sizes());
  for (int64_t d = 2; d < x.dim(); ++d)
    check(x.size(d) > 0, op, "expected input to have non-empty spatial dimensions, but input has sizes ", x.sizes(),
          " with dimension ", d, " being empty");
  check(is_floating(x.scalar_type()) && x.scalar_type() == grid.scalar_type(), op,
        "expected input and grid to have same floating dtype, but input has ", x.scalar_type(), " and grid has ",
        grid.scalar_type());
  check(interpolation >= 0 && interpolation <= 2 && padding >= 0 && padding <= 2, op,
        "expected modes 0, 1 or 2, but got ", interpolation, " and ", padding);
  check(interpolation != 2 || x.dim() == 4, op, "bicubic interpolation only supports 4D input");
}

// -1 ... 1 in n steps, the outermost at the middles of elements unless align_corners.
Tensor places(int64_t n, bool align_corners, ScalarType dtype) {
  if (n <= 1) return zeros({n}, dtype);
  const Tensor line = linspace(-1, 1, n, dtype);
  return align_corners ? line : line * (static_cast<double>(n - 1) / static_cast<double>(n));
}

}  // namespace

Tensor grid_sampler(const Tensor& x, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode,
                    bool align_corners) {
  check_arguments(x, grid, interpolation_mode, padding_mode);
  kernels::GridSample s;
  s.n = x.size(0), s.c = x.size(1), s.dims = x.dim() - 2, s.places = 1;
  s.sampling = static_cast<kernels::Sampling>(interpolation_mode);
  s.beyond = static_cast<kernels::Beyond>(padding_mode);
  s.align_corners = align_corners;
  Sizes sizes{s.n, s.c};
  for (int64_t d = 0; d < s.dims; ++d) {
    sizes.push_back(grid.size(d + 1));
    s.places *= grid.size(d + 1);
    s.in[3 - s.dims + d] = x.size(d + 2);
  }
  const Tensor y = empty(sizes, x.scalar_type());
  kernels::with_floating(
      "grid_sampler", [&](auto* x, auto* grid, auto* y) { kernels::grid_sample(s, x, grid, y); },
      x.detach().contiguous(), grid.detach().contiguous(), kernels::written(y));
  // The nearest element does not change with the grid.
  const Tensor moving = s.sampling == kernels::Sampling::nearest ? Tensor() : grid;
  if (!recording({x, moving})) return y;
  auto kernel = [x = Saved(x), grid = Saved(grid), s](const Tensor& g, Node& self) {
    return first_order(s, g, x.get(self), grid.get(self), self);
  };
  auto composed = [x = Saved(x), grid = Saved(grid), s](const Tensor& g, Node& self) {
    const Tensor places = grid.get(self);
    const bool moves = self.needs(1);
    const auto r = differentiate(
        [&](const std::vector<Tensor>& in) { return composed_grid_sampler(s, in[0], moves ? in[1] : places); },
        {x.get(self), moves ? places : Tensor()}, g, self);
    return std::array<Tensor, 2>{r[0], r[1]};
  };
  return record("grid_sampler", y, {x, moving}, fused(std::move(kernel), std::move(composed)));
}

Tensor affine_grid_generator(const Tensor& theta, IntArrayRef size, bool align_corners) {
  const auto dims = static_cast<int64_t>(size.size()) - 2;
  check(theta.defined() && is_floating(theta.scalar_type()),
        "affine_grid_generator: Expected theta to have floating point type, but got ",
        theta.defined() ? str(theta.scalar_type()) : "an undefined tensor");
  check(dims == 2 || dims == 3,
        "affine_grid_generator: AffineGridGenerator needs 4d (spatial) or 5d (volumetric) inputs, got size ", size);
  check(theta.dim() == 3 && theta.size(0) == size[0] && theta.size(1) == dims && theta.size(2) == dims + 1,
        "affine_grid_generator: Expected a batch of affine matrices of shape ", size[0], "x", dims, "x", dims + 1,
        " for size ", size, ". Got ", theta.sizes(), ".");
  if (is_float16(theta.scalar_type()))
    return affine_grid_generator(wide(theta), size, align_corners).to(theta.scalar_type());
  const IntArrayRef spatial = size.slice(2);
  std::vector<Tensor> base;
  for (int64_t d = dims - 1; d >= 0; --d) {
    Sizes one(static_cast<size_t>(dims), 1);
    one[static_cast<size_t>(d)] = spatial[static_cast<size_t>(d)];
    const Tensor line = places(spatial[static_cast<size_t>(d)], align_corners, theta.scalar_type());
    base.push_back(reshape(line, one).expand(spatial));
  }
  base.push_back(ones(spatial, theta.scalar_type()));
  const Tensor points = reshape(stack(base, -1), {1, -1, dims + 1}).expand({size[0], -1, dims + 1});
  Sizes sizes{size[0]};
  for (int64_t n : spatial) sizes.push_back(n);
  sizes.push_back(dims);
  return reshape(matmul(points, transpose(theta, 1, 2)), sizes);
}

}  // namespace gradus
