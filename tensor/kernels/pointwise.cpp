#include "gradus/tensor/kernels/pointwise.h"

#include "gradus/tensor/factories.h"
#include "gradus/tensor/kernels/convert.h"
#include "gradus/tensor/kernels/stream.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

constexpr int64_t tile = 512;      // elements staged at a time: some KiB an operand, inside the first-level cache
constexpr int64_t long_row = 256;  // rows from here on are read in place
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
  bool constant;     // one element, repeated
};

bool is_linear(const LoopDims& dims, const Sizes& strides, int64_t step) {
  for (size_t i = dims.sizes.size(); i-- > 0; step *= dims.sizes[i])
    if (dims.sizes[i] != 1 && strides[i] != step) return false;
  return true;
}

class StridedLoop {
 public:
  StridedLoop(const Loop& loop, const LoopDims& dims, const TensorImpl& out, const TensorImpl* const* in, int count)
      : loop_(loop), dims_(dims), count_(count) {
    out_ = operand(out, dims.strides[0], converter(loop.result, out.dtype), loop.result);
    for (int k = 0; k < count; ++k)
      in_[k] = operand(*in[k], dims.strides[k + 1], converter(in[k]->dtype, loop.type_of(k)), loop.type_of(k));
    inner_ = dims.sizes.back();
    by_row_ = inner_ >= long_row;
    streamed_ = streams(out, in, count);
  }

  void run(int64_t begin, int64_t end) const {
    alignas(64) char buffers[max_operands + 1][tile * 8];
    const void* constants[max_operands] = {};
    for (int k = 0; k < count_; ++k)
      if (in_[k].constant) {
        in_[k].stage(in_[k].data, 0, buffers[k], in_[k].size, std::min(tile, end - begin));
        constants[k] = buffers[k];
      }
    const bool distant = end - begin >= distant_from;
    for (int64_t i = begin; i < end;) {
      int64_t n = std::min(tile, end - i);
      if (by_row_) n = std::min(n, inner_ - i % inner_);
      if (distant) ask_ahead(i, n);
      const void* p[max_operands];
      for (int k = 0; k < count_; ++k) p[k] = constants[k] ? constants[k] : fetch(in_[k], i, n, buffers[k]);
      char* direct = place(out_, i);
      loop_.fn(loop_.formula, direct ? direct : buffers[max_operands], p, n,
               place_of(direct, end - begin, streamed_ && direct));
      if (!direct) scatter(i, n, buffers[max_operands]);
      i += n;
    }
    if (streamed_) fence_streams();
  }

 private:
  Operand operand(const TensorImpl& t, const Sizes& strides, ConvertFn stage, ScalarType direct) const {
    const auto step = static_cast<int64_t>(element_size(t.dtype));
    bool constant = true;
    for (int64_t s : strides) constant &= s == 0;
    const bool same = t.dtype == direct, consecutive = is_linear(dims_, strides, step);
    return {t.data(),
            &strides,
            stage,
            step,
            static_cast<int64_t>(element_size(direct)),
            same,
            consecutive,
            same && consecutive,
            constant};
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

  // Address of element i, and where it lies in its innermost row.
  char* address(const Operand& o, int64_t i) const {
    char* p = o.data;
    for (size_t d = dims_.sizes.size(); d-- > 0 && i > 0;) {
      p += i % dims_.sizes[d] * (*o.strides)[d];
      i /= dims_.sizes[d];
    }
    return p;
  }

  // Where elements from i on lie consecutively in the loop's type, or null.
  char* place(const Operand& o, int64_t i) const {
    if (o.linear) return o.data + i * o.step;
    if (by_row_ && o.same_type && o.strides->back() == o.step) return address(o, i);
    return nullptr;
  }

  template <class Row>
  void rows(const Operand& o, int64_t i, int64_t n, const Row& row) const {
    for (int64_t done = 0; done < n;) {
      const int64_t m = std::min(n - done, inner_ - (i + done) % inner_);
      row(address(o, i + done), done, m);
      done += m;
    }
  }

  const void* fetch(const Operand& o, int64_t i, int64_t n, char* buffer) const {
    if (const char* p = place(o, i)) return p;
    if (o.consecutive)
      o.stage(o.data + i * o.step, o.step, buffer, o.size, n);
    else
      rows(o, i, n, [&](const char* p, int64_t at, int64_t m) {
        o.stage(p, o.strides->back(), buffer + at * o.size, o.size, m);
      });
    return buffer;
  }

  void scatter(int64_t i, int64_t n, const char* buffer) const {
    if (out_.consecutive) return out_.stage(buffer, out_.size, out_.data + i * out_.step, out_.step, n);
    rows(out_, i, n, [&](char* p, int64_t at, int64_t m) {
      out_.stage(buffer + at * out_.size, out_.size, p, out_.strides->back(), m);
    });
  }

  const Loop& loop_;
  const LoopDims& dims_;
  int count_;
  int64_t inner_;
  bool by_row_;
  bool streamed_;
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
    loop.fn(loop.formula, o + b * step, p, e - b, place_of(o + b * step, e - b, streamed));
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
