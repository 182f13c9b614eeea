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
  return {
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
      unchanged("feature_dropout", "eval", [](auto& x) { return feature_dropout(x[0], 0.4, false); }, {2, 3, 4}),
  };
}

}  // namespace table
