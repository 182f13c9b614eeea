// Functions of torch::special, windows and what else makes tensors from numbers, matrices made of vectors, as
// parity_table_test.cpp compares them.
#include "parity_table.h"

namespace gradus::op_cases {

std::map<std::string, Case> special_function_cases() {
  using Function = Tensor (*)(const Tensor&);
  static const std::vector<Function> bessels = {i0, special_i0e, special_i1, special_i1e};
  return {
      {"bessel",
       [](auto d) {
         Tensors r;
         for (Function f : bessels) r.push_back(f(of(d, {0, -0.0, 0.5, -1, 3, -8, 19.9, 20.1, 60, nan})));
         return r;
       }},
      {"bessel_ends",
       [](auto d) {
         return Tensors{special_i0e(of(d, {inf, -inf})), special_i1e(of(d, {inf, -inf}))};
       }},
      {"bessel_grad",
       [](auto d) {
         Tensors r;
         for (Function f : bessels) r = r + grads(f, of(d, {0, 0.5, -1, 3, -8, 25}));
         return r;
       }},
      {"ndtr",
       [](auto d) {
         return Tensors{special_ndtr(of(d, {0, 1, -1, -5, 6, inf, -inf, nan})),
                        special_log_ndtr(of(d, {0, 1, -0.5, -1, -1.5, -12, 5, inf, -inf, nan})),
                        special_ndtri(of(d, {0, 1, 0.5, 1e-30, 1e-5, 0.1, 0.9, 0.99, -1, 2, nan})),
                        special_erfcx(of(d, {0, 1, -1, -4, 5, 9.9, 10.1, 1e5, inf, -inf, nan}))};
       }},
      {"ndtr_grad",
       [](auto d) {
         const Tensor x = of(d, {0, 1, -1, 2.5, -3});
         return grads(special_ndtr, x) + grads(special_log_ndtr, x) + grads(special_erfcx, x) +
                grads(special_ndtri, of(d, {0.001, 0.3, 0.5, 0.99}));
       }},
  };
}

std::map<std::string, Case> special_pair_cases() {
  return {
      {"entr",
       [](auto d) {
         return Tensors{special_entr(of(d, {0, 0.25, 1, 4, -1, nan, inf}))} +
                grads(special_entr, of(d, {0, 0.25, 1, 4}));
       }},
      {"xlog1py",
       [](auto d) {
         return Tensors{special_xlog1py(of(d, {0, 0, 0, 1, nan, 2}), of(d, {-1, inf, nan, 0.5, 1, 3})),
                        special_xlog1py(2, ramp({3}, d))};
       }},
      {"xlog1py_grad",
       [](auto d) {
         return grads([](auto& a, auto& b) { return special_xlog1py(a, b); }, of(d, {0, 0, 1, 2}),
                      of(d, {-1, 1, 0.5, -0.25}));
       }},
      {"zeta",
       [](auto d) {
         return Tensors{
             special_zeta(of(d, {2, 1, 0.5, 2, 2.5, 3, 2, nan, 40}), of(d, {1, 1, 1, -1, -1.5, -2.5, 0, 1, 0.5})),
             special_zeta(2.5, of(d, {0.25, 1, 3}))};
       }},
      {"zeta_grad",
       [](auto d) {
         return grads([](auto& q) { return special_zeta(2.5, q); }, of(d, {0.25, 1, 3}));
       }},
      {"mvlgamma",
       [](auto d) {
         return Tensors{mvlgamma(of(d, {0.5, 1.25, 2, 7}), 2), special_multigammaln(ramp({3}, d) + 9, 1)} +
                grads([](auto& x) { return mvlgamma(x, 3); }, of(d, {1.5, 4}));
       }},
      {"frexp",
       [](auto d) {
         return all(frexp(special(d))) + grads([](auto& x) { return std::get<0>(frexp(x)); }, of(d, {3, -0.25, 100}));
       }},
      {"gelu_",
       [](auto d) {
         Tensor x = special(d).slice(0, 3), y = ramp({5}, d);
         return Tensors{gelu_(x), gelu_(y, "tanh")};
       }},
  };
}

std::map<std::string, Case> creation_cases() {
  using Window = Tensor (*)(int64_t, bool, const TensorOptions&);
  static const std::vector<Window> windows = {hann_window, hamming_window, blackman_window, bartlett_window,
                                              kaiser_window};
  return {
      {"windows",
       [](auto d) {
         Tensors r;
         for (Window window : windows)
           for (int64_t n : {0, 1, 2, 7, 8})
             for (bool p : {true, false}) r.push_back(window(n, p, d));
         return r + Tensors{hamming_window(5, true, 0.5, 0.4, d), kaiser_window(5, false, 4.5, d)};
       }},
      {"logspace",
       [](auto d) {
         return Tensors{logspace(-1, 2, 7, 10, d), logspace(0, 3, 4, 2, kLong), logspace(1, 2, 1, 10, d),
                        logspace(0, 2, 5, -2, d),  logspace(1, 5, 0, 10, d),    logspace(3, -2.5, 6, 2, kLong)};
       }},
      {"range",
       [](auto d) {
         return Tensors{range(0, 3, d), range(3, -1.1, -0.5, d), range(-2, 5, 3, kLong), range(1, 1, d)};
       }},
      {"fill_diagonal",
       [](auto d) {
         Tensors r;
         for (const std::vector<int64_t>& s :
              std::vector<std::vector<int64_t>>{{3, 3}, {7, 3}, {8, 2}, {2, 5}, {0, 3}, {3, 3, 3}, {9, 1}})
           for (bool wrap : {false, true}) r.push_back(ramp(s, d).fill_diagonal_(9, wrap));
         r.push_back(ramp({2, 7}, d).t().fill_diagonal_(9));
         return r;
       }},
  };
}

std::map<std::string, Case> matrix_cases() {
  return {
      {"vander",
       [](auto d) {
         return Tensors{vander(ramp({4}, d)),    vander(ramp({3}, d), 5, true),    vander(ramp({3}, d), 0),
                        vander(ramp({2}, d), 1), vander(tensor({true, false}), 3), vander(tensor({2, -3}))};
       }},
      {"cov",
       [](auto d) {
         const Tensor x = ramp({2, 3}, d), a = of(d, {0.5, 1, 2});
         return Tensors{cov(ramp({3, 5}, d)),      cov(ramp({5}, d), 0),
                        cov(of(d, {3}).squeeze()), cov(x, 1, tensor({1, 0, 3})),
                        cov(x, 1, {}, a),          cov(x, 2, tensor({1, 2, 3}), a),
                        cov(tensor({1, 2, 3})),    cov(x, 5),
                        corrcoef(ramp({3, 5}, d)), corrcoef(ramp({5}, d))};
       }},
      {"cov_grad",
       [](auto d) {
         return grads([](auto& x) { return cov(x); }, ramp({2, 4}, d)) +
                grads([](auto& x) { return corrcoef(x); }, ramp({2, 4}, d));
       }},
      {"as_strided_",
       [](auto d) {
         return Tensors{ramp({3, 4}, d).as_strided_({2, 3}, {1, 4}, 1)} +
                grads(
                    [](auto& x) {
                      return (x * 2).as_strided_({3, 3}, {2, 3}, 1);
                    },
                    ramp({3, 4}, d));
       }},
  };
}

}  // namespace gradus::op_cases
