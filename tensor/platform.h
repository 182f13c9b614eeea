// What programs ask about the machine: accelerators, of which there are none, and the settings of such.
#pragma once
#include <cstdint>

#include "gradus/tensor/dtype.h"
#include "gradus/tensor/parallel.h"

namespace gradus {

/// There is no GPU: questions are answered with no, and what would need one throws.
namespace cuda {
inline bool is_available() { return false; }
inline bool cudnn_is_available() { return false; }
inline size_t device_count() { return 0; }
/// Nothing to seed.
inline void manual_seed(uint64_t) {}
inline void manual_seed_all(uint64_t) {}
/// Throws: there is nothing to wait for.
void synchronize(int64_t device_index = -1);
}  // namespace cuda

/// Settings by their names in LibTorch. Those of accelerators are kept and have no effect.
class Context {
 public:
  bool deterministicAlgorithms() const { return are_deterministic_algorithms_enabled(); }
  bool deterministicAlgorithmsWarnOnly() const { return is_deterministic_algorithms_warn_only_enabled(); }
  void setDeterministicAlgorithms(bool on, bool warn_only) { use_deterministic_algorithms(on, warn_only); }
  bool deterministicCuDNN() const { return deterministic_cudnn_; }
  void setDeterministicCuDNN(bool on) { deterministic_cudnn_ = on; }
  bool benchmarkCuDNN() const { return benchmark_cudnn_; }
  void setBenchmarkCuDNN(bool on) { benchmark_cudnn_ = on; }
  bool userEnabledCuDNN() const { return enabled_cudnn_; }
  void setUserEnabledCuDNN(bool on) { enabled_cudnn_ = on; }
  bool allowTF32CuDNN() const { return tf32_cudnn_; }
  void setAllowTF32CuDNN(bool on) { tf32_cudnn_ = on; }
  bool allowTF32CuBLAS() const { return tf32_cublas_; }
  void setAllowTF32CuBLAS(bool on) { tf32_cublas_ = on; }
  static bool hasCUDA() { return false; }
  static bool hasMPS() { return false; }

 private:
  bool deterministic_cudnn_ = false, benchmark_cudnn_ = false, enabled_cudnn_ = true, tf32_cudnn_ = true,
       tf32_cublas_ = false;
};
Context& globalContext();
inline bool hasCUDA() { return false; }

/// Operations never run beside each other: there is one such thread, the caller.
inline int get_num_interop_threads() { return 1; }
/// Throws for less than one thread; more than one are not used.
void set_num_interop_threads(int n);
/// Threads are started when they are first needed.
inline void init_num_threads() {}

inline TypeMeta get_default_dtype() { return default_dtype(); }
inline ScalarType typeMetaToScalarType(TypeMeta t) { return t; }
inline TypeMeta scalarTypeToTypeMeta(ScalarType t) { return t; }
inline const char* toString(ScalarType t) { return name(t); }

}  // namespace gradus
