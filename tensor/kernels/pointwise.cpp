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
constexpr int64_t serial = 65536;  // up to here one thread is faster than waking another
constexpr int64_t thread_chunk = 32768;

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

simd::Place place_for(int64_t n, bool streamed) {
  if (n < distant_from) return simd::Place::cached;
  return streamed ? simd::Place::streamed : simd::Place::memory;
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
    if (row <= V::size) {
      for (const T* end = to + n; to < end; to += first, first = row) V::all(*elements++).store(to);
      return;
    }
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

// Rows of any length where vectors are not masked. What is left of some rows beside their whole vectors are vectors of
// their own.
template <class T>
struct AnyRows {
  static constexpr int64_t at_once = 8;

  template <class A>
  GRADUS_INLINE static void run(const Loop& loop, const Rows& all) {
    using V = typename A::template vec<T>;
    const int64_t rest = all.n % V::size;
    if (V::masked || rest == 0) return loop.fn(loop.formula, all);  // masked ones are not sent here
    alignas(64) char lanes[max_operands + 1][at_once * sizeof(V)];
    Rows whole = all, rests;
    whole.n = all.n - rest;
    for (int k = 0; k < loop.operands; ++k) rests.in[k] = lanes[k];
    rests.out = lanes[max_operands];
    for (int64_t done = 0; done < all.count; done += at_once) {
      whole.count = std::min(at_once, all.count - done);
      if (whole.n) loop.fn(loop.formula, whole);
      rests.n = whole.count * V::size;
      for (int k = 0; k < loop.operands; ++k)
        k == loop.mask ? take<V, bool>(whole, k, rest, lanes[k]) : take<V, T>(whole, k, rest, lanes[k]);
      loop.fn(loop.formula, rests);
      loop.result == loop.compute ? give<V, T>(whole, rest, lanes[max_operands])
                                  : give<V, bool>(whole, rest, lanes[max_operands]);
      for (int k = 0; k < loop.operands; ++k)
        whole.in[k] = static_cast<const char*>(whole.in[k]) + at_once * whole.step[k];
      whole.out = static_cast<char*>(whole.out) + at_once * whole.out_step;
    }
  }

 private:
  // The rests of operand k, of type E.
  template <class V, class E>
  GRADUS_INLINE static void take(const Rows& rows, int k, int64_t rest, char* lanes) {
    const bool repeated = rows.repeated >> k & 1;
    for (int64_t r = 0; r < rows.count; ++r) {
      const E* p = reinterpret_cast<const E*>(static_cast<const char*>(rows.in[k]) + r * rows.step[k]);
      E* to = reinterpret_cast<E*>(lanes) + r * V::size;
      if (repeated)
        detail::repeat<V>(*p, to);
      else
        detail::fill_up<V>(p + rows.n, rest, to);
    }
  }
  // The rests of the result.
  template <class V, class E>
  GRADUS_INLINE static void give(const Rows& rows, int64_t rest, const char* lanes) {
    for (int64_t r = 0; r < rows.count; ++r) {
      E* p = reinterpret_cast<E*>(static_cast<char*>(rows.out) + r * rows.out_step) + rows.n;
      const E* from = reinterpret_cast<const E*>(lanes) + r * V::size;
      if constexpr (std::is_same_v<E, bool>)
        std::copy_n(from, rest, p);
      else
        V::load(from).store(p, rest);
    }
  }
};

class StridedLoop {
 public:
  StridedLoop(const Loop& loop, const LoopDims& dims, const TensorImpl& out, const TensorImpl* const* in)
      : loop_(loop),
        dims_(dims),
        count_(loop.operands),
        inner_(dims.sizes.back()),
        streamed_(streams(out, in, loop.operands)) {
    out_ = operand_of(dims, out, dims.strides[0], converter(loop.result, out.dtype), loop.result);
    for (int k = 0; k < count_; ++k) {
      in_[k] = operand_of(dims, *in[k], dims.strides[k + 1], converter(in[k]->dtype, loop.type_of(k)), loop.type_of(k));
    }
    by_rows_ = inner_ >= rows_from();
  }

  void run(int64_t begin, int64_t end) const {
    if (by_rows_)
      run_by_rows(begin, end);
    else
      run_by_tiles(begin, end);
    if (streamed_) fence_streams();
  }

 private:
  struct Buffers {
    alignas(64) char of[max_operands + 1][tile * 8 + 64];
  };

  // Rows of so many elements cost less one by one than put together in tiles, where operands are repeated or copied.
  int64_t rows_from() const {
    bool in_place = out_.direct, spreads = false, copies = !out_.linear;
    for (int k = 0; k < count_; ++k) {
      const Operand& o = in_[k];
      const bool repeated = o.same_type && o.stride() == 0;
      in_place = in_place && (o.direct || repeated);
      spreads = spreads || (repeated && !o.same_rows);
      copies = copies || (!o.linear && !o.same_rows && (o.direct || (repeated && o.size < 4)));
    }
    if (!in_place) return copies ? 64 : 256;
    return copies ? 1 : spreads ? 48 : 128;
  }

  // Row by row, read and written in place where possible; as many a call as begin at equal distances.
  void run_by_rows(int64_t begin, int64_t end) const {
    Buffers buffers;
    Rows part;
    bool staged = !out_.direct, converts = false;
    for (int k = 0; k < count_; ++k) {
      const bool repeated = in_[k].stride() == 0;
      if (repeated) part.repeated |= 1U << k;
      staged = staged || (!repeated && !in_[k].direct);
      converts = converts || (repeated && !in_[k].same_type);
    }
    const bool distant = end - begin >= distant_from;
    LoopRows rows(dims_, count_ + 1, begin);
    for (int64_t i = begin; i < end;) {
      part.n = std::min(end - i, rows.left());
      if (staged) part.n = std::min(part.n, tile);
      part.count = part.n < inner_ || staged ? 1 : std::min((end - i) / inner_, rows.regular());
      if (converts) part.count = std::min(part.count, tile);
      if (distant) ask_ahead(i, part.n);
      for (int k = 0; k < count_; ++k) place_row(rows, k, buffers.of[k], part);
      char* to = out_.data + rows.offset[0] + rows.column * out_.stride();
      part.out = out_.direct ? to : buffers.of[max_operands];
      part.out_step = part.count > 1 ? rows.distance(0) : 0;
      part.place = place_for(end - begin, streamed_ && out_.direct);
      run_rows(loop_, part);
      if (!out_.direct) out_.stage(buffers.of[max_operands], out_.size, to, out_.stride(), part.n);
      i += part.n * part.count;
      part.count > 1 ? rows.skip(part.count) : rows.advance(part.n);
    }
  }

  // Where the part's rows of operand k are to be read.
  void place_row(const LoopRows& rows, int k, char* buffer, Rows& part) const {
    const Operand& o = in_[k];
    const char* from = o.data + rows.offset[k + 1] + rows.column * o.stride();
    const int64_t distance = part.count > 1 ? rows.distance(k + 1) : 0;
    const bool repeated = part.repeated >> k & 1;
    part.in[k] = from;
    part.step[k] = distance;
    if (repeated ? o.same_type : o.direct) return;
    o.stage(from, repeated ? distance : o.stride(), buffer, o.size, repeated ? part.count : part.n);
    part.in[k] = buffer;
    part.step[k] = o.size;
  }

  // Many short rows at a time, whole ones but for the first and the last; what is the same for every row is staged
  // once.
  void run_by_tiles(int64_t begin, int64_t end) const {
    Buffers buffers;
    const int64_t whole = tile / inner_ * inner_;
    Rows part;
    for (int k = 0; k < count_; ++k)
      if (in_[k].same_rows && in_[k].stride() == 0) {
        in_[k].stage(in_[k].data, 0, buffers.of[k], in_[k].size, 1);
        part.repeated |= 1U << k;
      }
    const bool distant = end - begin >= distant_from;
    bool first = true;  // are rows that are all the same yet to be staged?
    LoopRows rows(dims_, count_ + 1, begin);
    for (int64_t i = begin; i < end;) {
      const int64_t column = rows.column, n = std::min(whole - column, end - i);
      if (distant) ask_ahead(i, n);
      for (int k = 0; k < count_; ++k) part.in[k] = in_[k].linear ? in_[k].data + i * in_[k].step : buffers.of[k];
      const LoopRows before = rows;
      stage(rows, i, n, part.repeated, first, buffers);
      first = first && column != 0;
      part.n = n;
      part.out = out_.linear ? out_.data + i * out_.step : buffers.of[max_operands];
      part.place = place_for(end - begin, streamed_ && out_.linear);
      run_rows(loop_, part);
      if (!out_.linear) scatter(before, i, n, buffers.of[max_operands]);
      i += n;
    }
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

  void scatter(LoopRows rows, int64_t i, int64_t n, const char* buffer) const {
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
  bool by_rows_;
  Operand out_;
  Operand in_[max_operands];
};

void run_linear(const Loop& loop, const TensorImpl& out, const TensorImpl* const* in) {
  const int count = loop.operands;
  const auto step = static_cast<int64_t>(element_size(out.dtype));
  const char* data[max_operands];
  for (int k = 0; k < count; ++k) data[k] = in[k]->data();
  const bool streamed = streams(out, in, count);
  parallel_for(out.numel, chunk_for(out.numel), [&](int64_t b, int64_t e) {
    Rows part;
    part.out = out.data() + b * step;
    for (int k = 0; k < count; ++k) part.in[k] = data[k] + b * static_cast<int64_t>(element_size(in[k]->dtype));
    part.n = e - b;
    part.place = place_for(e - b, streamed);
    run_rows(loop, part);
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
void run_apart(const Loop& loop, const TensorImpl& out, const TensorImpl* const* in) {
  Intrusive<TensorImpl> copies[max_operands];
  const TensorImpl* operands[max_operands];
  for (int k = 0; k < loop.operands; ++k) {
    operands[k] = in[k];
    if (!entangled(out, *in[k])) continue;
    copies[k] = TensorImpl::create(in[k]->dtype, in[k]->sizes, contiguous_strides(in[k]->sizes), in[k]->numel);
    copy(*copies[k], *in[k]);
    operands[k] = copies[k].get();
  }
  run(loop, out, operands);
}

}  // namespace

void run_rows(const Loop& loop, const Rows& rows) {
  if (simd::isa() == simd::Isa::avx512) return loop.fn(loop.formula, rows);
  if (loop.compute == ScalarType::Float) return simd::call<AnyRows<float>, const Loop&, const Rows&>(loop, rows);
  if (loop.compute == ScalarType::Double) return simd::call<AnyRows<double>, const Loop&, const Rows&>(loop, rows);
  simd::call<AnyRows<int64_t>, const Loop&, const Rows&>(loop, rows);
}

void run(const Loop& loop, const TensorImpl& out, const TensorImpl* const* in) {
  const int count = loop.operands;
  if (out.numel == 0) return;
  for (int k = 0; k < count; ++k)
    if (entangled(out, *in[k])) return run_apart(loop, out, in);
  bool linear = out.dtype == loop.result && out.contiguous;
  for (int k = 0; k < count; ++k)
    linear = linear && in[k]->dtype == loop.type_of(k) && in[k]->contiguous && in[k]->sizes == out.sizes;
  if (linear) return run_linear(loop, out, in);

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
  const StridedLoop strided(loop, dims, out, operands);
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
