#include "gradus/tensor/kernels/convert.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "gradus/tensor/kernels/float16.h"
#include "gradus/tensor/kernels/simd.h"
#include "gradus/tensor/kernels/simd_transpose.h"
#include "gradus/tensor/kernels/stream.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

// Fractions go through a signed integer of 32 bits (64 for int64 and uint8), as in PyTorch: what it cannot hold becomes
// its smallest, and narrower types keep the low bits.
template <class To, class From>
To cast(From v) {
  if constexpr (std::is_same_v<To, bool>)
    return v != From(0);
  else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    using Whole = std::conditional_t<sizeof(To) == 8 || std::is_same_v<To, uint8_t>, int64_t, int32_t>;
    constexpr From limit = sizeof(Whole) == 8 ? From(0x1p63) : From(0x1p31);
    const bool fits = v >= -limit && v < limit;
    return static_cast<To>(fits ? static_cast<Whole>(v) : std::numeric_limits<Whole>::min());
  } else if constexpr (std::is_integral_v<From> && sizeof(From) < 4 && std::is_floating_point_v<To>)
    return static_cast<To>(static_cast<int32_t>(v));  // without the step between, GCC goes element by element
  else
    return static_cast<To>(v);
}

template <class From, class To>
struct CastLoop {
  // The bytes of bools are numbers: of bools themselves GCC makes no vectors.
  using Read = std::conditional_t<std::is_same_v<From, bool>, uint8_t, From>;
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const char* src, char* dst, int64_t n) {
    const Read* s = reinterpret_cast<const Read*>(src);
    To* d = reinterpret_cast<To*>(dst);
    for (int64_t i = 0; i < n; ++i) d[i] = cast<To>(s[i]);
  }
};

// A type of so many bytes: copies do not care what they mean.
template <size_t Bytes>
using bits_of =
    std::conditional_t<Bytes == 1, uint8_t,
                       std::conditional_t<Bytes == 2, uint16_t, std::conditional_t<Bytes == 4, uint32_t, uint64_t>>>;

// Backwards: what flip reads.
template <class T>
struct ReverseLoop {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(const char* src, char* dst, int64_t n) {
    const T* s = reinterpret_cast<const T*>(src);
    T* d = reinterpret_cast<T*>(dst);
    for (int64_t i = 0; i < n; ++i) d[i] = s[-i];
  }
};

template <class T>
struct FillLoop {
  template <class A>
  GRADUS_RUNS_FORMULA static void run(char* dst, T value, int64_t n) {
    std::fill_n(reinterpret_cast<T*>(dst), n, value);
  }
};

// The types that formulas compute in, masks, and pixels: worth code for every instruction set.
template <class T>
constexpr bool is_frequent = std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, int64_t> ||
                             std::is_same_v<T, bool> || std::is_same_v<T, uint8_t>;

constexpr int64_t tile = 512, distant_from = 32768;

// Of many numbers, the lines 8 KiB ahead are asked for, as in the loops of formulas.
template <int From, int To>
void in_tiles(void (*run)(const char*, char*, int64_t), const char* src, char* dst, int64_t n) {
  if (n < distant_from) return run(src, dst, n);
  for (; n > 0; n -= tile, src += tile * From, dst += tile * To) {
    for (int64_t line = 0; line < tile * From; line += 64) simd::ask_ahead(src + line);
    for (int64_t line = 0; line < tile * To; line += 64) simd::ask_ahead(dst + line);
    run(src, dst, std::min(tile, n));
  }
}

template <class From, class To>
[[gnu::noinline]] void convert(const char* src, int64_t src_step, char* dst, int64_t dst_step, int64_t n) {
  if (src_step == sizeof(From) && dst_step == sizeof(To)) {
    const From* s = reinterpret_cast<const From*>(src);
    To* d = reinterpret_cast<To*>(dst);
    if constexpr (std::is_same_v<From, To>)
      std::memcpy(d, s, static_cast<size_t>(n) * sizeof(To));
    else if constexpr (is_float16_v<From>)
      widen(s, d, n);
    else if constexpr (is_float16_v<To>)
      narrow(s, d, n);
    else if constexpr (is_frequent<From> && is_frequent<To>)
      in_tiles<sizeof(From), sizeof(To)>(simd::entry<CastLoop<From, To>, const char*, char*, int64_t>(), src, dst, n);
    else
      CastLoop<From, To>::template run<simd::Arch<simd::Isa::base>>(src, dst, n);
    return;
  }
  if (src_step == 0 && dst_step == sizeof(To) && n > 0) {
    using Bits = bits_of<sizeof(To)>;
    return simd::call<FillLoop<Bits>>(dst, std::bit_cast<Bits>(cast<To>(*reinterpret_cast<const From*>(src))), n);
  }
  if constexpr (std::is_same_v<From, To>)
    if (src_step == -static_cast<int64_t>(sizeof(To)) && dst_step == sizeof(To))
      return simd::call<ReverseLoop<bits_of<sizeof(To)>>>(src, dst, n);
  for (int64_t i = 0; i < n; ++i)
    *reinterpret_cast<To*>(dst + i * dst_step) = cast<To>(*reinterpret_cast<const From*>(src + i * src_step));
}

// Between a 16-bit float and any other type than float32.
template <class From, class To>
void through_float(const char* src, int64_t src_step, char* dst, int64_t dst_step, int64_t n) {
  constexpr int64_t tile = 512;
  float part[tile];
  char* p = reinterpret_cast<char*>(part);
  for (int64_t i = 0; i < n; i += tile) {
    const int64_t m = std::min(tile, n - i);
    convert<From, float>(src + i * src_step, src_step, p, sizeof(float), m);
    convert<float, To>(p, sizeof(float), dst + i * dst_step, dst_step, m);
  }
}

template <class From, class To>
constexpr ConvertFn conversion() {
  constexpr bool direct = std::is_same_v<From, To> || std::is_same_v<From, float> || std::is_same_v<To, float>;
  if constexpr (direct || !(is_float16_v<From> || is_float16_v<To>))
    return &convert<From, To>;
  else
    return &through_float<From, To>;
}

// Elements [from, to) of rows of dst, read down columns of src: rows lie one element apart in src, columns src_step
// bytes.
template <class T>
void transpose_rows(const char* src, int64_t src_step, char* dst, int64_t dst_row, int64_t rows, int64_t from,
                    int64_t to) {
  for (int64_t r = 0; r < rows; ++r) {
    const char* s = src + r * static_cast<int64_t>(sizeof(T));
    T* d = reinterpret_cast<T*>(dst + r * dst_row);
    for (int64_t c = from; c < to; ++c) d[c] = *reinterpret_cast<const T*>(s + c * src_step);
  }
}

constexpr int64_t block = 32;

// A strip of rows of dst, in blocks, so that each cache line is used whole.
template <class T>
void transpose_strip(const char* src, int64_t src_step, char* dst, int64_t dst_row, int64_t rows, int64_t columns) {
  for (int64_t c = 0; c < columns; c += block)
    transpose_rows<T>(src, src_step, dst, dst_row, rows, c, std::min(c + block, columns));
}

// The same in squares of vectors, what is left of both sides element by element. Lines that are written whole can go
// past the caches, where those of a column of squares would drive each other out.
template <class T>
struct TransposeStrip {
  template <class A>
  GRADUS_INLINE static void run(const char* src, int64_t src_step, char* dst, int64_t dst_row, int64_t rows,
                                int64_t columns, bool streamed) {
    using V = typename A::template vec<T>;
    constexpr int64_t s = V::size, size = sizeof(T);
    if (reinterpret_cast<uintptr_t>(dst) % 64 || dst_row % 64 || sizeof(V) != 64) streamed = false;
    const int64_t whole = columns / s * s;
    for (; rows >= s; rows -= s, src += s * size, dst += s * dst_row) {
      for (int64_t c = 0; c < whole; c += s) square<V>(src + c * src_step, src_step, dst + c * size, dst_row, streamed);
      transpose_rows<T>(src, src_step, dst, dst_row, s, whole, columns);
    }
    transpose_strip<T>(src, src_step, dst, dst_row, rows, columns);
  }

 private:
  template <class V>
  GRADUS_INLINE static void square(const char* src, int64_t src_step, char* dst, int64_t dst_row, bool streamed) {
    V lanes[V::size];
#pragma GCC unroll 16
    for (int64_t i = 0; i < V::size; ++i) lanes[i] = V::load(reinterpret_cast<const T*>(src + i * src_step));
    transpose(lanes);
    if (streamed)
#pragma GCC unroll 16
      for (int64_t i = 0; i < V::size; ++i) lanes[i].stream(reinterpret_cast<T*>(dst + i * dst_row));
    else
#pragma GCC unroll 16
      for (int64_t i = 0; i < V::size; ++i) lanes[i].store(reinterpret_cast<T*>(dst + i * dst_row));
  }
};

void transpose_strip(size_t bytes, const char* src, int64_t src_step, char* dst, int64_t dst_row, int64_t rows,
                     int64_t columns, bool streamed) {
  if (bytes == 1) return transpose_strip<uint8_t>(src, src_step, dst, dst_row, rows, columns);
  if (bytes == 2) return transpose_strip<uint16_t>(src, src_step, dst, dst_row, rows, columns);
  if (bytes == 4) return simd::call<TransposeStrip<float>>(src, src_step, dst, dst_row, rows, columns, streamed);
  simd::call<TransposeStrip<double>>(src, src_step, dst, dst_row, rows, columns, streamed);
}

struct Copy {
  LoopDims dims;  // operand 0 is dst, 1 is src
  char* dst;
  const char* src;
  ConvertFn fn;
  size_t bytes;  // of an element of dst
  int64_t from;  // of src
  bool converts;
  bool streams;  // does dst lie in what, with what is read, overflows the last cache?

  size_t rank() const { return dims.sizes.size(); }
  // Offsets of the `row`-th innermost row, skipping dimension `skip`.
  std::pair<int64_t, int64_t> at(int64_t row, size_t skip) const {
    int64_t d = 0, s = 0;
    for (size_t i = rank() - 1; i-- > 0;) {
      if (i == skip) continue;
      const int64_t k = row % dims.sizes[i];
      row /= dims.sizes[i];
      d += k * dims.strides[0][i];
      s += k * dims.strides[1][i];
    }
    return {d, s};
  }
};

// n consecutive elements, converted in a cache and streamed from there.
void stream_converted(const Copy& c, int64_t from, const char* src, char* dst, int64_t n) {
  alignas(64) char buffer[tile * 8];
  const auto to = static_cast<int64_t>(c.bytes);
  for (; n > 0; n -= tile, src += tile * from, dst += tile * to) {
    const int64_t count = std::min(tile, n);
    for (int64_t line = 0; line < count * from; line += 64) simd::ask_ahead(src + line);
    c.fn(src, from, buffer, to, count);
    stream_copy(dst, buffer, count * to);
  }
  fence_streams();
}

// Short rows: calls of memcpy would take most of the time.
struct ShortRows {
  template <class A>
  GRADUS_INLINE static void run(const char* src, int64_t src_row, char* dst, int64_t dst_row, int64_t bytes,
                                int64_t rows) {
    using V = typename A::template vec<float>;
    constexpr int64_t step = sizeof(V);
    for (; rows > 0; --rows, src += src_row, dst += dst_row) {
      int64_t i = 0;
      for (; i + step <= bytes; i += step)
        V::load(reinterpret_cast<const float*>(src + i)).store(reinterpret_cast<float*>(dst + i));
      rest<V>(src + i, dst + i, bytes - i);
    }
  }

 private:
  template <class V>
  GRADUS_INLINE static void rest(const char* src, char* dst, int64_t bytes) {
    if constexpr (V::masked) {
      const int64_t floats = bytes / 4;
      if (floats) V::load(reinterpret_cast<const float*>(src), floats).store(reinterpret_cast<float*>(dst), floats);
      for (int64_t i = 4 * floats; i < bytes; ++i) dst[i] = src[i];
    } else {
      std::memcpy(dst, src, static_cast<size_t>(bytes));
    }
  }
};
constexpr int64_t short_row = 4096;  // bytes up to which memcpy is slower

// `rows` of them from here on.
void copy_short_rows(LoopRows& at, const Copy& c, int64_t bytes, int64_t rows) {
  for (int64_t n; rows > 0; rows -= n, at.skip(n)) {
    n = std::min(rows, at.regular());
    simd::call<ShortRows>(c.src + at.offset[1], at.distance(1), c.dst + at.offset[0], at.distance(0), bytes, n);
  }
}

void copy_rows(const Copy& c) {
  const size_t last = c.rank() - 1;
  const int64_t n = c.dims.sizes[last], rows = count_elements(c.dims.sizes) / n;
  const int64_t ds = c.dims.strides[0][last], ss = c.dims.strides[1][last];
  if (rows == 1) {
    const bool streamed = c.converts && ss == c.from && ds == static_cast<int64_t>(c.bytes) && overflows_cache(n * ds);
    parallel_for(n, std::max<int64_t>(n <= 131072 ? n : 65536, 1), [&](int64_t b, int64_t e) {
      if (streamed)
        stream_converted(c, ss, c.src + b * ss, c.dst + b * ds, e - b);
      else
        c.fn(c.src + b * ss, ss, c.dst + b * ds, ds, e - b);
    });
    return;
  }
  const auto size = static_cast<int64_t>(c.bytes);
  const bool as_bytes = !c.converts && ss == size && ds == size;
  const bool streamed = c.streams && as_bytes && n * size >= 1024;
  parallel_for(rows, std::max<int64_t>(1, 65536 / n), [&](int64_t b, int64_t e) {
    LoopRows rows(c.dims, 2, b * n);
    if (as_bytes && !streamed && n * size < short_row) return copy_short_rows(rows, c, n * size, e - b);
    for (int64_t r = b; r < e; ++r, rows.skip(1))
      if (streamed)
        stream_copy(c.dst + rows.offset[0], c.src + rows.offset[1], n * ds);
      else
        c.fn(c.src + rows.offset[1], ss, c.dst + rows.offset[0], ds, n);
    if (streamed) fence_streams();
  });
}

// src is consecutive along dimension k, dst along the last.
void copy_transposed(const Copy& c, size_t k) {
  const size_t last = c.rank() - 1;
  const int64_t rows = c.dims.sizes[k], columns = c.dims.sizes[last];
  const int64_t outer = count_elements(c.dims.sizes) / (rows * columns);
  const int64_t strips = (rows + block - 1) / block;
  const bool streamed = overflows_cache(3 * outer * rows * columns * static_cast<int64_t>(c.bytes));
  parallel_for(outer * strips, std::max<int64_t>(1, 65536 / (block * columns)), [&](int64_t b, int64_t e) {
    for (int64_t i = b; i < e; ++i) {
      const auto [d, s] = c.at(i / strips, k);
      const int64_t r = i % strips * block;
      transpose_strip(c.bytes, c.src + s + r * c.dims.strides[1][k], c.dims.strides[1][last],
                      c.dst + d + r * c.dims.strides[0][k], c.dims.strides[0][k], std::min(block, rows - r), columns,
                      streamed);
    }
    if (streamed) fence_streams();
  });
}

}  // namespace

ConvertFn converter(ScalarType from, ScalarType to) {
  return dispatch(from, [&]<class From>() {
    return dispatch(to, [&]<class To>() -> ConvertFn { return conversion<From, To>(); });
  });
}

LoopDims merge_dims(IntArrayRef sizes, const Sizes* strides, int operands) {
  Sizes order;
  for (size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] != 1) order.push_back(static_cast<int64_t>(i));
  auto stride = [&](int k, int64_t d) { return strides[k][static_cast<size_t>(d)]; };
  // A stable insertion sort: few dimensions, and ties must keep their order.
  for (size_t i = 1; i < order.size(); ++i)
    for (size_t j = i; j > 0 && stride(0, order[j - 1]) < stride(0, order[j]); --j) std::swap(order[j - 1], order[j]);
  LoopDims r;
  for (int64_t d : order) {
    const int64_t n = sizes[static_cast<size_t>(d)];
    bool merges = !r.sizes.empty();
    for (int k = 0; merges && k < operands; ++k) merges = r.strides[k].back() == stride(k, d) * n;
    if (merges)
      r.sizes.back() *= n;
    else
      r.sizes.push_back(n);
    for (int k = 0; k < operands; ++k) {
      if (!merges) r.strides[k].push_back(0);
      r.strides[k].back() = stride(k, d);
    }
  }
  if (r.sizes.empty()) {
    r.sizes.push_back(1);
    for (int k = 0; k < operands; ++k) r.strides[k].push_back(0);
  }
  return r;
}

void copy(const TensorImpl& dst, const TensorImpl& src) {
  if (dst.numel == 0) return;
  const size_t bytes = element_size(dst.dtype), from = element_size(src.dtype);
  Sizes strides[2] = {dst.strides, broadcast_strides(src.sizes, src.strides, dst.sizes)};
  for (int64_t& s : strides[0]) s *= static_cast<int64_t>(bytes);
  for (int64_t& s : strides[1]) s *= static_cast<int64_t>(from);
  Copy c{merge_dims(dst.sizes, strides, 2),
         dst.data(),
         src.data(),
         converter(src.dtype, dst.dtype),
         bytes,
         static_cast<int64_t>(from),
         src.dtype != dst.dtype,
         overflows_cache(static_cast<int64_t>(dst.storage->nbytes()) * 3 / 2)};
  const size_t last = c.rank() - 1;
  const auto step = static_cast<int64_t>(bytes);
  const int64_t reads = c.dims.strides[1][last];
  if (dst.dtype == src.dtype && c.rank() > 1 && c.dims.strides[0][last] == step && reads != step && reads != 0)
    for (size_t k = 0; k < last; ++k)
      if (c.dims.strides[1][k] == step && c.dims.sizes[k] >= 4) return copy_transposed(c, k);
  copy_rows(c);
}

}  // namespace gradus::kernels
