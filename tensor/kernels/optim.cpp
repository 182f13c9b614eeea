#include "gradus/tensor/kernels/optim.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "gradus/tensor/inline_vector.h"
#include "gradus/tensor/kernels/convert.h"
#include "gradus/tensor/kernels/simd.h"
#include "gradus/tensor/kernels/simd_math.h"
#include "gradus/tensor/parallel.h"

namespace gradus::kernels {
namespace {

// One load and store for whole vectors and for the rest at the end.
template <class V, class F>
GRADUS_INLINE void each(int64_t n, const F& f) {
  int64_t i = 0;
  for (; i + V::size <= n; i += V::size)
    f(
        i, [](const auto* p) { return V::load(p); }, [](const V& v, auto* p) { v.store(p); });
  if (i < n)
    f(
        i, [n = n - i](const auto* p) { return V::load(p, n); }, [n = n - i](const V& v, auto* p) { v.store(p, n); });
}

template <class T>
struct SgdLoop {
  template <class A>
  GRADUS_INLINE static void run(const Sgd* c, T* p, const T* g, T* buffer, T*, T*, int64_t n) {
    using V = typename A::template vec<T>;
    const V lr(c->lr), decay(c->weight_decay), momentum(c->momentum), fresh(1 - c->dampening);
    const bool decays = c->weight_decay != 0, first = c->first, nesterov = c->nesterov;
    each<V>(n, [&](int64_t i, auto load, auto store) {
      const V x = load(p + i);
      V d = load(g + i);
      if (decays) d = d + decay * x;
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
    const double step = static_cast<double>(c->step);
    const V scale(c->lr / (1 - std::pow(c->beta1, step))), root(std::sqrt(1 - std::pow(c->beta2, step)));
    const V fresh1(1 - c->beta1), beta2(c->beta2), fresh2(1 - c->beta2), eps(c->eps);
    const V decay(c->decoupled ? 1 - c->lr * c->weight_decay : c->weight_decay);
    const bool decays = c->weight_decay != 0, decoupled = c->decoupled;
    each<V>(n, [&](int64_t i, auto load, auto store) {
      V x = load(p + i), d = load(g + i);
      if (decays && decoupled) x = x * decay;
      if (decays && !decoupled) d = d + decay * x;
      const V m0 = load(m + i);
      const V m1 = m0 + fresh1 * (d - m0);
      const V v1 = beta2 * V(load(v + i)) + fresh2 * d * d;
      store(m1, m + i);
      store(v1, v + i);
      V bound = v1;
      if (w) {
        bound = maximum(V(load(w + i)), v1);
        store(bound, w + i);
      }
      store(x - scale * m1 / (sqrt(bound) / root + eps), p + i);
    });
  }
};

template <class T>
struct RmsPropLoop {
  template <class A>
  GRADUS_INLINE static void run(const RmsProp* c, T* p, const T* g, T* v, T* m, T* b, int64_t n) {
    using V = typename A::template vec<T>;
    const V lr(c->lr), alpha(c->alpha), fresh(1 - c->alpha), eps(c->eps), decay(c->weight_decay), momentum(c->momentum);
    const bool decays = c->weight_decay != 0;
    each<V>(n, [&](int64_t i, auto load, auto store) {
      const V x = load(p + i);
      V d = load(g + i);
      if (decays) d = d + decay * x;
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
    const V lr(c->lr), eps(c->eps), decay(c->weight_decay);
    const bool decays = c->weight_decay != 0;
    each<V>(n, [&](int64_t i, auto load, auto store) {
      const V x = load(p + i);
      V d = load(g + i);
      if (decays) d = d + decay * x;
      const V s1 = V(load(s + i)) + d * d;
      store(s1, s + i);
      store(x - lr * d / (sqrt(s1) + eps), p + i);
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
template <class T, class K, class C>
void run_all(ArrayRef<Update<C>> updates) {
  constexpr int64_t grain = 64, chunk = 1 << 15;
  InlineVector<int64_t, 16> ends;
  int64_t total = 0;
  for (const Update<C>& u : updates)
    ends.push_back(total += u.p->dtype == dtype_of<T> ? (u.p->numel + grain - 1) / grain * grain : 0);
  const auto loop = simd::entry<K, const C*, T*, const T*, T*, T*, T*, int64_t>();
  parallel_for(total, chunk, [&](int64_t begin, int64_t end) {
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

template <template <class> class K, class C>
void run_all(ArrayRef<Update<C>> updates) {
  bool floats = false, doubles = false;
  for (const Update<C>& u : updates) (u.p->dtype == kFloat ? floats : doubles) = true;
  if (floats) run_all<float, K<float>>(updates);
  if (doubles) run_all<double, K<double>>(updates);
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
void adagrad_step(ArrayRef<Update<Adagrad>> updates) { run_updates<AdagradLoop>(updates); }

}  // namespace gradus::kernels
