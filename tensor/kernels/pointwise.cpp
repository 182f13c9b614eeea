#include "gradus/tensor/kernels/pointwise.h"

#include <algorithm>
#include <cstring>

#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/convert.h"
#include "gradus/tensor/kernels/stream.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t tile = 512;      // elements staged at a time: some KiB an operand, inside the first-level cache
constexpr int64_t long_row = 256;  // rows from here on are read in place
constexpr int64_t short_row = 64;  // and from here on, if they would be copied to be staged
constexpr int64_t serial = 65536;  // up to here one thread is faster than waking another
constexpr int64_t thread_chunk = 32768;
constexpr int max_operands = 5;

int64_t chunk_for(int64_t n) { return n <= serial ? std::max<int64_t>(n, 1) : thread_chunk; }

int64_t bytes_of(const TensorImpl& t) { return t.numel * static_cast<int64_t>(element_size(t.dtype)); }

// True if the result is to be written past the caches: it or all that is moved overflows them, and what is overwritten
// is not read either.
bool streams(const TensorImpl& out, const TensorImpl* const* in, int count) {
  int64_t moved = bytes_of(out);
  for (int k = 0; k < count; ++k) {
    if (in[k]->storage == out.storage) return false;
    moved += bytes_of(*in[k]);
  }
  return overflows_cache(bytes_of(out)) || overflows_cache(moved / 3);
}

simd::Place place_of(const void* result, int64_t n, bool streamed) {
  if (n < distant_from) return simd::Place::cached;
  return streamed && reinterpret_cast<uintptr_t>(result) % 64 == 0 ? simd::Place::streamed : simd::Place::memory;
}

// One operand of a strided loop.
struct Operand {
  char* data;
  const Sizes* strides;  // bytes, by loop dimension
  ConvertFn stage;       // between the tensor's type and the loop's
  int64_t step;          // bytes of an element in the tensor
  int64_t size;          // and in the loop
  bool same_type;
  bool consecutive;  // over the whole loop
  bool linear;       // and of the loop's type
  bool direct;       // rows are consecutive and of the loop's type
  bool same_rows;    // every row is the first one
  int64_t stride() const { return strides->back(); }
};

bool is_linear(const LoopDims& dims, const Sizes& strides, int64_t step) {
  for (size_t i = dims.sizes.size(); i-- > 0; step *= dims.sizes[i])
    if (dims.sizes[i] != 1 && strides[i] != step) return false;
  return true;
}

Operand operand_of(const LoopDims& dims, const TensorImpl& t, const Sizes& strides, ConvertFn stage,
                   ScalarType direct) {
  const auto step = static_cast<int64_t>(element_size(t.dtype));
  const bool same = t.dtype == direct, consecutive = is_linear(dims, strides, step);
  return {t.data(),
          &strides,
          stage,
          step,
          static_cast<int64_t>(element_size(direct)),
          same,
          consecutive,
          same && consecutive,
          same && strides.back() == step,
          std::all_of(strides.begin(), strides.end() - 1, [](int64_t s) { return s == 0; })};
}

// Rows of equal elements, one after the other: a first one, more of `row` elements, the last cut off after n of all.
// Some elements more are written. Stored as it is loaded, whole: a load over several stores would wait for them.
template <class T>
struct Spread {
  template <class A>
  GRADUS_INLINE static void run(const T* elements, int64_t first, int64_t row, int64_t n, T* to) {
    using V = typename A::template vec<T>;
    for (int64_t m = first; n > 0; to += m, n -= m, m = row) {
      const V v = V::all(*elements++);
      for (int64_t i = 0; i < std::min(m, n); i += V::size) v.store(to + i);
    }
  }
};

template <class T>
void gather(const char* from, int64_t step, int64_t n, char* to) {
  for (int64_t i = 0; i < n; ++i) std::memcpy(to + i * static_cast<int64_t>(sizeof(T)), from + i * step, sizeof(T));
}
template <class T>
void spread_out(const char* from, int64_t first, int64_t row, int64_t n, char* to) {
  simd::call<Spread<T>>(reinterpret_cast<const T*>(from), first, row, n, reinterpret_cast<T*>(to));
}
// Elements of `size` 4 or 8.
void gather(int64_t size, const char* from, int64_t step, int64_t n, char* to) {
  size == 4 ? gather<int32_t>(from, step, n, to) : gather<int64_t>(from, step, n, to);
}
void spread_out(int64_t size, const char* from, int64_t first, int64_t row, int64_t n, char* to) {
  size == 4 ? spread_out<int32_t>(from, first, row, n, to) : spread_out<int64_t>(from, first, row, n, to);
}

class StridedLoop {
 public:
  StridedLoop(const Loop& loop, const LoopDims& dims, const TensorImpl& out, const TensorImpl* const* in, int count)
      : loop_(loop), dims_(dims), count_(count), inner_(dims.sizes.back()), streamed_(streams(out, in, count)) {
    out_ = operand_of(dims, out, dims.strides[0], converter(loop.result, out.dtype), loop.result);
    for (int k = 0; k < count; ++k) {
      in_[k] = operand_of(dims, *in[k], dims.strides[k + 1], converter(in[k]->dtype, loop.type_of(k)), loop.type_of(k));
      copies_rows_ |= in_[k].direct && !in_[k].linear && !in_[k].same_rows;
    }
  }

  void run(int64_t begin, int64_t end) const {
    if (inner_ >= (copies_rows_ ? short_row : long_row))
      run_rows(begin, end);
    else
      run_tiles(begin, end);
    if (streamed_) fence_streams();
  }

 private:
  struct Buffers {
    alignas(64) char of[max_operands + 1][tile * 8 + 64];
  };

  // Row by row, read and written in place where possible.
  void run_rows(int64_t begin, int64_t end) const {
    Buffers buffers;
    const void* p[max_operands];
    unsigned repeated = 0;
    bool staged = !out_.direct;
    for (int k = 0; k < count_; ++k) {
      if (in_[k].stride() == 0) repeated |= 1U << k;
      staged = staged || (!in_[k].direct && in_[k].stride() != 0);
    }
    const bool distant = end - begin >= distant_from;
    LoopRows rows(dims_, count_ + 1, begin);
    for (int64_t i = begin; i < end;) {
      int64_t n = std::min(end - i, rows.left());
      if (staged) n = std::min(n, tile);
      if (distant) ask_ahead(i, n);
      for (int k = 0; k < count_; ++k) {
        const Operand& o = in_[k];
        const char* row = o.data + rows.offset[k + 1];
        if (o.direct) {
          p[k] = row + rows.column * o.step;
        } else if (o.stride() != 0) {
          o.stage(row + rows.column * o.stride(), o.stride(), buffers.of[k], o.size, n);
          p[k] = buffers.of[k];
        } else {
          if (i == begin || (rows.column == 0 && !o.same_rows)) repeated_of(o, row, buffers.of[k]);
          p[k] = buffers.of[k];
        }
      }
      char* to = out_.data + rows.offset[0] + rows.column * out_.stride();
      char* direct = out_.direct ? to : nullptr;
      loop_.fn(loop_.formula, direct ? direct : buffers.of[max_operands], p, n,
               place_of(direct, end - begin, streamed_ && direct), repeated);
      if (!direct) out_.stage(buffers.of[max_operands], out_.size, to, out_.stride(), n);
      rows.advance(n);
      i += n;
    }
  }

  // Many short rows at a time, whole ones but for the first and the last; what is the same for every row is staged
  // once.
  void run_tiles(int64_t begin, int64_t end) const {
    Buffers buffers;
    const int64_t whole = tile / inner_ * inner_;
    unsigned repeated = 0;
    for (int k = 0; k < count_; ++k)
      if (in_[k].same_rows && in_[k].stride() == 0) {
        repeated_of(in_[k], in_[k].data, buffers.of[k]);
        repeated |= 1U << k;
      }
    const bool distant = end - begin >= distant_from;
    bool first = true;  // are rows that are all the same yet to be staged?
    LoopRows rows(dims_, count_ + 1, begin);
    for (int64_t i = begin; i < end;) {
      const int64_t column = rows.column, n = std::min(whole - column, end - i);
      if (distant) ask_ahead(i, n);
      const void* p[max_operands];
      for (int k = 0; k < count_; ++k) p[k] = in_[k].linear ? in_[k].data + i * in_[k].step : buffers.of[k];
      LoopRows before = rows;
      stage(rows, i, n, repeated, first, buffers);
      first = first && column != 0;
      char* direct = out_.linear ? out_.data + i * out_.step : nullptr;
      loop_.fn(loop_.formula, direct ? direct : buffers.of[max_operands], p, n,
               place_of(direct, end - begin, streamed_ && direct), repeated);
      if (!direct) scatter(before, i, n, buffers.of[max_operands]);
      i += n;
    }
  }

  // A vector of one element, of the loop's type.
  static void repeated_of(const Operand& o, const char* at, char* buffer) {
    if (o.size < 4) return o.stage(at, 0, buffer, o.size, 64);
    alignas(8) char one[8];
    if (!o.same_type) o.stage(at, 0, one, o.size, 1);
    spread_out(o.size, o.same_type ? at : one, 64, 64, 64 / o.size, buffer);
  }

  // The operands of n elements from i on into the buffers, but for those that lie as the loop wants them.
  void stage(LoopRows& rows, int64_t i, int64_t n, unsigned repeated, bool first, Buffers& buffers) const {
    unsigned by_row = 0, spread = 0;
    for (int k = 0; k < count_; ++k) {
      const Operand& o = in_[k];
      if (o.linear || (repeated >> k & 1)) continue;
      if (o.consecutive)
        o.stage(o.data + i * o.step, o.step, buffers.of[k], o.size, n);
      else if (o.same_type && o.stride() == 0 && o.size >= 4)
        spread |= 1U << k;
      else if (first || !o.same_rows)
        by_row |= 1U << k;
    }
    if (out_.consecutive && !by_row && !spread)
      rows.column = (rows.column + n) % inner_;  // nobody asks where they begin
    else
      stage_rows(rows, n, by_row, spread, buffers);
  }

  // Row by row; of those in `spread` the one element of each, which fills it later.
  void stage_rows(LoopRows& rows, int64_t n, unsigned by_row, unsigned spread, Buffers& buffers) const {
    alignas(8) char elements[max_operands][tile * 8];
    const int64_t first = rows.left();
    int64_t row = 0;
    for (int64_t done = 0, m; done < n; done += m) {
      m = std::min(n - done, rows.left());
      for (int k = 0; k < count_; ++k) {
        const Operand& o = in_[k];
        if (by_row >> k & 1)
          o.stage(o.data + rows.offset[k + 1] + rows.column * o.stride(), o.stride(), buffers.of[k] + done * o.size,
                  o.size, m);
      }
      const int64_t count = by_row || m < inner_ ? 1 : std::min((n - done) / inner_, rows.regular());
      for (int k = 0; k < count_; ++k)
        if (spread >> k & 1)
          gather(in_[k].size, in_[k].data + rows.offset[k + 1], rows.distance(k + 1), count,
                 elements[k] + row * in_[k].size);
      row += count;
      if (count > 1) {
        m = count * inner_;
        rows.skip(count);
      } else {
        rows.advance(m);
      }
    }
    for (int k = 0; k < count_; ++k)
      if (spread >> k & 1) spread_out(in_[k].size, elements[k], first, inner_, n, buffers.of[k]);
  }

  void scatter(LoopRows& rows, int64_t i, int64_t n, const char* buffer) const {
    if (out_.consecutive) return out_.stage(buffer, out_.size, out_.data + i * out_.step, out_.step, n);
    for (int64_t done = 0, m; done < n; done += m) {
      m = std::min(n - done, rows.left());
      out_.stage(buffer + done * out_.size, out_.size, out_.data + rows.offset[0] + rows.column * out_.stride(),
                 out_.stride(), m);
      rows.advance(m);
    }
  }

  // The loop asks ahead for what it reads and writes itself; of what is staged, the lines 8 KiB after this tile's.
  void ask_ahead(int64_t i, int64_t n) const {
    for (int k = 0; k < count_; ++k)
      if (in_[k].consecutive && !in_[k].linear) ask_ahead<false>(in_[k], i, n);
    if (out_.consecutive && !out_.linear) ask_ahead<true>(out_, i, n);
  }
  template <bool Write>
  static void ask_ahead(const Operand& o, int64_t i, int64_t n) {
    char* p = o.data + i * o.step;
    for (int64_t line = 0; line < n * o.step; line += 64)
      if constexpr (Write)
        simd::ask_ahead(p + line);
      else
        simd::ask_ahead(static_cast<const char*>(p + line));
  }

  const Loop& loop_;
  const LoopDims& dims_;
  int count_;
  int64_t inner_;
  bool streamed_;
  bool copies_rows_ = false;  // would tiles copy what can be read in place?
  Operand out_;
  Operand in_[max_operands];
};

void run_linear(const Loop& loop, const TensorImpl& out, const TensorImpl* const* in, int count) {
  const auto step = static_cast<int64_t>(element_size(out.dtype));
  char* o = out.data();
  const char* data[max_operands];
  for (int k = 0; k < count; ++k) data[k] = in[k]->data();
  const bool streamed = streams(out, in, count);
  parallel_for(out.numel, chunk_for(out.numel), [&](int64_t b, int64_t e) {
    const void* p[max_operands];
    for (int k = 0; k < count; ++k) p[k] = data[k] + b * static_cast<int64_t>(element_size(in[k]->dtype));
    loop.fn(loop.formula, o + b * step, p, e - b, place_of(o + b * step, e - b, streamed), 0);
    if (streamed) fence_streams();
  });
}

// A transposed operand is copied first, in blocks; read down its columns it would miss the cache at every element.
bool reads_columns(const TensorImpl& out, const TensorImpl& t) {
  if (t.contiguous || t.numel < 16384 || t.numel != out.numel) return false;
  for (size_t d = 0; d < t.strides.size(); ++d)
    if (t.sizes[d] != 1 && out.strides[d] == 1) return t.strides[d] != 1;
  return false;
}

// True if t shares memory with the result, but not element for element.
bool entangled(const TensorImpl& out, const TensorImpl& t) {
  return t.storage == out.storage && (t.offset != out.offset || t.sizes != out.sizes || t.strides != out.strides);
}

// Such operands are read before anything is written.
void run_apart(const Loop& loop, const TensorImpl& out, const TensorImpl* const* in, int count) {
  Intrusive<TensorImpl> copies[max_operands];
  const TensorImpl* operands[max_operands];
  for (int k = 0; k < count; ++k) {
    operands[k] = in[k];
    if (!entangled(out, *in[k])) continue;
    copies[k] = TensorImpl::create(in[k]->dtype, in[k]->sizes, contiguous_strides(in[k]->sizes), in[k]->numel);
    copy(*copies[k], *in[k]);
    operands[k] = copies[k].get();
  }
  run(loop, out, operands, count);
}

}  // namespace

void run(const Loop& loop, const TensorImpl& out, const TensorImpl* const* in, int count) {
  check(count <= max_operands, "pointwise: at most ", max_operands, " operands");
  if (out.numel == 0) return;
  for (int k = 0; k < count; ++k)
    if (entangled(out, *in[k])) return run_apart(loop, out, in, count);
  bool linear = out.dtype == loop.result && out.contiguous;
  for (int k = 0; k < count; ++k)
    linear = linear && in[k]->dtype == loop.type_of(k) && in[k]->contiguous && in[k]->sizes == out.sizes;
  if (linear) return run_linear(loop, out, in, count);

  Intrusive<TensorImpl> copies[max_operands];
  const TensorImpl* operands[max_operands];
  Sizes strides[max_operands + 1];
  strides[0] = out.strides;
  for (int64_t& s : strides[0]) s *= static_cast<int64_t>(element_size(out.dtype));
  for (int k = 0; k < count; ++k) {
    operands[k] = in[k];
    if (reads_columns(out, *in[k])) {
      copies[k] =
          make_intrusive<TensorImpl>(Storage::create(static_cast<size_t>(in[k]->numel) * element_size(in[k]->dtype)),
                                     in[k]->dtype, in[k]->sizes, contiguous_strides(in[k]->sizes), 0);
      if (is_dense(out.sizes, out.strides)) copies[k]->strides = out.strides;
      copies[k]->refresh();
      copy(*copies[k], *in[k]);
      operands[k] = copies[k].get();
    }
    strides[k + 1] = broadcast_strides(operands[k]->sizes, operands[k]->strides, out.sizes);
    for (int64_t& s : strides[k + 1]) s *= static_cast<int64_t>(element_size(operands[k]->dtype));
  }
  const LoopDims dims = merge_dims(out.sizes, strides, count + 1);
  const StridedLoop strided(loop, dims, out, operands, count);
  parallel_for(out.numel, chunk_for(out.numel), [&](int64_t b, int64_t e) { strided.run(b, e); });
}

Tensor result_like(const char* name, ScalarType dtype, const TensorImpl* const* in, int count) {
  for (int k = 0; k < count; ++k) check(in[k], name, ": expected a tensor, but got an undefined one");
  bool same = true;
  for (int k = 1; k < count; ++k) same = same && in[k]->sizes == in[0]->sizes;
  if (same && in[0]->contiguous) return Tensor(TensorImpl::create_like(dtype, *in[0]));
  Sizes sizes = in[0]->sizes;
  if (!same)
    for (int k = 1; k < count; ++k) sizes = broadcast(name, sizes, in[k]->sizes);
  Sizes strides = contiguous_strides(sizes);
  for (int k = 0; k < count; ++k) {
    if (in[k]->sizes != sizes) continue;
    if (!in[k]->contiguous && is_dense(in[k]->sizes, in[k]->strides)) strides = in[k]->strides;
    break;
  }
  return empty_strided(sizes, strides, dtype);
}

}  // namespace gradus::kernels
