// Einstein's sums. Every operand gets all letters as dimensions, in one order: those of the result, then those summed.
// Pairs are contracted as batches of matrix products until one operand is left.
#include <algorithm>
#include <array>
#include <cctype>

#include "gradus/autograd/ops/ops.h"
#include "gradus/autograd/ops/products.h"
#include "gradus/tensor/factories.h"

namespace gradus {
namespace {

constexpr int ellipsis = 52;  // a letter's number is below; dimensions of the ellipsis follow it
using Labels = std::vector<int>;

int number_of(char c) { return std::isupper(static_cast<unsigned char>(c)) ? c - 'A' : c - 'a' + 26; }

// The labels of one operand, or of the result (`what`).
Labels parse(std::string_view text, const std::string& what) {
  Labels r;
  bool dots = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ') continue;
    if (c == '.') {
      check(!dots, "einsum(): found '.' for ", what, " for which an ellipsis was already found");
      check(text.substr(i, 3) == "...", "einsum(): found '.' for ", what, " that is not part of any ellipsis");
      dots = true;
      i += 2;
      r.push_back(ellipsis);
      continue;
    }
    check(std::isalpha(static_cast<unsigned char>(c)), "einsum(): invalid subscript given at index ", i,
          " in the equation string, subscripts must be in [a-zA-Z]");
    r.push_back(number_of(c));
  }
  return r;
}

struct Equation {
  std::vector<Labels> operands;
  Labels result;
  bool arrow = false;

  explicit Equation(std::string_view text) {
    const size_t at = text.find("->");
    std::string_view left = text.substr(0, at);
    arrow = at != text.npos;
    for (size_t from = 0; from <= left.size();) {
      const size_t comma = std::min(left.find(',', from), left.size());
      operands.push_back(parse(left.substr(from, comma - from), "operand " + std::to_string(operands.size())));
      from = comma + 1;
    }
    if (arrow) result = parse(text.substr(at + 2), "the output");
  }
};

// Which dimension each label has, and how often it occurs.
struct Plan {
  std::array<int64_t, ellipsis + 1> dim{}, uses{};
  int64_t dots = 0, kept = 0, all = 0;  // dimensions of the ellipsis, of the result, of the operands
};

void count_uses(Plan& p, const Equation& e, TensorList xs) {
  check(e.operands.size() == xs.size(),
        e.operands.size() < xs.size() ? "einsum(): fewer subscripts in the equation than operands were provided, got "
                                      : "einsum(): more operands were provided in the equation than operands, got ",
        e.operands.size(), " and ", xs.size());
  for (size_t i = 0; i < xs.size(); ++i) {
    const bool dotted = std::count(e.operands[i].begin(), e.operands[i].end(), ellipsis) > 0;
    const auto named = static_cast<int64_t>(e.operands[i].size()) - dotted;
    check(dotted ? named <= xs[i].dim() : named == xs[i].dim(), "einsum(): the number of subscripts in the equation (",
          named, dotted ? ") is more than the number of dimensions (" : ") does not match the number of dimensions (",
          xs[i].dim(), ") for operand ", i, dotted ? "" : " and no ellipsis was given");
    if (dotted) p.dots = std::max(p.dots, xs[i].dim() - named);
    for (int label : e.operands[i]) ++p.uses[static_cast<size_t>(label)];
  }
}

Plan plan(const Equation& e, TensorList xs) {
  Plan p;
  p.dim.fill(-1);
  count_uses(p, e, xs);
  auto place = [&](int label) {
    p.dim[static_cast<size_t>(label)] = p.all;
    p.all += label == ellipsis ? p.dots : 1;
  };
  if (e.arrow) {
    for (int label : e.result) {
      const auto l = static_cast<size_t>(label);
      check(label == ellipsis || p.dim[l] == -1, "einsum(): output subscript ", label,
            " appears more than once in the output");
      check(label == ellipsis || p.uses[l] > 0, "einsum(): output subscript ", label,
            " does not appear in the equation for any input operand");
      place(label);
    }
  } else {
    if (p.uses[ellipsis] > 0) place(ellipsis);
    for (int label = 0; label < ellipsis; ++label)
      if (p.uses[static_cast<size_t>(label)] == 1) place(label);
  }
  p.kept = p.all;
  for (int label = 0; label <= ellipsis; ++label)
    if (p.uses[static_cast<size_t>(label)] > 0 && p.dim[static_cast<size_t>(label)] == -1) place(label);
  return p;
}

// x with all dimensions of the plan, those it lacks with size 1; a letter that it has twice as the diagonal.
Tensor aligned(Tensor x, const Labels& labels, const Plan& p, size_t nr) {
  Sizes order(static_cast<size_t>(p.all), -1);  // which dimension of x comes where
  int64_t d = 0;
  const auto named = static_cast<int64_t>(labels.size()) - std::count(labels.begin(), labels.end(), ellipsis);
  const int64_t own_dots = x.dim() - named;
  for (int label : labels) {
    int64_t to = p.dim[static_cast<size_t>(label)];
    if (label == ellipsis) {
      for (int64_t k = 0; k < own_dots; ++k) order[static_cast<size_t>(to + p.dots - own_dots + k)] = d++;
      continue;
    }
    int64_t& at = order[static_cast<size_t>(to)];
    if (at == -1) {
      at = d++;
      continue;
    }
    check(x.size(at) == x.size(d), "einsum(): subscript is repeated for operand ", nr, " but the sizes don't match, ",
          x.size(d), " != ", x.size(at));
    x = movedim(diagonal(x, 0, at, d), -1, at);
  }
  Sizes dims;
  for (int64_t o : order)
    if (o != -1) dims.push_back(o);
  x = permute(x, dims);
  for (size_t i = 0; i < order.size(); ++i)
    if (order[i] == -1) x = unsqueeze(x, static_cast<int64_t>(i));
  return x;
}

int64_t product_of(const Tensor& x, const Sizes& dims) {
  int64_t n = 1;
  for (int64_t d : dims) n *= x.size(d);
  return n;
}

Sizes joined(std::initializer_list<const Sizes*> lists) {
  Sizes r;
  for (const Sizes* l : lists)
    for (int64_t d : *l) r.push_back(d);
  return r;
}

// Sum over `dims` of a b, whose dimensions correspond: one batch of matrix products. Summed dimensions stay with
// size 1.
Tensor contract(Tensor a, Tensor b, const Sizes& dims) {
  Sizes batch, left, right, inner;
  for (int64_t d = 0; d < a.dim(); ++d) {
    const bool in_a = a.size(d) != 1, in_b = b.size(d) != 1;
    const bool summed = std::find(dims.begin(), dims.end(), d) != dims.end();
    check(!in_a || !in_b || a.size(d) == b.size(d),
          "einsum(): operands do not broadcast with remapped shapes "
          "[original->remapped]: ",
          a.sizes(), " and ", b.sizes());
    if (!summed) {
      (in_a && in_b ? batch : in_a ? left : right).push_back(d);
    } else if (in_a && in_b) {
      inner.push_back(d);
    } else if (in_a) {
      a = sum(a, d, true);
    } else if (in_b) {
      b = sum(b, d, true);
    }
  }
  Sizes gone = inner;
  for (int64_t d : dims)
    if (std::find(inner.begin(), inner.end(), d) == inner.end()) gone.push_back(d);
  const int64_t n = product_of(a, batch), rows = product_of(a, left), k = product_of(a, inner),
                columns = product_of(b, right);
  if (inner.empty()) return mul(a, b);
  if (rows * columns == 1) return sum(mul(a, b), IntArrayRef(inner), true);
  const Tensor x = reshape(permute(a, joined({&batch, &left, &gone, &right})), {n, rows, k});
  const Tensor y = reshape(permute(b, joined({&batch, &gone, &right, &left})), {n, k, columns});
  Sizes sizes, order = joined({&batch, &left, &right, &gone}), back(order.size(), 0);
  for (int64_t d : batch) sizes.push_back(a.size(d));
  for (int64_t d : left) sizes.push_back(a.size(d));
  for (int64_t d : right) sizes.push_back(b.size(d));
  for (size_t i = 0; i < gone.size(); ++i) sizes.push_back(1);
  for (size_t i = 0; i < order.size(); ++i) back[static_cast<size_t>(order[i])] = static_cast<int64_t>(i);
  return permute(reshape(bmm(x, y), sizes), back);
}

// Dimensions to be summed that only these two of the operands still have.
Sizes finished(const std::vector<Tensor>& xs, size_t i, size_t j, int64_t kept) {
  Sizes dims;
  for (int64_t d = kept; d < xs[0].dim(); ++d) {
    bool elsewhere = false;
    for (size_t k = 0; k < xs.size(); ++k) elsewhere |= k != i && k != j && xs[k].size(d) != 1;
    if (!elsewhere) dims.push_back(d);
  }
  return dims;
}

}  // namespace

Tensor einsum(std::string_view equation, TensorList operands, OptionalIntArrayRef path) {
  check(!operands.empty(), "einsum(): must provide at least one operand");
  for (const Tensor& x : operands) check(x.defined(), "einsum(): expected tensors, but got an undefined one");
  const Equation e(equation);
  const Plan p = plan(e, operands);
  std::vector<Tensor> xs;
  for (size_t i = 0; i < operands.size(); ++i) xs.push_back(aligned(operands[i], e.operands[i], p, i));
  check(!path || path.value().size() == 2 * (xs.size() - 1) || xs.size() == 1,
        "einsum(): expected contraction path given in path parameter to have size ", 2 * (xs.size() - 1), ", got ",
        path ? path.value().size() : 0);
  for (size_t step = 0; xs.size() > 1; ++step) {
    auto at = [&](size_t k) { return path ? static_cast<size_t>(path.value()[2 * step + k]) : k; };
    const size_t i = std::min(at(0), at(1)), j = std::max(at(0), at(1));
    check(i != j && j < xs.size(),
          "einsum(): cannot contract an operand with itself or with one that is not there: ", i, " and ", j);
    const Tensor y = contract(xs[i], xs[j], finished(xs, i, j, p.kept));
    xs.erase(xs.begin() + static_cast<int64_t>(j));
    xs.erase(xs.begin() + static_cast<int64_t>(i));
    // Without a path from left to right: the result is the first operand of the next step.
    path ? xs.push_back(y) : static_cast<void>(xs.insert(xs.begin(), y));
  }
  Tensor y = xs[0];
  Sizes rest;
  for (int64_t d = p.kept; d < y.dim(); ++d) rest.push_back(d);
  bool summed = false;
  for (int64_t d : rest) summed |= y.size(d) != 1;
  if (rest.empty()) return y;
  return summed ? sum(y, IntArrayRef(rest)) : squeeze(y, IntArrayRef(rest));
}

}  // namespace gradus
