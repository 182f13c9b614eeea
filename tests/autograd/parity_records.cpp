#include "parity_records.h"

#include <cmath>
#include <cstring>
#include <sstream>

#include "gradus/io/gzip.h"
#include "gradus/io/safetensors.h"
#include "gradus/tests/paths.h"

using namespace gradus;

namespace parity {
namespace {

// The float32 number so many steps from x, as rows.py counts them.
float stepped(float x, int steps) {
  int32_t bits;
  std::memcpy(&bits, &x, sizeof x);
  const int64_t place = (bits < 0 ? -static_cast<int64_t>(bits & 0x7fffffff) : bits) + steps;
  const auto to = static_cast<uint32_t>(place < 0 ? -place : place) | (place < 0 ? 0x80000000u : 0);
  std::memcpy(&x, &to, sizeof x);
  return x;
}

bool anywhere(const std::vector<double>&) { return true; }
bool unbounded(const std::vector<double>& x) { return !std::isfinite(x[0]); }
bool pole(const std::vector<double>& x) { return x[0] < 0 && x[0] == std::floor(x[0]); }
bool huge(const std::vector<double>& x) { return std::abs(x.size() > 2 ? x[1] : x[0]) > 1e38; }
bool denormal(const std::vector<double>& x) { return std::abs(x[0]) < 1e-44 && std::abs(x[1]) < 1e-44; }
bool far(const std::vector<double>& x) { return x[0] < -1e4; }
bool zero(const std::vector<double>& x) { return x[0] == 0; }
bool small(const std::vector<double>& x) { return std::abs(x[0]) < 1e-37; }
bool tied(const std::vector<double>& x) { return x[1] == x[2]; }
bool unordered(const std::vector<double>& x) { return std::isnan(x[0] + x[1] + x[2]); }

}  // namespace

Records::Records() {
  const std::string bytes = io::read_maybe_gzip(paths::source() + "/tests/parity/rows.safetensors.gz", 1 << 24);
  size_t read = 0;
  const auto next = [&](void* to, size_t n) {
    std::memcpy(to, bytes.data() + read, n);
    read += n;
  };
  const io::SafetensorsFile file = io::read_safetensors({next, bytes.size(), "rows.safetensors"});
  for (const auto& [name, t] : file.tensors) tensors_[name] = t;
  std::istringstream lines(*file.find_metadata("rows"));
  for (std::string row, hash; std::getline(lines, row, '\t') && std::getline(lines, hash);) rows_[row] = hash;
}

const Records& Records::get() {
  static const Records records;
  return records;
}

const Tensor* Records::at(const std::string& name) const {
  const auto it = tensors_.find(name);
  return it == tensors_.end() ? nullptr : &it->second;
}

std::optional<Tensor> Records::find(const std::string& place, ScalarType type) const {
  const Tensor *plain = at(place), *single = type == kFloat ? at(place + "32") : nullptr;
  if (single && single->scalar_type() != kChar) return *single;
  if (!plain) return std::nullopt;
  if (type != kFloat || plain->scalar_type() != kDouble) return *plain;
  Tensor x = plain->to(kFloat).contiguous();
  for (int64_t i = 0; single && i < x.numel(); ++i) {
    float& e = x.data_ptr<float>()[i];
    e = stepped(e, single->data_ptr<int8_t>()[i]);
  }
  return x;
}

const std::vector<Difference>& differences() {
  const std::vector<std::string> digammas = {"digamma", "polygamma 0", "special_digamma", "special_psi", "psi"};
  const std::vector<std::string> trigammas = {"polygamma 1", "special_polygamma 1"};
  const char* series = "PyTorch's trigamma is a short series";
  const char* poles = "PyTorch's trigamma is finite at its poles";
  const char* overflow = "the result is finite, but PyTorch overflows in between";
  const char* infinite = "the limit is infinite, where PyTorch has NaN";
  const char* limit = "the limit is 0, where PyTorch has NaN";
  const char* slope = "the slope has a limit, where PyTorch divides infinities";
  const char* rounded = "PyTorch rounds the product g x to a denormal number";
  static const std::vector<Difference> all = {
      {{"celu"}, "g0", anywhere, 4e-8, "PyTorch rounds 1 / alpha to float32"},
      {{"hardsigmoid"}, "g0", anywhere, 2e-8, "PyTorch rounds 1 / 6 to float32"},
      {digammas, "g0", anywhere, 2e-9, series},
      {trigammas, "y", anywhere, 2e-9, series},
      {digammas, "g0", pole, INFINITY, poles},
      {trigammas, "y", pole, INFINITY, poles},
      {trigammas, "g0", unbounded, INFINITY, limit},
      {{"polygamma 2"}, "y", unbounded, INFINITY, limit},
      {{"polygamma 2"}, "g0", unbounded, INFINITY, limit},
      {{"i0", "special_i0"}, "y", unbounded, INFINITY, infinite},
      {{"i0", "special_i0"}, "g0", unbounded, INFINITY, infinite},
      {{"special_i1", "i1"}, "y", unbounded, INFINITY, infinite},
      {{"special_log_ndtr", "special_log_ndtr tail", "log_ndtr"},
       "g0",
       far,
       INFINITY,
       "PyTorch loses digits of the tail"},
      {{"special_erfcx", "special_erfcx large", "erfcx"}, "g0", huge, INFINITY, overflow},
      {{"special_zeta of_number"}, "y", unbounded, INFINITY, limit},
      {{"special_zeta of_number"}, "g0", unbounded, INFINITY, limit},
      {{"mvlgamma 1"}, "g0", zero, INFINITY, "PyTorch adds 0 to -0, whose digamma has the other sign"},
      {{"frexp"}, "g0", small, INFINITY, overflow},
      {{"group_norm empty planes"}, "g1", anywhere, INFINITY, "a sum over no elements is 0, where PyTorch has NaN"},
      {{"square", "pow square", "gelu tanh", "gelu tanh far"}, "g0", huge, INFINITY, overflow},
      {{"hardswish"}, "y", huge, INFINITY, overflow},
      {{"softsign", "copysign", "copysign number"}, "g0", unbounded, INFINITY, slope},
      {{"remainder"}, "g1", unbounded, INFINITY, "the remainder of infinity is NaN and has no slope"},
      {{"lerp weights"}, "y", huge, INFINITY, "without fused multiply and add the product overflows", false},
      {{"hypot"}, "g0", denormal, INFINITY, rounded},
      {{"hypot"}, "g1", denormal, INFINITY, rounded},
      {{"clamp tensors"}, "g1", tied, INFINITY, "PyTorch gives the gradient to neither of two equal bounds"},
      {{"clamp tensors"}, "g2", unordered, INFINITY, "the result is NaN, whose gradient PyTorch gives to a bound"},
  };
  return all;
}

const std::set<std::string>& float_only() {
  static const std::set<std::string> ops = {"addcmul",
                                            "affine_grid_generator",
                                            "alpha_dropout",
                                            "avg_pool1d",
                                            "avg_pool2d",
                                            "avg_pool3d",
                                            "conv1d",
                                            "conv2d",
                                            "conv2d_max_pool2d",
                                            "conv3d",
                                            "conv_forward",
                                            "conv_transpose1d",
                                            "conv_transpose2d",
                                            "conv_transpose3d",
                                            "convolution",
                                            "dropout",
                                            "dropout_with",
                                            "embedding_bag",
                                            "feature_alpha_dropout",
                                            "feature_dropout",
                                            "hinge_embedding_loss",
                                            "l1_loss",
                                            "linear",
                                            "linear_activated",
                                            "margin_ranking_loss",
                                            "max_pool1d_with_indices",
                                            "max_pool2d",
                                            "max_pool2d_with_indices",
                                            "max_pool3d",
                                            "max_pool3d_with_indices",
                                            "poisson_nll_loss",
                                            "relu_max_pool2d",
                                            "relu_max_pool3d"};
  return ops;
}

}  // namespace parity
