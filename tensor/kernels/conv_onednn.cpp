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

// oneDNN 3 has other names for these two.
#if DNNL_VERSION_MAJOR >= 3
memory::dims dims_of(const memory::desc& d) { return d.get_dims(); }
void set_data(memory& m, void* p) { m.set_data_handle(p); }
#else
memory::dims dims_of(const memory::desc& d) { return d.dims(); }
void set_data(memory& m, void* p) { m.set_data_handle(p, onednn::stream()); }
#endif

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

/// An operand that all pieces of a convolution need rearranged: copied in slices of its first dimension, by several
/// threads.
struct Slices {
  std::vector<memory::desc> plain, wanted;
  std::vector<dnnl::reorder> copies;

  Slices() = default;
  /// `unit`: how much of the first dimension no layout parts.
  Slices(const Operand& o, int64_t most, int64_t unit) {
    if (!o.copy) return;
    const memory::dims dims = dims_of(o.plain);
    const int64_t step = ceil_div(ceil_div(dims[0], most), unit) * unit;
    for (int64_t i = 0; i < dims[0]; i += step) {
      memory::dims part = dims, at(dims.size());
      part[0] = std::min(step, dims[0] - i);
      at[0] = i;
      add(o.plain.submemory_desc(part, at, true), o.wanted.submemory_desc(part, at, true));
      if (plain.back().is_zero() || wanted.back().is_zero()) {
        plain = {o.plain};
        wanted = {o.wanted};
        break;
      }
    }
    for (size_t i = 0; i < plain.size(); ++i)
      copies.emplace_back(dnnl::reorder::primitive_desc(onednn::engine(), plain[i], onednn::engine(), wanted[i]));
  }

 private:
  void add(const memory::desc& from, const memory::desc& to) {
    plain.push_back(from);
    wanted.push_back(to);
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
  Slices shared = {};             // of the input that is the same for all pieces
  std::unique_ptr<Idle> idle = std::make_unique<Idle>();
};

/// oneDNN's handles of the buffers of one call, which are named anew for each. `wanted` is used where it differs.
struct Handles {
  memory plain[3], wanted[3], bias, scratchpad;
  std::vector<memory> slices_plain, slices_wanted;

  explicit Handles(const Compiled& c) : bias(make(c.bias)), scratchpad(make(c.scratchpad)) {
    const Operand* const operands[] = {&c.first, &c.second, &c.result};
    for (int i = 0; i < 3; ++i) {
      plain[i] = make(operands[i]->plain);
      if (operands[i]->copy) wanted[i] = make(operands[i]->wanted);
    }
    for (const memory::desc& m : c.shared.plain) slices_plain.push_back(make(m));
    for (const memory::desc& m : c.shared.wanted) slices_wanted.push_back(make(m));
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

enum class Kind : int64_t { forward, backward_input, backward_weight };
/// What the pieces of a convolution have each a part of: images, channels of y, or channels of x.
enum class Cut : int64_t { images, outputs, inputs };

/// A part of a convolution: `d` is what it computes; its tensors lie within those of a convolution of whole.c input and
/// whole.o output channels, and begin at image, channel of y and channel of x.
struct Piece {
  Conv d, whole;
  int64_t image = 0, output = 0, input = 0;

  const float* x(const float* p) const { return p + (image * whole.c + input) * d.in_plane(); }
  float* x(float* p) const { return p + (image * whole.c + input) * d.in_plane(); }
  const float* y(const float* p) const { return p + (image * whole.o + output) * d.out_plane(); }
  float* y(float* p) const { return p + (image * whole.o + output) * d.out_plane(); }
  int64_t weight() const { return (output * (whole.c / whole.groups) + input) * d.taps(); }
};

/// Strides of a dense tensor of the sizes `whole`.
memory::dims strides_of(const memory::dims& whole) {
  memory::dims s(whole.size(), 1);
  for (size_t i = whole.size() - 1; i > 0; --i) s[i - 1] = s[i] * whole[i];
  return s;
}

/// oneDNN's descriptions of the tensors of a piece, plain and free to choose.
struct Descriptions {
  memory::dims x, weight, bias, y, stride, dilation, before, after;
  memory::dims x_steps, weight_steps, y_steps;

  explicit Descriptions(const Piece& p) : x{p.d.n, p.d.c}, bias{p.d.o}, y{p.d.n, p.d.o} {
    const Conv& d = p.d;
    memory::dims whole_x{d.n, p.whole.c}, whole_y{d.n, p.whole.o}, whole_weight;
    if (d.groups != 1) weight.push_back(d.groups);
    weight.insert(weight.end(), {d.o / d.groups, d.c / d.groups});
    if (d.groups != 1) whole_weight.push_back(d.groups);
    whole_weight.insert(whole_weight.end(), {p.whole.o / d.groups, p.whole.c / d.groups});
    for (int i = is_deep(d) ? 0 : 1; i < 3; ++i) {
      for (memory::dims* sizes : {&x, &whole_x}) sizes->push_back(d.in[i]);
      for (memory::dims* sizes : {&weight, &whole_weight}) sizes->push_back(d.kernel[i]);
      for (memory::dims* sizes : {&y, &whole_y}) sizes->push_back(d.out(i));
      stride.push_back(d.stride[i]);
      dilation.push_back(d.dilation[i] - 1);
      before.push_back(d.before[i]);
      after.push_back(d.after[i]);
    }
    x_steps = strides_of(whole_x);
    y_steps = strides_of(whole_y);
    weight_steps = strides_of(whole_weight);
  }
  static memory::desc plain(const memory::dims& dims, const memory::dims& steps) {
    return {dims, memory::data_type::f32, steps};
  }
  memory::desc any(const memory::dims& dims) const { return {dims, memory::data_type::f32, Tag::any}; }
  memory::desc plain_x() const { return plain(x, x_steps); }
  memory::desc plain_weight() const { return plain(weight, weight_steps); }
  memory::desc plain_y() const { return plain(y, y_steps); }
  memory::desc bias_or_none(bool some) const { return some ? plain(bias, {1}) : memory::desc(); }
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

Compiled compile(Kind kind, const Piece& p, bool bias) {
  const Descriptions t(p);
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

constexpr int64_t channel_step = 16;  // channels that oneDNN computes together

/// The input that all pieces need whole.
const Operand& shared(const Compiled& c, Cut cut) { return cut == Cut::images ? c.second : c.first; }

/// A piece compiled; `slices`: in how many the input is rearranged that it shares with others, 0 if none is.
std::shared_ptr<const Compiled> compiled(Kind kind, const Piece& p, bool bias, Cut cut, int64_t slices) {
  static onednn::Cache<Compiled> cache(256);
  const Conv& d = p.d;
  onednn::Key key{static_cast<int64_t>(kind),
                  bias,
                  static_cast<int64_t>(cut),
                  slices,
                  d.n,
                  d.c,
                  d.o,
                  d.groups,
                  p.whole.c,
                  p.whole.o};
  size_t at = 10;
  for (const auto* triple : {&d.in, &d.kernel, &d.stride, &d.dilation, &d.before, &d.after})
    for (const int64_t v : *triple) key[at++] = v;
  return cache.get(key, [&] {
    const onednn::OneThread alone;
    Compiled c = compile(kind, p, bias);
    if (slices > 0) c.shared = Slices(shared(c, cut), slices, cut == Cut::images ? channel_step : 1);
    return c;
  });
}

/// Names the buffer of a handle; inputs are not written.
void name(memory& m, const void* p) { set_data(m, const_cast<void*>(p)); }

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

/// A buffer in the layout that the primitive wants: the caller's own where that is it, or `ready` where it is given,
/// else one that lives as long as this does.
class Arranged {
 public:
  Arranged(const Operand& o, memory& plain, memory& wanted, const void* p, const char* ready)
      : operand_(o), plain_(plain), wanted_(wanted), ready_(ready), own_(ready ? 0 : bytes(o)) {
    name(plain_, p);
    if (o.copy) name(wanted_, ready ? ready : own_.get());
  }
  static int64_t bytes(const Operand& o) { return o.copy ? static_cast<int64_t>(o.wanted.get_size()) : 0; }
  const memory& get() const { return operand_.copy ? wanted_ : plain_; }
  void load() {
    if (operand_.copy && !ready_) run(*operand_.copy, {{DNNL_ARG_FROM, plain_}, {DNNL_ARG_TO, wanted_}});
  }
  void store() {
    if (operand_.copy) run(*operand_.copy, {{DNNL_ARG_FROM, wanted_}, {DNNL_ARG_TO, plain_}});
  }

 private:
  const Operand& operand_;
  memory &plain_, &wanted_;
  const char* ready_;
  Scratch<char> own_;
};

/// oneDNN's names for two inputs, the output, and the bias where there is one.
struct Arguments {
  int first, second, result, bias;
};

/// What a piece computes with; `ready` holds the shared input rearranged, if it is.
struct Buffers {
  const float *first, *second, *bias;
  float* result;
  const char *ready_first = nullptr, *ready_second = nullptr;
};

void execute(const Compiled& c, const Arguments& names, const Buffers& of) {
  const onednn::OneThread alone;
  const Lease lease(c);
  Handles& h = *lease;
  Arranged a(c.first, h.plain[0], h.wanted[0], of.first, of.ready_first),
      b(c.second, h.plain[1], h.wanted[1], of.second, of.ready_second),
      r(c.result, h.plain[2], h.wanted[2], of.result, nullptr);
  a.load();
  b.load();
  const Scratch<char> pad(static_cast<int64_t>(c.scratchpad.get_size()));
  if (h.scratchpad.get(true)) name(h.scratchpad, pad.get());
  if (of.bias) name(h.bias, of.bias);
  run(c.run, {{names.first, a.get()},
              {names.second, b.get()},
              {names.result, r.get()},
              {names.bias, h.bias},
              {DNNL_ARG_SCRATCHPAD, h.scratchpad}});
  r.store();
}

/// The shared input in the layout that the pieces want.
void rearrange(const Compiled& c, const float* plain, char* wanted) {
  const int64_t slices = static_cast<int64_t>(c.shared.copies.size());
  const Lease lease(c);
  Handles& h = *lease;
  parallel_for(slices, 1, [&](int64_t begin, int64_t end) {
    const onednn::OneThread alone;
    for (size_t i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
      name(h.slices_plain[i], plain);
      name(h.slices_wanted[i], wanted);
      run(c.shared.copies[i], {{DNNL_ARG_FROM, h.slices_plain[i]}, {DNNL_ARG_TO, h.slices_wanted[i]}});
    }
  });
}

constexpr int64_t most_pieces = 4;           // where the bits must not depend on the threads
constexpr int64_t piece_work = 1024 * 1024;  // multiplications of one, at least

/// How a convolution is cut: into pieces of `step` images or channels.
struct Plan {
  Conv whole;
  Cut cut = Cut::images;
  int64_t step;

  Plan(Kind kind, const Conv& d) : whole(d), step(d.n) {
    const int64_t most = are_deterministic_algorithms_enabled() ? most_pieces
                         : gradus::detail::in_parallel()        ? 1
                                                                : get_num_threads();
    const int64_t work = d.n * d.o * (d.c / d.groups) * d.taps() * d.out_plane();
    const int64_t count = std::clamp<int64_t>(work / piece_work, 1, most);
    if (count == 1) return;
    const Cut by_channel = kind == Kind::backward_input ? Cut::inputs : Cut::outputs;
    const int64_t channels = by_channel == Cut::inputs ? d.c : d.o;
    const bool divisible = d.groups == 1 && channels >= count * channel_step;
    // Pieces of a batch read all weights, or have each a gradient of them; those of channels read whole images. Of few
    // images, moreover, one piece has many more than another.
    const int64_t weights = d.o * d.c * d.taps(), images = d.n * (d.c * d.in_plane() + d.o * d.out_plane());
    const bool better =
        weights > (kind == Kind::backward_weight ? images / 4 : images) || (d.n % count != 0 && d.n < 4 * count);
    if (divisible && better) {
      cut = by_channel;
      step = ceil_div(ceil_div(channels, count), channel_step) * channel_step;
    } else {
      step = ceil_div(d.n, count);
    }
  }
  int64_t size() const { return cut == Cut::images ? whole.n : cut == Cut::outputs ? whole.o : whole.c; }
  int64_t pieces() const { return ceil_div(size(), step); }
  Piece piece(int64_t i) const {
    Piece p{whole, whole};
    (cut == Cut::images ? p.image : cut == Cut::outputs ? p.output : p.input) = i * step;
    (cut == Cut::images ? p.d.n : cut == Cut::outputs ? p.d.o : p.d.c) = std::min(step, size() - i * step);
    return p;
  }
};

/// Computes all pieces; `of(piece, index)` are the buffers of one. Pieces that share an input have it rearranged once.
template <class F>
void execute_pieces(const char* operation, Kind kind, const Plan& plan, const Arguments& names, bool bias,
                    const F& of) {
  const int64_t pieces = plan.pieces();
  const bool sharing = pieces > 1 && !(kind == Kind::backward_weight && plan.cut == Cut::images);
  onednn::guarded(operation, [&] {
    const auto c = compiled(kind, plan.piece(0), bias, plan.cut, sharing ? pieces : 0);
    const Operand& common = shared(*c, plan.cut);
    const Scratch<char> ready(sharing ? Arranged::bytes(common) : 0);
    const bool second = plan.cut == Cut::images;
    if (sharing && common.copy)
      rearrange(*c, second ? of(plan.piece(0), 0).second : of(plan.piece(0), 0).first, ready.get());
    parallel_for(pieces, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const Piece p = plan.piece(i);
        const auto mine = i == 0 ? c : compiled(kind, p, bias, plan.cut, sharing ? pieces : 0);
        Buffers buffers = of(p, i);
        if (sharing && common.copy && shared(*mine, plan.cut).wanted == common.wanted)
          (second ? buffers.ready_second : buffers.ready_first) = ready.get();
        execute(*mine, names, buffers);
      }
    });
  });
}

}  // namespace

void detail::conv_forward_onednn(const Conv& d, const float* x, const float* weight, const float* bias, float* y) {
  execute_pieces("convolution", Kind::forward, Plan(Kind::forward, d),
                 {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_BIAS}, bias != nullptr,
                 [&](const Piece& p, int64_t) {
                   return Buffers{p.x(x), weight + p.weight(), bias ? bias + p.output : nullptr, p.y(y)};
                 });
}

void detail::conv_backward_input_onednn(const Conv& d, const float* gy, const float* weight, float* gx) {
  execute_pieces("convolution_backward_input", Kind::backward_input, Plan(Kind::backward_input, d),
                 {DNNL_ARG_DIFF_DST, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_SRC, 0}, false, [&](const Piece& p, int64_t) {
                   return Buffers{p.y(gy), weight + p.weight(), nullptr, p.x(gx)};
                 });
}

void detail::conv_backward_weight_onednn(const Conv& d, const float* x, const float* gy, float* gw, float* gb) {
  const Plan plan(Kind::backward_weight, d);
  const int64_t elements = d.o * (d.c / d.groups) * d.taps(), sum = elements + (gb ? d.o : 0);
  // Pieces of channels have their own gradients. Of those of images the first sums into the gradients themselves, the
  // others into copies that are added in order.
  const int64_t copied = plan.cut == Cut::images ? plan.pieces() - 1 : 0;
  const Scratch<float> copies(copied * sum);
  execute_pieces("convolution_backward_weight", Kind::backward_weight, plan,
                 {DNNL_ARG_SRC, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_BIAS}, gb != nullptr,
                 [&](const Piece& p, int64_t i) {
                   float* const copy = copied > 0 && i > 0 ? copies.get() + (i - 1) * sum : nullptr;
                   float* const bias = !gb ? nullptr : copy ? copy + elements : gb + p.output;
                   return Buffers{p.x(x), p.y(gy), bias, copy ? copy : gw + p.weight()};
                 });
  if (copied == 0) return;
  parallel_for(sum, 16 * 1024, [&](int64_t begin, int64_t end) {
    for (int64_t k = 0; k < copied; ++k)
      for (int64_t j = begin; j < end; ++j) (j < elements ? gw[j] : gb[j - elements]) += copies.get()[k * sum + j];
  });
}

}  // namespace gradus::kernels
#endif
