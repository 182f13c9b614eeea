#include "gradus/tensor/options.h"

#include <charconv>
#include <ostream>

namespace gradus {

std::ostream& operator<<(std::ostream& out, DeviceType t) { return out << (t == DeviceType::CPU ? "cpu" : "cuda"); }

Device::Device(const std::string& text) : type_(DeviceType::CPU), index_(-1) {
  const size_t colon = text.find(':');
  const std::string kind = text.substr(0, colon);
  check(kind == "cpu" || kind == "cuda", "Device: expected \"cpu\" or \"cuda\" at the start of a device string, got '",
        text, "'");
  if (kind == "cuda") type_ = DeviceType::CUDA;
  if (colon == std::string::npos) return;
  const char *begin = text.data() + colon + 1, *end = text.data() + text.size();
  int index = -1;
  const auto [stop, error] = std::from_chars(begin, end, index);
  check(error == std::errc() && stop == end && index >= 0 && index < 128, "Device: invalid device string: '", text,
        "'");
  index_ = static_cast<int8_t>(index);
}

std::string Device::str() const {
  const std::string kind = is_cpu() ? "cpu" : "cuda";
  return has_index() ? kind + ":" + std::to_string(index_) : kind;
}

std::ostream& operator<<(std::ostream& out, const Device& d) { return out << d.str(); }

TensorOptions TensorOptions::dtype(std::optional<ScalarType> t) const {
  TensorOptions r = *this;
  r.dtype_ = t;
  return r;
}

TensorOptions TensorOptions::device(std::optional<Device> d) const {
  check(!d || d->is_cpu(), "device: gradus has one device, the CPU, got ", d ? d->str() : "");
  TensorOptions r = *this;
  r.device_ = d;
  return r;
}

TensorOptions TensorOptions::layout(std::optional<Layout> l) const {
  check(!l || *l == kStrided, "layout: gradus has one layout, strided");
  TensorOptions r = *this;
  r.layout_ = l;
  return r;
}

TensorOptions TensorOptions::requires_grad(std::optional<bool> g) const {
  TensorOptions r = *this;
  r.requires_grad_ = g;
  return r;
}

TensorOptions TensorOptions::device_index(int8_t i) const { return device(Device(kCUDA, i)); }

std::ostream& operator<<(std::ostream& out, const TensorOptions& o) {
  auto mark = [](bool given) { return given ? "" : " (default)"; };
  return out << "TensorOptions(dtype=" << o.dtype() << mark(o.has_dtype()) << ", device=" << o.device()
             << mark(o.has_device())
             << ", layout=Strided (default), requires_grad=" << (o.requires_grad() ? "true" : "false")
             << mark(o.has_requires_grad()) << ", pinned_memory=false (default), memory_format=(nullopt))";
}

}  // namespace gradus
