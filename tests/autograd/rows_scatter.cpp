#include <algorithm>
#include <cmath>

#include "naive.h"

using namespace gradus;

namespace table {
namespace {

using Arrays = std::vector<Array>;

int64_t whole(double v) { return static_cast<int64_t>(v); }

// x [3, 4] with all that meets in a place along dim 1, combined by f; index and src are [3, 6].
Reference reduced(std::function<double(const Numbers&)> f, bool include_self) {
  return [=](const Arrays& in) {
    Array y = in[0];
    for (int64_t i = 0; i < 3; ++i)
      for (int64_t k = 0; k < 4; ++k) {
        Numbers met;
        if (include_self) met.push_back(in[0].at(i * 4 + k));
        bool hit = false;
        for (int64_t j = 0; j < 6; ++j)
          if (whole(in[1].at(i * 6 + j)) == k) met.push_back(in[2].at(i * 6 + j)), hit = true;
        if (hit) y.at(i * 4 + k) = f(met);
      }
    return y;
  };
}

double total(const Numbers& v) { return std::accumulate(v.begin(), v.end(), 0.0); }
double product(const Numbers& v) { return std::accumulate(v.begin(), v.end(), 1.0, std::multiplies<>()); }
double average(const Numbers& v) { return total(v) / static_cast<double>(v.size()); }
double greatest(const Numbers& v) { return *std::max_element(v.begin(), v.end()); }
double least(const Numbers& v) { return *std::min_element(v.begin(), v.end()); }

Row scattered(const char* how, bool include_self, std::function<double(const Numbers&)> f) {
  Row r{"scatter_reduce",
        std::string(how) + (include_self ? "" : " without self"),
        [=](auto& x) { return scatter_reduce(x[0], 1, x[1], x[2], how, include_self); },
        {{{3, 4}}, {{3, 6}, 0, 4, Kind::index}, {{3, 6}}},
        reduced(std::move(f), include_self)};
  r.smooth = false;
  r.in_place = [=](auto& x) { return x[0].scatter_reduce_(1, x[1], x[2], how, include_self); };
  return r;
}

Row flat(Row r) {
  r.differentiable = false;
  for (Input& in : r.in)
    if (in.kind == Kind::real) in.kind = Kind::fixed;
  return r;
}

// The rows [n, 4] of a source combined with those of x [3, 4] that the index names.
Array rows_combined(Array x, const Array& index, const Array& src, const std::function<double(double, double)>& f) {
  for (size_t i = 0; i < index.v.size(); ++i)
    for (int64_t k = 0; k < 4; ++k) {
      double& to = x.at(whole(index.v[i]) * 4 + k);
      to = f(to, src.at(static_cast<int64_t>(i) * 4 + k));
    }
  return x;
}

std::vector<Row> reductions() {
  Row zero{"scatter_reduce",
           "prod with zeros",
           [](auto& x) {
             // One zero in the first row, two in the second, which are differentiated.
             const Tensor mask = tensor({1, 0, 1, 0, 1, 0}).reshape({2, 3}).to(x[1].scalar_type());
             return scatter_reduce(x[0], 1, zeros({2, 3}, kLong), x[1] * mask, "prod");
           },
           {{{2, 1}}, {{2, 3}}},
           [](const Arrays&) {
             return Array{{2, 1}, {0, 0}};
           }};
  Row index_reduced{"index_reduce",
                    "",
                    [](auto& x) { return index_reduce(x[0], 1, x[1], x[2], "amax"); },
                    {{{3, 4}}, {{5}, 0, 4, Kind::index}, {{3, 5}}},
                    [](const Arrays& in) {
                      Array y = in[0];
                      for (int64_t i = 0; i < 3; ++i)
                        for (int64_t k = 0; k < 5; ++k) {
                          double& to = y.at(i * 4 + whole(in[1].at(k)));
                          to = std::max(to, in[2].at(i * 5 + k));
                        }
                      return y;
                    }};
  index_reduced.smooth = false;
  index_reduced.in_place = [](auto& x) { return x[0].index_reduce_(1, x[1], x[2], "amax"); };
  return {
      scattered("sum", true, total),
      scattered("sum", false, total),
      scattered("prod", true, product),
      scattered("prod", false, product),
      scattered("mean", true, average),
      scattered("mean", false, average),
      scattered("amax", true, greatest),
      scattered("amax", false, greatest),
      scattered("amin", true, least),
      scattered("amin", false, least),
      zero,
      index_reduced,
      flat(Row{"scatter",
               "multiply",
               [](auto& x) { return scatter(x[0], 1, x[1], x[2], "multiply"); },
               {{{3, 4}}, {{3, 6}, 0, 4, Kind::index}, {{3, 6}}},
               reduced(product, true)}),
      flat(Row{"scatter",
               "add a number",
               [](auto& x) { return x[0].scatter(1, x[1], 0.5, "add"); },
               {{{3, 4}}, {{3, 6}, 0, 4, Kind::index}},
               [](const Arrays& in) {
                 return reduced(total, true)({in[0], in[1], Array{{3, 6}, Numbers(18, 0.5)}});
               }}),
  };
}

std::vector<Row> replacements() {
  Row copy{"index_copy",
           "",
           [](auto& x) {
             return index_copy(x[0], 0, tensor({2, 0}), x[1]);
           },
           {{{3, 4}}, {{2, 4}}},
           [](const Arrays& in) {
             return rows_combined(in[0], Array{{2}, {2, 0}}, in[1], [](double, double b) { return b; });
           }};
  copy.in_place = [](auto& x) { return x[0].index_copy_(0, tensor({2, 0}), x[1]); };
  Row fill{"index_fill",
           "",
           [](auto& x) { return index_fill(x[0], 0, x[1], 0.25); },
           {{{3, 4}}, {{2}, -3, 3, Kind::index}},
           [](const Arrays& in) {
             Array i = in[1];
             for (double& v : i.v) v += v < 0 ? 3 : 0;
             return rows_combined(in[0], i, Array{{2, 4}, Numbers(8, 0.25)}, [](double, double b) { return b; });
           }};
  fill.in_place = [](auto& x) { return x[0].index_fill_(0, x[1], 0.25); };
  Row fill_tensor{"index_fill",
                  "tensor",
                  [](auto& x) { return index_fill(x[0], 0, tensor({1}), x[1]); },
                  {{{3, 4}}, {{}}},
                  [](const Arrays& in) {
                    return rows_combined(in[0], Array{{1}, {1}}, Array{{1, 4}, Numbers(4, in[1].at(0))},
                                         [](double, double b) { return b; });
                  }};
  Row put_flat{"put",
               "",
               [](auto& x) {
                 return put(x[0], tensor({-1, 3}), x[1]);
               },
               {{{3, 4}}, {{2}}},
               [](const Arrays& in) {
                 Array y = in[0];
                 y.at(11) = in[1].at(0);
                 y.at(3) = in[1].at(1);
                 return y;
               }};
  put_flat.in_place = [](auto& x) { return x[0].put_(tensor({-1, 3}), x[1]); };
  Row put_added{"put",
                "accumulate",
                [](auto& x) { return x[0].put(x[1], x[2], true); },
                {{{3, 4}}, {{9}, 0, 12, Kind::index}, {{9}}},
                [](const Arrays& in) {
                  Array y = in[0];
                  for (int64_t i = 0; i < 9; ++i) y.at(whole(in[1].at(i))) += in[2].at(i);
                  return y;
                }};
  Row masked{"masked_scatter",
             "",
             [](auto& x) { return masked_scatter(x[0], x[1], x[2]); },
             {{{3, 4}}, {{3, 4}, -1, 1, Kind::mask}, {{13}}},
             [](const Arrays& in) {
               Array y = in[0];
               int64_t k = 0;
               for (int64_t i = 0; i < 12; ++i)
                 if (in[1].at(i) != 0) y.at(i) = in[2].at(k++);
               return y;
             }};
  masked.in_place = [](auto& x) { return x[0].masked_scatter_(x[1], x[2]); };
  Row filled{"masked_fill",
             "tensor, in place",
             [](auto& x) { return x[0].masked_fill(x[1], x[2]); },
             {{{3, 4}}, {{3, 4}, -1, 1, Kind::mask}, {{}}},
             [](const Arrays& in) {
               Array y = in[0];
               for (int64_t i = 0; i < 12; ++i)
                 if (in[1].at(i) != 0) y.at(i) = in[2].at(0);
               return y;
             }};
  filled.in_place = [](auto& x) { return x[0].masked_fill_(x[1], x[2]); };
  return {copy, fill, fill_tensor, put_flat, put_added, masked, filled};
}

std::vector<Row> picks() {
  Row sorted{"msort", "", [](auto& x) { return msort(x[0].t()).t(); }, {{{2, 5}}}, by_line(1, [](Numbers v) {
               std::sort(v.begin(), v.end());
               return v;
             })};
  sorted.smooth = false;
  return {
      sorted,
      {"take_along_dim",
       "",
       [](auto& x) { return take_along_dim(x[0], x[1], 1); },
       {{{3, 4}}, {{1, 5}, 0, 4, Kind::index}},
       [](const Arrays& in) {
         Array y{{3, 5}, {}};
         for (int64_t i = 0; i < 3; ++i)
           for (double k : in[1].v) y.v.push_back(in[0].at(i * 4 + whole(k)));
         return y;
       }},
      {"take_along_dim",
       "flat",
       [](auto& x) { return x[0].take_along_dim(x[1]); },
       {{{3, 4}}, {{5}, 0, 12, Kind::index}},
       [](const Arrays& in) {
         Array y{{5}, {}};
         for (double k : in[1].v) y.v.push_back(in[0].at(whole(k)));
         return y;
       }},
      flat({"argwhere",
            "",
            [](auto& x) { return argwhere(x[0]); },
            {{{3, 4}, -1, 1, Kind::mask}},
            [](const Arrays& in) {
              Array y{{0, 2}, {}};
              for (int64_t i = 0; i < 12; ++i)
                if (in[0].at(i) != 0) {
                  y.v.insert(y.v.end(), {static_cast<double>(i / 4), static_cast<double>(i % 4)});
                  ++y.shape[0];
                }
              return y;
            }}),
  };
}

}  // namespace

std::vector<Row> scatter_rows() {
  std::vector<Row> all;
  for (auto* family : {reductions, replacements, picks}) {
    std::vector<Row> rows = family();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

}  // namespace table
