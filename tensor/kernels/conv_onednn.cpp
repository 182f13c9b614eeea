// Convolutions of float by oneDNN, in the layouts it likes: what comes and goes plain is rearranged at the border.
#if defined(GRADUS_ONEDNN)
#include <algorithm>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <vector>

#include "gradus/tensor/kernels/conv.h"
#include "gradus/tensor/kernels/onednn.h"
#include "gradus/tensor/kernels/scratch.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

using dnnl::memory;
using dnnl::prop_kind;
using Tag = memory::format_tag;

/// One operand: as the caller stores it, as the primitive wants it, and the copy between the two where they differ.
struct Operand {
  memory::desc plain, wanted;
  std::optional<dnnl::reorder> copy;

  Operand(const memory::desc& stored, const memory::desc& preferred, bool result) : plain(stored), wanted(preferred) {
    if (plain == wanted) return;
    const memory::desc &from = result ? wanted : plain, &to = result ? plain : wanted;
    copy.emplace(dnnl::reorder::primitive_desc(onednn::engine(), from, onednn::engine(), to));
  }
};

struct Handles;

/// Sets of handles that no call uses now.
struct Idle {
  std::mutex mutex;
  std::vector<std::unique_ptr<Handles>> sets;
};

/// A compiled convolution with everything around it; shared by threads, so it holds no buffers.
struct Compiled {
  dnnl::primitive run;
  memory::desc scratchpad, bias;
  Operand first, second, result;  // two inputs, one output, in the order of Arguments
  std::unique_ptr<Idle> idle = std::make_unique<Idle>();
};

/// oneDNN's handles of the buffers of one call, which are named anew for each. `wanted` is used where it differs.
struct Handles {
  memory plain[3], wanted[3], bias, scratchpad;

  explicit Handles(const Compiled& c) : bias(make(c.bias)), scratchpad(make(c.scratchpad)) {
    const Operand* const operands[] = {&c.first, &c.second, &c.result};
    for (int i = 0; i < 3; ++i) {
      plain[i] = make(operands[i]->plain);
      if (operands[i]->copy) wanted[i] = make(operands[i]->wanted);
    }
  }
  static memory make(const memory::desc& d) {
    return d.is_zero() ? memory() : memory(d, onednn::engine(), DNNL_MEMORY_NONE);
  }
};

/// A set of handles of a convolution while this lives.
class Lease {
 public:
  explicit Lease(const Compiled& c) : idle_(*c.idle) {
    {
      const std::lock_guard lock(idle_.mutex);
      if (!idle_.sets.empty()) {
        handles_ = std::move(idle_.sets.back());
        idle_.sets.pop_back();
      }
    }
    if (!handles_) handles_ = std::make_unique<Handles>(c);
  }
  ~Lease() {
    const std::lock_guard lock(idle_.mutex);
    try {
      idle_.sets.push_back(std::move(handles_));
    } catch (const std::bad_alloc&) {  // then the next call makes its own
    }
  }
  Lease(const Lease&) = delete;
  Handles& operator*() const { return *handles_; }

 private:
  Idle& idle_;
  std::unique_ptr<Handles> handles_;
};

/// True if the convolution has a depth; without it, oneDNN's of two dimensions are faster.
bool is_deep(const Conv& d) { return d.in[0] != 1 || d.kernel[0] != 1 || d.before[0] != 0 || d.after[0] != 0; }

/// oneDNN's descriptions of the tensors of a convolution, plain and free to choose.
struct Descriptions {
  memory::dims x, weight, bias, y, stride, dilation, before, after;
  Tag tag, weight_tag;

  explicit Descriptions(const Conv& d) : x{d.n, d.c}, bias{d.o}, y{d.n, d.o} {
    const bool deep = is_deep(d), grouped = d.groups != 1;
    if (grouped) weight.push_back(d.groups);
    weight.insert(weight.end(), {d.o / d.groups, d.c / d.groups});
    tag = deep ? Tag::ncdhw : Tag::nchw;
    weight_tag = grouped ? (deep ? Tag::goidhw : Tag::goihw) : (deep ? Tag::oidhw : Tag::oihw);
    for (int i = deep ? 0 : 1; i < 3; ++i) {
      x.push_back(d.in[i]);
      weight.push_back(d.kernel[i]);
      y.push_back(d.out(i));
      stride.push_back(d.stride[i]);
      dilation.push_back(d.dilation[i] - 1);
      before.push_back(d.before[i]);
      after.push_back(d.after[i]);
    }
  }
  static memory::desc make(const memory::dims& dims, Tag tag) { return {dims, memory::data_type::f32, tag}; }
  memory::desc any(const memory::dims& dims) const { return make(dims, Tag::any); }
  memory::desc plain_x() const { return make(x, tag); }
  memory::desc plain_weight() const { return make(weight, weight_tag); }
  memory::desc plain_y() const { return make(y, tag); }
  memory::desc bias_or_none(bool some) const { return some ? make(bias, Tag::x) : memory::desc(); }
};

dnnl::primitive_attr attributes() {
  dnnl::primitive_attr a;
  a.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return a;
}

constexpr auto direct = dnnl::algorithm::convolution_direct;

dnnl::convolution_forward::primitive_desc forward_of(const Descriptions& t, bool bias) {
#if DNNL_VERSION_MAJOR >= 3
  return {onednn::engine(), prop_kind::forward_training,
          direct,           t.any(t.x),
          t.any(t.weight),  t.bias_or_none(bias),
          t.any(t.y),       t.stride,
          t.dilation,       t.before,
          t.after,          attributes()};
#else
  const dnnl::convolution_forward::desc desc(prop_kind::forward_training, direct, t.any(t.x), t.any(t.weight),
                                             t.bias_or_none(bias), t.any(t.y), t.stride, t.dilation, t.before, t.after);
  return {desc, attributes(), onednn::engine()};
#endif
}

dnnl::convolution_backward_data::primitive_desc backward_input_of(const Descriptions& t) {
  const auto hint = forward_of(t, false);
#if DNNL_VERSION_MAJOR >= 3
  return {onednn::engine(), direct,  t.any(t.x), t.any(t.weight), t.any(t.y), t.stride, t.dilation,
          t.before,         t.after, hint,       attributes()};
#else
  const dnnl::convolution_backward_data::desc desc(direct, t.any(t.x), t.any(t.weight), t.any(t.y), t.stride,
                                                   t.dilation, t.before, t.after);
  return {desc, attributes(), onednn::engine(), hint};
#endif
}

dnnl::convolution_backward_weights::primitive_desc backward_weight_of(const Descriptions& t, bool bias) {
  const auto hint = forward_of(t, bias);
#if DNNL_VERSION_MAJOR >= 3
  return {
      onednn::engine(), direct,  t.any(t.x), t.any(t.weight), t.bias_or_none(bias), t.any(t.y), t.stride, t.dilation,
      t.before,         t.after, hint,       attributes()};
#else
  const dnnl::convolution_backward_weights::desc desc(direct, t.any(t.x), t.any(t.weight), t.bias_or_none(bias),
                                                      t.any(t.y), t.stride, t.dilation, t.before, t.after);
  return {desc, attributes(), onednn::engine(), hint};
#endif
}

enum class Kind : int64_t { forward, backward_input, backward_weight };

Compiled compile(Kind kind, const Conv& d, bool bias) {
  const Descriptions t(d);
  const memory::desc x = t.plain_x(), w = t.plain_weight(), y = t.plain_y(), b = t.bias_or_none(bias);
  switch (kind) {
    case Kind::forward: {
      const auto pd = forward_of(t, bias);
      return {dnnl::convolution_forward(pd),        pd.scratchpad_desc(),           b, Operand(x, pd.src_desc(), false),
              Operand(w, pd.weights_desc(), false), Operand(y, pd.dst_desc(), true)};
    }
    case Kind::backward_input: {
      const auto pd = backward_input_of(t);
      return {dnnl::convolution_backward_data(pd),
              pd.scratchpad_desc(),
              b,
              Operand(y, pd.diff_dst_desc(), false),
              Operand(w, pd.weights_desc(), false),
              Operand(x, pd.diff_src_desc(), true)};
    }
    case Kind::backward_weight:
      break;
  }
  const auto pd = backward_weight_of(t, bias);
  return {dnnl::convolution_backward_weights(pd),
          pd.scratchpad_desc(),
          b,
          Operand(x, pd.src_desc(), false),
          Operand(y, pd.diff_dst_desc(), false),
          Operand(w, pd.diff_weights_desc(), true)};
}

std::shared_ptr<const Compiled> compiled(Kind kind, const Conv& d, bool bias, int threads) {
  static onednn::Cache<Compiled> cache(256);
  onednn::Key key{static_cast<int64_t>(kind), bias, threads, d.n, d.c, d.o, d.groups};
  size_t at = 7;
  for (const auto* triple : {&d.in, &d.kernel, &d.stride, &d.dilation, &d.before, &d.after})
    for (const int64_t v : *triple) key[at++] = v;
  return cache.get(key, [&] { return compile(kind, d, bias); });
}

/// Names the buffer of a handle; inputs are not written.
void name(memory& m, const void* p) { m.set_data_handle(const_cast<void*>(p), onednn::stream()); }

struct Argument {
  int name;
  const memory& value;
};

/// Runs a primitive; its arguments lie on the stack.
void run(const dnnl::primitive& p, std::initializer_list<Argument> arguments) {
  dnnl_exec_arg_t list[5];
  int n = 0;
  for (const Argument& a : arguments)
    if (a.value.get(true)) list[n++] = {a.name, a.value.get()};
  dnnl::error::wrap_c_api(dnnl_primitive_execute(p.get(), onednn::stream().get(), n, list), "could not execute");
}

/// A buffer in the layout that the primitive wants: the caller's own where that is it, else one that lives as long
/// as this does.
class Arranged {
 public:
  Arranged(const Operand& o, memory& plain, memory& wanted, const void* p)
      : operand_(o), plain_(plain), wanted_(wanted), own_(bytes(o)) {
    name(plain_, p);
    if (o.copy) name(wanted_, own_.get());
  }
  const memory& get() const { return operand_.copy ? wanted_ : plain_; }
  void load() {
    if (operand_.copy) run(*operand_.copy, {{DNNL_ARG_FROM, plain_}, {DNNL_ARG_TO, wanted_}});
  }
  void store() {
    if (operand_.copy) run(*operand_.copy, {{DNNL_ARG_FROM, wanted_}, {DNNL_ARG_TO, plain_}});
  }

 private:
  static int64_t bytes(const Operand& o) { return o.copy ? static_cast<int64_t>(o.wanted.get_size()) : 0; }

  const Operand& operand_;
  memory &plain_, &wanted_;
  Scratch<char> own_;
};

/// oneDNN's names for two inputs, the output, and the bias where there is one.
struct Arguments {
  int first, second, result, bias;
};

void execute(const Compiled& c, const Arguments& names, const float* first, const float* second, const float* bias,
             float* result) {
  const Lease lease(c);
  Handles& h = *lease;
  Arranged a(c.first, h.plain[0], h.wanted[0], first), b(c.second, h.plain[1], h.wanted[1], second),
      r(c.result, h.plain[2], h.wanted[2], result);
  a.load();
  b.load();
  const Scratch<char> pad(static_cast<int64_t>(c.scratchpad.get_size()));
  if (h.scratchpad.get(true)) name(h.scratchpad, pad.get());
  if (bias) name(h.bias, bias);
  run(c.run, {{names.first, a.get()},
              {names.second, b.get()},
              {names.result, r.get()},
              {names.bias, h.bias},
              {DNNL_ARG_SCRATCHPAD, h.scratchpad}});
  r.store();
}

constexpr int64_t most_pieces = 4;  // of a batch whose bits must not depend on the threads: each rearranges weights
constexpr int64_t piece_work = 1024 * 1024;  // multiplications of one, at least

/// Calls f(piece of the batch, its first image, its index, threads): once, or for pieces of a fixed size on a thread
/// each.
template <class F>
void each_piece(const Conv& d, int64_t images, const F& f) {
  if (images == d.n) return f(d, int64_t{0}, int64_t{0}, are_deterministic_algorithms_enabled() ? 1 : 1 << 20);
  parallel_for(ceil_div(d.n, images), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      Conv piece = d;
      piece.n = std::min(images, d.n - i * images);
      f(piece, i * images, i, 1);
    }
  });
}

/// Images of a piece: the whole batch unless bits must not depend on the threads.
int64_t images_of_a_piece(const Conv& d) {
  if (!are_deterministic_algorithms_enabled()) return d.n;
  const int64_t work = d.n * d.o * (d.c / d.groups) * d.taps() * d.out_plane();
  const int64_t few = std::min(work / piece_work, std::max<int64_t>(2, d.n / 8));
  return ceil_div(d.n, std::clamp<int64_t>(few, 1, std::min(d.n, most_pieces)));
}

}  // namespace

void detail::conv_forward_onednn(const Conv& d, const float* x, const float* weight, const float* bias, float* y) {
  each_piece(d, images_of_a_piece(d), [&](const Conv& piece, int64_t image, int64_t, int most) {
    onednn::guarded("convolution", [&] {
      const onednn::Threads threads(most);
      const auto c = compiled(Kind::forward, piece, bias != nullptr, threads.count());
      execute(*c, {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_BIAS}, x + image * d.c * d.in_plane(), weight,
              bias, y + image * d.o * d.out_plane());
    });
  });
}

void detail::conv_backward_input_onednn(const Conv& d, const float* gy, const float* weight, float* gx) {
  each_piece(d, images_of_a_piece(d), [&](const Conv& piece, int64_t image, int64_t, int most) {
    onednn::guarded("convolution_backward_input", [&] {
      const onednn::Threads threads(most);
      const auto c = compiled(Kind::backward_input, piece, false, threads.count());
      execute(*c, {DNNL_ARG_DIFF_DST, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_SRC, 0}, gy + image * d.o * d.out_plane(), weight,
              nullptr, gx + image * d.c * d.in_plane());
    });
  });
}

void detail::conv_backward_weight_onednn(const Conv& d, const float* x, const float* gy, float* gw, float* gb) {
  const int64_t images = images_of_a_piece(d), pieces = ceil_div(d.n, images);
  const int64_t elements = d.o * (d.c / d.groups) * d.taps(), sum = elements + (gb ? d.o : 0);
  // The first piece sums into the gradients themselves; the others into copies that are added in order.
  const Scratch<float> copies((pieces - 1) * sum);
  each_piece(d, images, [&](const Conv& piece, int64_t image, int64_t i, int most) {
    float* const copy = i > 0 ? copies.get() + (i - 1) * sum : nullptr;
    onednn::guarded("convolution_backward_weight", [&] {
      const onednn::Threads threads(most);
      const auto c = compiled(Kind::backward_weight, piece, gb != nullptr, threads.count());
      execute(*c, {DNNL_ARG_SRC, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_BIAS},
              x + image * d.c * d.in_plane(), gy + image * d.o * d.out_plane(), copy && gb ? copy + elements : gb,
              copy ? copy : gw);
    });
  });
  if (pieces == 1) return;
  parallel_for(sum, 16 * 1024, [&](int64_t begin, int64_t end) {
    for (int64_t k = 0; k + 1 < pieces; ++k)
      for (int64_t j = begin; j < end; ++j) (j < elements ? gw[j] : gb[j - elements]) += copies.get()[k * sum + j];
  });
}

}  // namespace gradus::kernels
#endif
