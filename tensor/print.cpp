#include "gradus/tensor/print.h"

#include <array>
#include <charconv>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <numeric>

#include "gradus/tensor/kernels/doubles.h"

namespace gradus {
namespace {

using Numbers = ArrayRef<double>;

// How all elements of a vector or matrix are written: divided by `scale`, in fields of `width`.
struct Format {
  enum class Style { general, fixed, scientific };
  Style style = Style::general;
  double scale = 1;
  int width = 0;
};

// Digits before the point of the smallest and of the greatest finite magnitude; 1 for zero.
std::array<double, 2> digits(Numbers v) {
  double least = INFINITY, most = -INFINITY;
  for (const double x : v)
    if (std::isfinite(x)) {
      least = std::min(least, std::fabs(x));
      most = std::max(most, std::fabs(x));
    }
  auto count = [](double x) { return x == 0 || !std::isfinite(x) ? 1 : std::floor(std::log10(x)) + 1; };
  return {count(least), count(most)};
}

Format choose_format(Numbers v) {
  bool whole = true;
  for (const double x : v) whole = whole && (!std::isfinite(x) || x == std::ceil(x));
  const auto [least, most] = digits(v);
  using enum Format::Style;
  if (whole) return most > 9 ? Format{scientific, 1, 11} : Format{general, 1, static_cast<int>(most) + 1};
  if (most - least > 4) return {scientific, 1, std::fabs(most) > 99 || std::fabs(least) > 99 ? 12 : 11};
  if (most > 5 || most < 0) return {fixed, std::pow(10, most - 1), 7};
  return {fixed, 1, most == 0 ? 7 : static_cast<int>(most) + 6};
}

// As std::format's {}: the shortest digits that read back as x.
std::string shortest(double x) {
  std::array<char, 64> text;
  auto write = [&](std::chars_format f) {
    return std::string_view(text.begin(), std::to_chars(text.begin(), text.end(), x, f).ptr);
  };
  const std::string_view s = write(std::chars_format::scientific);
  const size_t e = s.find('e');
  if (e == s.npos) return std::string(s);  // nan, inf
  int exponent = 0;
  std::from_chars(s.begin() + e + (s[e + 1] == '+' ? 2 : 1), s.end(), exponent);
  return std::string(exponent < -4 || exponent >= 16 ? s : write(std::chars_format::fixed));
}

class Printer {
 public:
  explicit Printer(int64_t linesize) : linesize_(linesize) { out_.imbue(std::locale::classic()); }

  void vector(Numbers v) {
    const Format f = choose_format(v);
    if (f.scale != 1) scale(f);
    set(f);
    for (const double x : v) out_ << std::setw(f.width) << x / f.scale << '\n';
  }

  void matrix(Numbers v, int64_t rows, int64_t columns, int64_t indent) {
    const Format f = choose_format(v);
    const std::string margin(static_cast<size_t>(indent), ' ');
    const int64_t fit = std::max<int64_t>(1, (linesize_ - indent) / (f.width + 1));
    for (int64_t first = 0; first < columns; first += fit) {
      const int64_t last = std::min(first + fit, columns) - 1;
      // No line break after the heading: neither does LibTorch write one.
      if (fit < columns) out_ << (first ? "\n" : "") << "Columns " << first + 1 << " to " << last + 1 << margin;
      if (f.scale != 1) {
        scale(f);
        out_ << margin;
      }
      set(f);
      for (int64_t i = 0; i < rows; ++i) {
        if (i) out_ << margin << (f.scale != 1 ? " " : "");
        for (int64_t j = first; j <= last; ++j)
          out_ << std::setw(f.width) << v[static_cast<size_t>(i * columns + j)] / f.scale << (j < last ? ' ' : '\n');
      }
    }
  }

  // Matrix by matrix; the first index runs fastest.
  void blocks(Numbers v, IntArrayRef sizes) {
    const size_t lead = sizes.size() - 2;
    const int64_t rows = sizes[lead], columns = sizes[lead + 1], n = rows * columns;
    std::vector<int64_t> at(lead, 0);
    for (bool more = true; more;) {
      out_ << (std::all_of(at.begin(), at.end(), [](int64_t i) { return i == 0; }) ? "(" : "\n(");
      int64_t block = 0;
      for (size_t d = 0; d < lead; ++d) {
        out_ << at[d] + 1 << ",";
        block = block * sizes[d] + at[d];
      }
      out_ << ".,.) = \n";
      matrix(v.slice(static_cast<size_t>(block * n), static_cast<size_t>(n)), rows, columns, 1);
      more = false;
      for (size_t d = 0; d < lead && !more; ++d) {
        more = ++at[d] < sizes[d];
        if (!more) at[d] = 0;
      }
    }
  }

  void tensor(const Tensor& t) {
    const std::vector<double> v = kernels::doubles(*t.unsafeGetTensorImpl());
    if (t.dim() == 0)
      out_ << shortest(v[0]) << '\n';
    else if (!v.empty() && t.dim() == 1)
      vector(v);
    else if (!v.empty() && t.dim() == 2)
      matrix(v, t.size(0), t.size(1), 0);
    else if (!v.empty())
      blocks(v, t.sizes());
    out_ << "[ " << t.toString() << "{";
    for (size_t d = 0; d < t.sizes().size(); ++d) out_ << (d ? "," : "") << t.sizes()[d];
    out_ << "} ]";
  }

  std::string text() && { return std::move(out_).str(); }

 private:
  void set(const Format& f) {
    out_.unsetf(std::ios::floatfield);
    if (f.style != Format::Style::general)
      out_.setf(f.style == Format::Style::fixed ? std::ios::fixed : std::ios::scientific, std::ios::floatfield);
    out_.precision(f.style == Format::Style::general ? 6 : 4);
  }
  void scale(const Format& f) { out_ << shortest(f.scale) << " *\n"; }

  std::ostringstream out_;
  int64_t linesize_;
};

}  // namespace

std::ostream& print(std::ostream& out, const Tensor& t, int64_t linesize) {
  std::string text = "[ Tensor (undefined) ]";
  if (t.defined()) {
    Printer p(linesize);
    p.tensor(t);
    text = std::move(p).text();
  }
  // Unformatted: a field width that the program has set waits for what it was meant for.
  return out.write(text.c_str(), static_cast<std::streamsize>(text.size()));
}

void print(const Tensor& t, int64_t linesize) { print(std::cout, t, linesize); }

std::ostream& operator<<(std::ostream& out, const Tensor& t) { return print(out, t, 80); }

std::string Tensor::toString() const {
  return defined() ? str("CPU", gradus::name(scalar_type()), "Type") : "UndefinedType";
}

void Tensor::print() const {
  if (!defined())
    std::cout << "[UndefinedTensor]\n";
  else
    std::cout << "[" << toString() << " " << sizes() << "]\n";
}

}  // namespace gradus
