#include "gradus/tensor/kernels/strided.h"

namespace gradus::kernels {

void add_strided(const TensorImpl& dst, const TensorImpl& src) {
  check(dst.sizes == src.sizes && dst.dtype == src.dtype, "add_strided: shapes and types must agree, got ", dst.sizes,
        " and ", src.sizes);
  dispatch(dst.dtype, [&]<class T>() {
    T* d = reinterpret_cast<T*>(dst.data());
    const T* s = reinterpret_cast<const T*>(src.data());
    Sizes at(dst.sizes.size(), 0);
    int64_t i = 0, j = 0;
    for (int64_t left = dst.numel; left > 0; --left) {
      d[i] = static_cast<T>(d[i] + s[j]);
      for (size_t k = at.size(); k-- > 0;) {
        i += dst.strides[k];
        j += src.strides[k];
        if (++at[k] < dst.sizes[k]) break;
        i -= dst.sizes[k] * dst.strides[k];
        j -= dst.sizes[k] * src.strides[k];
        at[k] = 0;
      }
    }
  });
}

}  // namespace gradus::kernels
