// What the files of rows share: the notation of an expression, and patterns of operands. Included by rows_*.cpp alone.
#pragma once
#include "builder.h"

// An expression as its text and as a function.
#define EXPR(...) #__VA_ARGS__, [](const programs::Args& a) -> gradus::Tensor { return __VA_ARGS__; }
#define X(n) a.x(n)
#define I(n) a.i(n)
#define R(n) a.r(n)
#define F(n) (a.i(n) != 0)
#define L(n) a.l(n)
#define IX(n, m) a.index(n, m)
#define MK(n, m) a.mask(n, m)

namespace programs {

using Make = std::function<bool(Builder&)>;

/// One operand of any shape, with elements in [lo, hi].
inline Make one(double lo = -30, double hi = 30) {
  return [=](Builder& b) {
    const int v = b.within(b.pick(), lo, hi);
    return v >= 0 && b.step({v});
  };
}
/// Two that broadcast.
inline Make two(double lo1 = -30, double hi1 = 30, double lo2 = -30, double hi2 = 30) {
  return [=](Builder& b) {
    const int v = b.within(b.pick(), lo1, hi1);
    const int w = v < 0 ? v : b.partner(v, (std::max)(lo2, -2.0), (std::min)(hi2, 3.0));
    return v >= 0 && w >= 0 && (b.coin() || lo1 != lo2 || hi1 != hi2 ? b.step({v, w}) : b.step({w, v}));
  };
}
/// One, and a number.
inline Make with_number(double lo, double hi, double from, double to) {
  return [=](Builder& b) {
    const int v = b.within(b.pick(), lo, hi);
    return v >= 0 && b.step({v}, {}, {b.real(from, to)});
  };
}

}  // namespace programs
