#include <cmath>

#include "table.h"

using namespace gradus;

namespace table {
namespace {

using Index = std::vector<int64_t>;

constexpr uint64_t seed = 1234;

// What f makes of ones is the mask: 0, or 1 / (1 - p). Anything else is no dropout.
Array mask_of(const Fn& f, const Index& shape, double p, bool by_channel) {
  const Tensor ones_dropped = f({ones(shape, kDouble)}).contiguous();
  const double* m = ones_dropped.data_ptr<double>();
  Array mask{shape, {m, m + ones_dropped.numel()}};
  int64_t channel = 1;
  for (size_t d = 2; d < shape.size(); ++d) channel *= shape[d];
  for (int64_t k = 0; k < ones_dropped.numel(); ++k) {
    check(mask.at(k) == 0 || mask.at(k) == 1 / (1 - p), "a mask holds ", mask.at(k));
    check(!by_channel || mask.at(k) == mask.at(k / channel * channel), "a mask differs inside a channel");
  }
  return mask;
}

Row masked(const char* op, const char* variant, Fn f, Index shape, double p, bool by_channel = false) {
  Row r{op, variant, f, {{shape}}, nullptr};
  r.reference = [=](const std::vector<Array>& in) {
    Array y = mask_of(f, shape, p, by_channel);
    for (size_t k = 0; k < y.v.size(); ++k) y.v[k] *= in[0].v[k];
    return y;
  };
  return r;
}

Row unchanged(const char* op, const char* variant, Fn f, Index shape) {
  return {op, variant, std::move(f), {{std::move(shape)}}, [](const std::vector<Array>& in) { return in[0]; }};
}

Row zero(const char* op, const char* variant, Fn f, Index shape) {
  return {op, variant, std::move(f), {{std::move(shape)}}, [](const std::vector<Array>& in) {
            return Array{in[0].shape, std::vector<double>(in[0].v.size(), 0.0)};
          }};
}

// What f makes of 0 tells the mask: elements kept become `shift`, others what the formula says.
Row alpha(const char* op, const char* variant, Fn f, Index shape, double p, bool by_channel) {
  Row r{op, variant, f, {{shape}}, nullptr};
  r.reference = [=](const std::vector<Array>& in) {
    const double s = -1.7580993408473766, a = 1 / std::sqrt((1 - p) * (1 + p * s * s)), shift = -a * p * s;
    const Tensor of_zero = f({zeros(shape, kDouble)}).contiguous();
    int64_t channel = 1, kept = 0;
    for (size_t d = 2; d < shape.size(); ++d) channel *= shape[d];
    Array y = in[0];
    for (int64_t k = 0; k < of_zero.numel(); ++k) {
      const double z = of_zero.reshape({-1})[k].item<double>();
      const bool m = std::abs(z - shift) < 1e-9;
      check(m || std::abs(z - (a * s + shift)) < 1e-9, "alpha dropout makes ", z, " of 0");
      if (by_channel) {
        const double first = of_zero.reshape({-1})[k / channel * channel].item<double>();
        check(z == first, "a mask differs inside a channel");
      }
      kept += m;
      y.at(k) = m ? a * y.at(k) + shift : a * s + shift;
    }
    check(kept > 0 && kept < of_zero.numel(), "a mask of one value");
    return y;
  };
  return r;
}

}  // namespace

std::vector<Row> dropout_rows() {
  const RandomStream stream{42, 7};
  auto with = [stream](double p) { return [stream, p](auto& x) { return dropout_with(x[0], p, stream); }; };
  // The generator is set so that every call draws the same mask.
  auto seeded = [](double p) {
    return [p](auto& x) {
      manual_seed(seed);
      return dropout(x[0], p, true);
    };
  };
  auto channels = [](double p) {
    return [p](auto& x) {
      manual_seed(seed);
      return feature_dropout(x[0], p, true);
    };
  };
  auto alphas = [](double p, bool by_channel) {
    return [=](auto& x) {
      manual_seed(seed);
      return by_channel ? feature_alpha_dropout(x[0], p, true) : alpha_dropout(x[0], p, true);
    };
  };
  // In place the noise is drawn as a tensor; it is the same stream.
  auto in_place = [](Row r, Tensor& (*f)(const Tensor&, double, bool), double p) {
    r.in_place = [=](auto& x) {
      manual_seed(seed);
      return f(x[0], p, true);
    };
    return r;
  };
  return {
      in_place(masked("dropout", "in place", seeded(0.4), {7, 40}, 0.4), dropout_, 0.4),
      in_place(masked("feature_dropout", "in place", channels(0.4), {4, 6, 3}, 0.4, true), feature_dropout_, 0.4),
      in_place(alpha("alpha_dropout", "in place", alphas(0.3, false), {5, 20}, 0.3, false), alpha_dropout_, 0.3),
      in_place(alpha("feature_alpha_dropout", "in place", alphas(0.3, true), {4, 5, 2}, 0.3, true),
               feature_alpha_dropout_, 0.3),
      masked("dropout_with", "", with(0.3), {3, 4}, 0.3),
      masked("dropout_with", "half", with(0.5), {5, 67}, 0.5),
      unchanged("dropout_with", "nothing", with(0), {3, 4}),
      zero("dropout_with", "everything", with(1), {3, 4}),
      masked("dropout", "train", seeded(0.4), {7, 40}, 0.4),
      unchanged("dropout", "train_nothing", seeded(0), {3, 4}),
      zero("dropout", "train_everything", seeded(1), {3, 4}),
      unchanged("dropout", "eval", [](auto& x) { return dropout(x[0], 0.4, false); }, {3, 4}),
      masked("feature_dropout", "train", channels(0.4), {4, 6, 3, 2}, 0.4, true),
      masked("feature_dropout", "matrix", channels(0.4), {4, 16}, 0.4, true),
      zero("feature_dropout", "train_everything", channels(1), {2, 3, 4}),
      alpha("alpha_dropout", "train", alphas(0.3, false), {5, 20}, 0.3, false),
      unchanged("alpha_dropout", "train_nothing", alphas(0, false), {3, 4}),
      zero("alpha_dropout", "train_everything", alphas(1, false), {3, 4}),
      unchanged("alpha_dropout", "eval", [](auto& x) { return alpha_dropout(x[0], 0.4, false); }, {3, 4}),
      alpha("feature_alpha_dropout", "train", alphas(0.3, true), {4, 5, 2, 3}, 0.3, true),
      zero("feature_alpha_dropout", "train_everything", alphas(1, true), {3, 4, 2}),
      unchanged("feature_alpha_dropout", "eval", [](auto& x) { return feature_alpha_dropout(x[0], 0.4, false); },
                {3, 4}),
      unchanged("feature_dropout", "eval", [](auto& x) { return feature_dropout(x[0], 0.4, false); }, {2, 3, 4}),
  };
}

}  // namespace table
