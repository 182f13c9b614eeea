#include "gradus/tensor/kernels/optim.h"

#include <algorithm>
#include <vector>

#include "gradus/tensor/inline_vector.h"
#include "gradus/tensor/kernels/convert.h"
#include "gradus/tensor/kernels/simd.h"
#include "gradus/tensor/kernels/simd_math.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

// How the elements of whole vectors, and the rest at the end, come and go. What is outlined is compiled for the least
// instruction set, so these and the rules' lambdas are always inlined.
template <class V>
struct Load {
  GRADUS_INLINE V operator()(const auto* p) const { return V::load(p); }
};
template <class V>
struct Store {
  GRADUS_INLINE void operator()(const V& v, auto* p) const { v.store(p); }
};
template <class V>
struct LoadRest {
  int64_t n;
  GRADUS_INLINE V operator()(const auto* p) const { return V::load(p, n); }
};
template <class V>
struct StoreRest {
  int64_t n;
  GRADUS_INLINE void operator()(const V& v, auto* p) const { v.store(p, n); }
};

template <class V, class F>
GRADUS_INLINE void each(int64_t n, const F& f) {
  int64_t i = 0;
  for (; i + V::size <= n; i += V::size) f(i, Load<V>(), Store<V>());
  if (i < n) f(i, LoadRest<V>{n - i}, StoreRest<V>{n - i});
}

// Asks for what comes 2 KiB later: a core's own prefetching does not keep up with four streams.
template <class T>
GRADUS_INLINE void ahead(int64_t i, const T* p, const T* g, const T* m, const T* v) {
  for (const T* q : {p, g, m, v}) __builtin_prefetch(q + i + 2048 / sizeof(T), 0, 2);
}

// How every rule begins: the gradient's sign, and the weight decay.
template <class V>
struct Begin {
  V keep, decay;
  bool negates, shrinks, decays;
  GRADUS_INLINE explicit Begin(const Rule& c)
      : keep(1 - c.lr * c.weight_decay),
        decay(c.weight_decay),
        negates(c.maximize),
        shrinks(c.weight_decay != 0 && c.decoupled),
        decays(c.weight_decay != 0 && !c.decoupled) {}
  GRADUS_INLINE void operator()(V& x, V& d) const {
    if (negates) d = -d;
    if (shrinks) x = x * keep;
    if (decays) d = d + decay * x;
  }
};

// The running mean of the gradient and that of its square, of Adam and what descends from it.
template <class V>
struct Moments {
  V fresh1, beta2, fresh2;
  GRADUS_INLINE explicit Moments(const Adam& c) : fresh1(1 - c.beta1), beta2(c.beta2), fresh2(1 - c.beta2) {}
  GRADUS_INLINE V first(const V& m, const V& d) const { return m + fresh1 * (d - m); }
  GRADUS_INLINE V second(const V& v, const V& d) const { return beta2 * v + fresh2 * d * d; }
};

template <class T>
struct SgdLoop {
  template <class A>
  GRADUS_INLINE static void run(const Sgd* c, T* p, const T* g, T* buffer, T*, T*, int64_t n) {
    using V = typename A::template vec<T>;
    const V lr(c->lr), momentum(c->momentum), fresh(1 - c->dampening);
    const bool first = c->first, nesterov = c->nesterov;
    const Begin<V> begin(*c);
    each<V>(
        n, [&](int64_t i, auto load, auto store) __attribute__((always_inline)) {
          V x = load(p + i), d = load(g + i);
          begin(x, d);
          if (buffer) {
            const V b = first ? d : momentum * V(load(buffer + i)) + fresh * d;
            store(b, buffer + i);
            d = nesterov ? d + momentum * b : b;
          }
          store(x - lr * d, p + i);
        });
  }
};

template <class T>
struct AdamLoop {
  template <class A>
  GRADUS_INLINE static void run(const Adam* c, T* p, const T* g, T* m, T* v, T* w, int64_t n) {
    using V = typename A::template vec<T>;
    // Both sides of the fraction times root2: one division less.
    const V scale(c->lr / c->correction1 * c->root2), eps(c->eps * c->root2);
    const Begin<V> begin(*c);
    const Moments<V> moments(*c);
    each<V>(
        n, [&](int64_t i, auto load, auto store) __attribute__((always_inline)) {
          ahead<T>(i, p, g, m, v);
          V x = load(p + i), d = load(g + i);
          begin(x, d);
          const V m1 = moments.first(load(m + i), d), v1 = moments.second(load(v + i), d);
          store(m1, m + i);
          store(v1, v + i);
          V bound = v1;
          if (w) {
            bound = maximum(V(load(w + i)), v1);
            store(bound, w + i);
          }
          store(x - scale * m1 / (sqrt(bound) + eps), p + i);
        });
  }
};

template <class T>
struct NAdamLoop {
  template <class A>
  GRADUS_INLINE static void run(const NAdam* c, T* p, const T* g, T* m, T* v, T*, int64_t n) {
    using V = typename A::template vec<T>;
    const V eps(c->eps * c->root2), rate_g(c->rate_g * c->root2), rate_m(c->rate_m * c->root2);
    const Begin<V> begin(*c);
    const Moments<V> moments(*c);
    each<V>(
        n, [&](int64_t i, auto load, auto store) __attribute__((always_inline)) {
          ahead<T>(i, p, g, m, v);
          V x = load(p + i), d = load(g + i);
          begin(x, d);
          const V m1 = moments.first(load(m + i), d), v1 = moments.second(load(v + i), d);
          store(m1, m + i);
          store(v1, v + i);
          store(x - (rate_g * d + rate_m * m1) / (sqrt(v1) + eps), p + i);
        });
  }
};

template <class T>
struct RAdamLoop {
  template <class A>
  GRADUS_INLINE static void run(const RAdam* c, T* p, const T* g, T* m, T* v, T*, int64_t n) {
    using V = typename A::template vec<T>;
    const V rate(c->rate), eps(c->eps);
    const bool rectified = c->rectified;
    const Begin<V> begin(*c);
    const Moments<V> moments(*c);
    each<V>(
        n, [&](int64_t i, auto load, auto store) __attribute__((always_inline)) {
          ahead<T>(i, p, g, m, v);
          V x = load(p + i), d = load(g + i);
          begin(x, d);
          const V m1 = moments.first(load(m + i), d), v1 = moments.second(load(v + i), d);
          store(m1, m + i);
          store(v1, v + i);
          V move = rate * m1;
          if (rectified) move = move / (sqrt(v1) + eps);
          store(x - move, p + i);
        });
  }
};

template <class T>
struct AdamaxLoop {
  template <class A>
  GRADUS_INLINE static void run(const Adamax* c, T* p, const T* g, T* m, T* u, T*, int64_t n) {
    using V = typename A::template vec<T>;
    const V scale(c->lr / c->correction1), beta2(c->beta2), eps(c->eps);
    const Begin<V> begin(*c);
    const Moments<V> moments(*c);
    each<V>(
        n, [&](int64_t i, auto load, auto store) __attribute__((always_inline)) {
          V x = load(p + i), d = load(g + i);
          begin(x, d);
          const V m1 = moments.first(load(m + i), d);
          const V u1 = maximum(beta2 * V(load(u + i)), abs(d) + eps);
          store(m1, m + i);
          store(u1, u + i);
          store(x - scale * m1 / u1, p + i);
        });
  }
};

template <class T>
struct RmsPropLoop {
  template <class A>
  GRADUS_INLINE static void run(const RmsProp* c, T* p, const T* g, T* v, T* m, T* b, int64_t n) {
    using V = typename A::template vec<T>;
    const V lr(c->lr), alpha(c->alpha), fresh(1 - c->alpha), eps(c->eps), momentum(c->momentum);
    const Begin<V> begin(*c);
    each<V>(
        n, [&](int64_t i, auto load, auto store) __attribute__((always_inline)) {
          V x = load(p + i), d = load(g + i);
          begin(x, d);
          const V v1 = alpha * V(load(v + i)) + fresh * d * d;
          store(v1, v + i);
          V variance = v1;
          if (m) {
            const V m0 = load(m + i);
            const V m1 = m0 + fresh * (d - m0);
            store(m1, m + i);
            variance = v1 - m1 * m1;
          }
          d = d / (sqrt(variance) + eps);
          if (b) {
            d = momentum * V(load(b + i)) + d;
            store(d, b + i);
          }
          store(x - lr * d, p + i);
        });
  }
};

template <class T>
struct AdagradLoop {
  template <class A>
  GRADUS_INLINE static void run(const Adagrad* c, T* p, const T* g, T* s, T*, T*, int64_t n) {
    using V = typename A::template vec<T>;
    const V lr(c->lr), eps(c->eps);
    const Begin<V> begin(*c);
    each<V>(
        n, [&](int64_t i, auto load, auto store) __attribute__((always_inline)) {
          V x = load(p + i), d = load(g + i);
          begin(x, d);
          const V s1 = V(load(s + i)) + d * d;
          store(s1, s + i);
          store(x - lr * d / (sqrt(s1) + eps), p + i);
        });
  }
};

template <class T>
struct AdadeltaLoop {
  template <class A>
  GRADUS_INLINE static void run(const Adadelta* c, T* p, const T* g, T* v, T* u, T*, int64_t n) {
    using V = typename A::template vec<T>;
    const V lr(c->lr), rho(c->rho), fresh(1 - c->rho), eps(c->eps);
    const Begin<V> begin(*c);
    each<V>(
        n, [&](int64_t i, auto load, auto store) __attribute__((always_inline)) {
          V x = load(p + i), d = load(g + i);
          begin(x, d);
          const V v1 = rho * V(load(v + i)) + fresh * d * d, u0 = load(u + i);
          store(v1, v + i);
          d = sqrt(u0 + eps) / sqrt(v1 + eps) * d;
          store(rho * u0 + fresh * d * d, u + i);
          store(x - lr * d, p + i);
        });
  }
};

template <class T>
struct MixLoop {
  template <class A>
  GRADUS_INLINE static void run(const Mix* c, T* p, const T* g, T*, T*, T*, int64_t n) {
    using V = typename A::template vec<T>;
    const V weight(c->weight);
    each<V>(
        n, [&](int64_t i, auto load, auto store) __attribute__((always_inline)) {
          const V x = load(p + i), y = load(g + i);
          store(x + weight * (y - x), p + i);
        });
  }
};

void check_update(const TensorImpl& p, const TensorImpl* other) {
  check(!other || (other->contiguous && other->numel == p.numel && other->dtype == p.dtype),
        "optimizer: expected gradients and state like their parameter, got a parameter ", IntArrayRef(p.sizes), " of ",
        p.dtype);
}

// All parameters of type T laid end to end, cut into chunks of one size. Each begins at a multiple of `grain`, so that
// an element's place in its parameter alone decides whether a whole vector or the rest at the end computes it.
template <class T>
struct Layout {
  InlineVector<int64_t, 16> ends;
  int64_t total = 0;

  template <class C>
  explicit Layout(ArrayRef<Update<C>> updates) {
    constexpr int64_t grain = 64;
    for (const Update<C>& u : updates)
      ends.push_back(total += u.p->dtype == dtype_of<T> ? (u.p->numel + grain - 1) / grain * grain : 0);
  }
};

template <class K, class T, class C>
void run_all(ArrayRef<Update<C>> updates, const Layout<T>& layout) {
  constexpr int64_t chunk = 1 << 15;
  const auto& ends = layout.ends;
  const auto loop = simd::entry<K, const C*, T*, const T*, T*, T*, T*, int64_t>();
  parallel_for(layout.total, chunk, [&](int64_t begin, int64_t end) {
    auto i = static_cast<size_t>(std::upper_bound(ends.begin(), ends.end(), begin) - ends.begin());
    for (; begin < end; ++i) {
      const Update<C>& u = updates[i];
      const int64_t start = i > 0 ? ends[i - 1] : 0, from = begin - start;
      const int64_t n = std::min(end - start, u.p->numel) - from;
      auto at = [&](const TensorImpl* t) { return t ? reinterpret_cast<T*>(t->data()) + from : nullptr; };
      // A parameter of the other type takes no room: it ends where it begins.
      if (ends[i] > start) loop(&u.c, at(u.p), at(u.g), at(u.state[0]), at(u.state[1]), at(u.state[2]), n);
      begin = std::min(end, ends[i]);
    }
  });
}

// Takes its memory before it changes anything.
template <template <class> class K, class C>
void run_all(ArrayRef<Update<C>> updates) {
  const Layout<float> floats(updates);
  const Layout<double> doubles(updates);
  run_all<K<float>>(updates, floats);
  run_all<K<double>>(updates, doubles);
}

// The update of 16-bit floats on float32 copies, which `keep` holds; what it changes is to be copied back.
template <class C>
Update<C> widened_update(const Update<C>& u, std::vector<Intrusive<TensorImpl>>& keep) {
  auto wide = [&](const TensorImpl* t) -> const TensorImpl* {
    if (!t) return nullptr;
    auto storage = Storage::create(static_cast<size_t>(t->numel) * sizeof(float));
    keep.push_back(make_intrusive<TensorImpl>(std::move(storage), kFloat, t->sizes, t->strides, 0));
    copy(*keep.back(), *t);
    return keep.back().get();
  };
  Update<C> r = u;
  r.p = wide(u.p);
  r.g = wide(u.g);
  for (size_t i = 0; i < 3; ++i) r.state[i] = wide(u.state[i]);
  return r;
}

template <template <class> class K, class C>
void run_updates(ArrayRef<Update<C>> updates) {
  bool narrow = false;
  for (const Update<C>& u : updates) {
    check(is_floating(u.p->dtype) && u.p->contiguous, "optimizer: expected contiguous floating point parameters, got ",
          u.p->dtype);
    check_update(*u.p, u.g);
    for (const TensorImpl* s : u.state) check_update(*u.p, s);
    narrow = narrow || is_float16(u.p->dtype);
  }
  if (!narrow) return run_all<K>(updates);
  std::vector<Intrusive<TensorImpl>> keep;
  std::vector<Update<C>> wide;
  for (const Update<C>& u : updates) wide.push_back(is_float16(u.p->dtype) ? widened_update(u, keep) : u);
  run_all<K>(ArrayRef<Update<C>>(wide));
  for (size_t i = 0; i < wide.size(); ++i) {
    if (wide[i].p == updates[i].p) continue;
    copy(*updates[i].p, *wide[i].p);
    for (size_t k = 0; k < 3; ++k)
      if (wide[i].state[k]) copy(*updates[i].state[k], *wide[i].state[k]);
  }
}

}  // namespace

void sgd_step(ArrayRef<Update<Sgd>> updates) { run_updates<SgdLoop>(updates); }
void adam_step(ArrayRef<Update<Adam>> updates) { run_updates<AdamLoop>(updates); }
void rmsprop_step(ArrayRef<Update<RmsProp>> updates) { run_updates<RmsPropLoop>(updates); }
void nadam_step(ArrayRef<Update<NAdam>> updates) { run_updates<NAdamLoop>(updates); }
void radam_step(ArrayRef<Update<RAdam>> updates) { run_updates<RAdamLoop>(updates); }
void adamax_step(ArrayRef<Update<Adamax>> updates) { run_updates<AdamaxLoop>(updates); }
void adagrad_step(ArrayRef<Update<Adagrad>> updates) { run_updates<AdagradLoop>(updates); }
void adadelta_step(ArrayRef<Update<Adadelta>> updates) { run_updates<AdadeltaLoop>(updates); }

void mix(ArrayRef<Update<Mix>> updates) { run_updates<MixLoop>(updates); }

}  // namespace gradus::kernels
