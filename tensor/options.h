// Devices, layouts and TensorOptions: how a new tensor shall be. There is one device, the CPU, and one layout.
#pragma once
#include <optional>
#include <string>

#include "gradus/tensor/dtype.h"

namespace gradus {

enum class DeviceType : int8_t { CPU = 0, CUDA = 1 };
inline constexpr DeviceType kCPU = DeviceType::CPU, kCUDA = DeviceType::CUDA;
std::ostream& operator<<(std::ostream& out, DeviceType t);

/// "cpu", or a device that this library does not have: naming one is allowed, placing a tensor there throws.
class Device {
 public:
  Device(DeviceType type, int8_t index = -1) : type_(type), index_(index) {}
  /// "cpu", "cpu:0", "cuda", "cuda:1".
  Device(const std::string& text);
  Device(const char* text) : Device(std::string(text)) {}
  DeviceType type() const { return type_; }
  int8_t index() const { return index_; }
  bool has_index() const { return index_ >= 0; }
  void set_index(int8_t i) { index_ = i; }
  bool is_cpu() const { return type_ == DeviceType::CPU; }
  bool is_cuda() const { return type_ == DeviceType::CUDA; }
  std::string str() const;
  friend bool operator==(const Device& a, const Device& b) { return a.type_ == b.type_ && a.index_ == b.index_; }

 private:
  DeviceType type_;
  int8_t index_;
};
std::ostream& operator<<(std::ostream& out, const Device& d);

enum class Layout : int8_t { Strided, Sparse };
inline constexpr Layout kStrided = Layout::Strided, kSparse = Layout::Sparse;

enum class MemoryFormat : int8_t { Contiguous, Preserve };

/// dtype, device, layout and requires_grad of a tensor to be made; each may stay unset.
class TensorOptions {
 public:
  TensorOptions() = default;
  TensorOptions(ScalarType t) : dtype_(t) {}
  TensorOptions(TypeMeta t) : dtype_(t) {}
  TensorOptions(Device d) { *this = device(d); }
  TensorOptions(DeviceType d) : TensorOptions(Device(d)) {}
  TensorOptions(Layout l) { *this = layout(l); }

  TensorOptions dtype(std::optional<ScalarType> t) const;
  TensorOptions device(std::optional<Device> d) const;
  TensorOptions layout(std::optional<Layout> l) const;
  TensorOptions requires_grad(std::optional<bool> r) const;
  TensorOptions pinned_memory(bool) const { return *this; }
  TensorOptions memory_format(MemoryFormat) const { return *this; }
  TensorOptions device_index(int8_t i) const;

  ScalarType scalar_type() const { return dtype_.value_or(default_dtype()); }
  TypeMeta dtype() const { return scalar_type(); }
  Device device() const { return device_.value_or(Device(kCPU)); }
  Layout layout() const { return layout_.value_or(kStrided); }
  bool requires_grad() const { return requires_grad_.value_or(false); }
  bool has_dtype() const { return dtype_.has_value(); }
  bool has_device() const { return device_.has_value(); }
  bool has_requires_grad() const { return requires_grad_.has_value(); }
  std::optional<ScalarType> dtype_opt() const { return dtype_; }
  std::optional<Device> device_opt() const { return device_; }

 private:
  std::optional<ScalarType> dtype_;
  std::optional<Device> device_;
  std::optional<Layout> layout_;
  std::optional<bool> requires_grad_;
};
std::ostream& operator<<(std::ostream& out, const TensorOptions& o);

inline TensorOptions dtype(ScalarType t) { return TensorOptions().dtype(t); }
inline TensorOptions device(Device d) { return TensorOptions().device(d); }
inline TensorOptions layout(Layout l) { return TensorOptions().layout(l); }
inline TensorOptions requires_grad(bool r = true) { return TensorOptions().requires_grad(r); }
inline TensorOptions device_index(int8_t i) { return TensorOptions().device_index(i); }

}  // namespace gradus
