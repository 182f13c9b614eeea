#include "gradus/tensor/config.h"

#include "gradus/tensor/error.h"
#include "gradus/tensor/kernels/onednn.h"
#include "gradus/tensor/kernels/simd.h"
#include "gradus/tensor/parallel.h"
#include "gradus/tensor/version.h"

namespace gradus {
namespace {

std::string instruction_sets() {
  std::string offered;
  for (const simd::Isa i : {simd::Isa::base, simd::Isa::avx2, simd::Isa::avx512})
    if (i <= simd::supported()) offered += std::string(offered.empty() ? "" : ", ") + simd::name(i);
  return str(simd::name(simd::isa()), " (of ", offered, ")");
}

std::string onednn_version() {
#if defined(GRADUS_ONEDNN)
  const dnnl_version_t* v = dnnl_version();
  return str(v->major, ".", v->minor, ".", v->patch);
#else
  return "none";
#endif
}

}  // namespace

std::string show_config() {
  return str("gradus ", version, "\n",                         //
             "  instruction set: ", instruction_sets(), "\n",  //
             "  oneDNN: ", onednn_version(), "\n",             //
             "  threads: ", get_num_threads(), ", OpenMP ", _OPENMP, "\n");
}

}  // namespace gradus
