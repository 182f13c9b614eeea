#include "gradus/data/glyphs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <vector>

#include "gradus/data/sample_stream.h"
#include "gradus/tensor/error.h"

namespace gradus::data {
namespace {

struct Point {
  double x, y;
};
// The control points of one smooth curve; strokes that share an end form a corner.
using Stroke = std::initializer_list<Point>;
using Glyph = std::initializer_list<Stroke>;

/// The ways in which people write each digit; x to the right, y down, both within -1 ... 1.
constexpr std::initializer_list<Glyph> kWaysToWrite[10] = {
    {{{{.1, -1}, {-.35, -.85}, {-.62, -.2}, {-.55, .5}, {-.1, 1}, {.4, .75}, {.62, .05}, {.45, -.7}, {.1, -1}}},
     {{{.2, -.9}, {-.3, -.95}, {-.6, -.3}, {-.5, .6}, {0, 1}, {.5, .6}, {.6, -.2}, {.3, -.85}, {-.05, -.98}}}},
    {{{{0, -1}, {0, 0}, {0, 1}}},
     {{{.02, -1}, {.03, -.3}, {-.02, .4}, {0, 1}}},
     {{{-.35, -.6}, {-.12, -.75}, {.05, -1}}, {{.05, -1}, {.04, 0}, {.02, 1}}},
     {{{-.35, -.65}, {0, -1}}, {{0, -1}, {0, .98}}, {{-.4, .98}, {0, .98}, {.42, .98}}}},
    {{{{-.55, -.55}, {-.35, -.92}, {.1, -1}, {.48, -.7}, {.38, -.2}, {-.05, .35}, {-.6, .95}},
      {{-.6, .95}, {-.2, .9}, {.2, .92}, {.65, .95}}},
     {{{-.5, -.65},
       {-.2, -.98},
       {.3, -.9},
       {.45, -.45},
       {.2, .1},
       {-.2, .65},
       {-.5, .92},
       {-.62, .7},
       {-.4, .55},
       {-.05, .72},
       {.3, .92},
       {.68, .75}}}},
    {{{{-.5, -.75}, {-.15, -1}, {.35, -.88}, {.42, -.45}, {.15, -.12}, {-.15, -.05}},
      {{-.15, -.05}, {.3, .05}, {.55, .45}, {.3, .9}, {-.15, 1}, {-.55, .78}}},
     {{{-.5, -.92}, {0, -.95}, {.45, -.92}},
      {{.45, -.92}, {.2, -.5}, {-.05, -.15}},
      {{-.05, -.15}, {.35, -.02}, {.55, .4}, {.3, .88}, {-.15, 1}, {-.55, .82}}},
     {{{-.45, -.85},
       {.1, -1},
       {.45, -.65},
       {.2, -.2},
       {-.05, -.08},
       {.1, -.05},
       {.5, .2},
       {.45, .75},
       {0, 1},
       {-.5, .85}}}},
    {{{{-.4, -.95}, {-.5, -.4}, {-.55, .05}}, {{-.55, .05}, {-.1, .1}, {.55, .02}}, {{.4, -.85}, {.32, 0}, {.28, 1}}},
     {{{.25, -1}, {-.15, -.4}, {-.6, .3}}, {{-.6, .3}, {0, .3}, {.65, .28}}, {{.25, -1}, {.25, 0}, {.22, 1}}},
     {{{-.45, -.8}, {-.52, -.25}, {-.35, .08}, {0, .08}, {.35, -.15}}, {{.45, -.9}, {.38, 0}, {.3, 1}}}},
    {{{{.5, -.95}, {.1, -.93}, {-.32, -.92}},
      {{-.32, -.92}, {-.36, -.5}, {-.42, -.12}},
      {{-.42, -.12}, {-.05, -.3}, {.4, -.1}, {.5, .4}, {.2, .88}, {-.2, 1}, {-.55, .82}}},
     {{{.55, -1}, {-.2, -.85}},
      {{-.2, -.85}, {-.45, -.2}},
      {{-.45, -.2}, {.1, -.15}, {.42, .25}, {.25, .75}, {-.15, .98}, {-.55, .95}}}},
    {{{{.35, -1},
       {-.1, -.7},
       {-.45, -.1},
       {-.5, .5},
       {-.15, .98},
       {.3, .85},
       {.46, .42},
       {.15, .08},
       {-.25, .22},
       {-.47, .6}}},
     {{{.05, -1}, {-.3, -.4}, {-.42, .3}, {-.25, .85}, {.15, .98}, {.45, .65}, {.3, .25}, {-.05, .3}, {-.3, .65}}}},
    {{{{-.55, -.88}, {0, -.92}, {.55, -.9}}, {{.55, -.9}, {.2, -.2}, {0, .4}, {-.1, 1}}},
     {{{-.6, -.85}, {0, -.9}, {.5, -.9}}, {{.5, -.9}, {.2, -.2}, {-.2, 1}}, {{-.3, .05}, {.05, .02}, {.45, 0}}},
     {{{-.58, -.6}, {-.52, -.9}}, {{-.52, -.9}, {.05, -.85}, {.55, -.92}}, {{.55, -.92}, {.3, -.3}, {.05, 1}}}},
    {{{{.38, -.72},
       {.05, -1},
       {-.35, -.8},
       {-.32, -.4},
       {.1, -.02},
       {.45, .42},
       {.35, .88},
       {-.05, 1},
       {-.42, .78},
       {-.35, .35},
       {.05, 0},
       {.38, -.38},
       {.38, -.72}}},
     {{{0, -.05}, {-.35, -.35}, {-.3, -.85}, {.05, -1}, {.36, -.8}, {.32, -.35}, {0, -.05}},
      {{0, -.05}, {-.42, .35}, {-.4, .8}, {0, 1}, {.42, .8}, {.42, .35}, {0, -.05}}}},
    {{{{.4, -.65}, {.1, -1}, {-.35, -.85}, {-.48, -.4}, {-.15, -.08}, {.25, -.3}, {.42, -.7}},
      {{.42, -.7}, {.38, .1}, {.28, 1}}},
     {{{.35, -.75}, {0, -1}, {-.4, -.75}, {-.35, -.25}, {.05, -.15}, {.38, -.5}, {.4, -.75}},
      {{.4, -.75}, {.42, .1}, {.25, .75}, {-.1, 1}, {-.42, .85}}},
     {{{.38, -.85}, {-.1, -.98}, {-.48, -.55}, {-.25, -.1}, {.2, -.25}, {.4, -.8}}, {{.4, -.8}, {.25, .2}, {-.05, 1}}}},
};

/// A point of the Catmull-Rom curve through the control points, `t` of the way from point i to the next.
Point on_curve(const Stroke& stroke, size_t i, double t) {
  const auto at = [&](int64_t k) {
    return stroke.begin()[static_cast<size_t>(std::clamp<int64_t>(k, 0, static_cast<int64_t>(stroke.size()) - 1))];
  };
  const auto k = static_cast<int64_t>(i);
  const auto blend = [t](double a, double b, double c, double d) {
    return b + t * ((c - a) + t * ((2 * a - 5 * b + 4 * c - d) + t * (3 * (b - c) + d - a))) / 2;
  };
  const Point a = at(k - 1), b = at(k), c = at(k + 1), d = at(k + 2);
  return {blend(a.x, b.x, c.x, d.x), blend(a.y, b.y, c.y, d.y)};
}

/// A smooth random displacement: random vectors on a 6 x 6 lattice under cubic B-splines (Simard, Steinkraus, Platt
/// 2003 blur noise on the pixels instead; moving the strokes keeps the pen's width).
class ElasticField {
 public:
  ElasticField(SampleStream& random, double deviation) {
    for (Point& push : lattice_) push = {random.normal(deviation * kGain), random.normal(deviation * kGain)};
  }

  Point operator()(Point p) const {
    const double u = (std::clamp(p.x, -1.2, 1.2) + 1.2) / 2.4 * 2.999,
                 v = (std::clamp(p.y, -1.2, 1.2) + 1.2) / 2.4 * 2.999;
    const auto column = static_cast<size_t>(u), row = static_cast<size_t>(v);
    const std::array<double, 4> across = weights(u - static_cast<double>(column));
    const std::array<double, 4> down = weights(v - static_cast<double>(row));
    Point sum = p;
    for (size_t j = 0; j < 4; ++j)
      for (size_t i = 0; i < 4; ++i) {
        const Point& push = lattice_[(row + j) * 6 + column + i];
        sum.x += down[j] * across[i] * push.x;
        sum.y += down[j] * across[i] * push.y;
      }
    return sum;
  }

 private:
  static constexpr double kGain = 2;  // the splines average neighbours, which about halves the deviation
  static std::array<double, 4> weights(double t) {
    const double s = 1 - t;
    return {s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6, t * t * t / 6};
  }
  std::array<Point, 36> lattice_;
};

struct Dot {
  Point at;
  double radius;
  bool starts_stroke;
};

/// The strokes of a glyph as a chain of close dots, bent elastically, then slanted, stretched and turned.
std::vector<Dot> write_by_hand(const Glyph& glyph, const DigitStyle& style, double radius, SampleStream& random) {
  constexpr int kSteps = 6;
  const ElasticField bend(random, style.elastic);
  const double angle = random.normal(style.rotation) * 0.017453292519943295, slant = 0.1 + random.normal(style.slant);
  const double width = 1.12 * std::exp(random.normal(style.stretch));
  std::vector<Dot> dots;
  for (const Stroke& stroke : glyph) {
    const double phase = random.uniform(0, 6.28), swell = random.normal(style.pressure / 2);
    for (size_t i = 0; i + 1 < stroke.size(); ++i)
      for (int step = i == 0 ? 0 : 1; step <= kSteps; ++step) {
        const Point p = bend(on_curve(stroke, i, step / double{kSteps}));
        const double x = width * p.x - slant * p.y, y = p.y;
        const double along = static_cast<double>(i) + step / double{kSteps};
        dots.push_back({{std::cos(angle) * x - std::sin(angle) * y, std::sin(angle) * x + std::cos(angle) * y},
                        radius * (1 + swell * std::sin(phase + along)),
                        i == 0 && step == 0});
      }
  }
  return dots;
}

/// Scales the longer side to `side` pixels and puts the centre of mass at `centre`, as was done for MNIST, but no dot
/// closer to the border than `margin`.
void place(std::vector<Dot>& dots, double side, Point centre, double margin) {
  Point low = dots[0].at, high = low, mass{0, 0};
  double length = 0;
  for (size_t i = 0; i < dots.size(); ++i) {
    const Point p = dots[i].at;
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    if (dots[i].starts_stroke) continue;
    const Point q = dots[i - 1].at;
    const double piece = std::hypot(p.x - q.x, p.y - q.y);
    mass = {mass.x + piece * (p.x + q.x) / 2, mass.y + piece * (p.y + q.y) / 2};
    length += piece;
  }
  const double scale = side / std::max(high.x - low.x, high.y - low.y);
  // Within the picture, however far the centre of mass lies from the middle of the box.
  const auto inside = [&](double offset, double first, double last) {
    return std::max(margin - scale * first, std::min(offset, kDigitSide - 1 - margin - scale * last));
  };
  const Point offset = {inside(centre.x - scale * mass.x / length, low.x, high.x),
                        inside(centre.y - scale * mass.y / length, low.y, high.y)};
  for (Dot& dot : dots) dot.at = {offset.x + scale * dot.at.x, offset.y + scale * dot.at.y};
}

/// Ink of the capsule between two dots: 1 within the pen's radius, fading over about a pixel.
void ink(const Dot& from, const Dot& to, std::array<float, kDigitSide * kDigitSide>& canvas) {
  constexpr double kSoft = 0.65;
  const double reach = std::max(from.radius, to.radius) + kSoft;
  const auto first = [&](double a, double b) {
    return std::max(0, static_cast<int>(std::floor(std::min(a, b) - reach)));
  };
  const auto last = [&](double a, double b) {
    return std::min(kDigitSide - 1, static_cast<int>(std::ceil(std::max(a, b) + reach)));
  };
  const double dx = to.at.x - from.at.x, dy = to.at.y - from.at.y, length2 = std::max(dx * dx + dy * dy, 1e-12);
  for (int row = first(from.at.y, to.at.y); row <= last(from.at.y, to.at.y); ++row)
    for (int column = first(from.at.x, to.at.x); column <= last(from.at.x, to.at.x); ++column) {
      const double px = column - from.at.x, py = row - from.at.y;
      const double t = std::clamp((px * dx + py * dy) / length2, 0.0, 1.0);
      const double distance = std::hypot(px - t * dx, py - t * dy);
      const double radius = from.radius + t * (to.radius - from.radius);
      const double s = std::clamp((radius + kSoft - distance) / (2 * kSoft), 0.0, 1.0);
      float& pixel = canvas[static_cast<size_t>(row * kDigitSide + column)];
      pixel = std::max(pixel, static_cast<float>(s * s * (3 - 2 * s)));
    }
}

}  // namespace

void draw_digit(int digit, uint64_t seed, uint64_t index, const DigitStyle& style, uint8_t* pixels) {
  check(digit >= 0 && digit <= 9, "draw_digit: a digit is 0 to 9, got ", digit);
  SampleStream random(seed, index);
  const std::initializer_list<Glyph> ways = kWaysToWrite[digit];
  const Glyph& glyph = ways.begin()[random.below(static_cast<int>(ways.size()))];
  const double radius = std::clamp(style.thickness / 2 * std::exp(random.normal(style.pressure)), 0.6, 4.0);
  std::vector<Dot> dots = write_by_hand(glyph, style, radius, random);
  const double margin = 1.6 * radius + 1.7, middle = (kDigitSide - 1) / 2.0;  // a swelling pen, its soft edge
  const double side = std::min((20 - 2 * radius) * std::exp(random.normal(style.size)), 2 * (middle - margin));
  const double x = middle + random.normal(style.shift), y = middle + random.normal(style.shift);
  place(dots, side, {x, y}, margin);

  std::array<float, kDigitSide * kDigitSide> canvas{};
  for (size_t i = 1; i < dots.size(); ++i)
    if (!dots[i].starts_stroke) ink(dots[i - 1], dots[i], canvas);
  for (size_t i = 0; i < canvas.size(); ++i) {
    const double value = style.noise > 0 ? canvas[i] + random.normal(style.noise) : canvas[i];
    pixels[i] = static_cast<uint8_t>(std::clamp(std::lround(value * 255), 0l, 255l));
  }
}

}  // namespace gradus::data
