// Handwritten digits drawn by a pen: strokes, distorted as hands distort them, rendered as MNIST's were.
#pragma once
#include <cstdint>

namespace gradus::data {

/// How much the hands differ; deviations of a normal distribution where nothing else is said.
struct DigitStyle {
  double rotation = 7;     ///< degrees
  double slant = 0.2;      ///< shear, horizontal by vertical; the mean is 0.1 to the right
  double stretch = 0.15;   ///< width against height, logarithmic
  double elastic = 0.125;  ///< smooth displacement, in half glyph heights
  double size = 0.04;      ///< of the 20 pixels that the longer side measures, relative
  double shift = 0.6;      ///< pixels
  double thickness = 2.7;  ///< mean width of the pen in pixels
  double pressure = 0.22;  ///< of the width, between hands; half of it along a stroke
  double noise = 0.02;     ///< added to every pixel, of full white
};

constexpr int kDigitSide = 28;

/// Draws `digit` (0 to 9) white on black into 28 x 28 bytes, row by row. Equal arguments give equal bytes.
void draw_digit(int digit, uint64_t seed, uint64_t index, const DigitStyle& style, uint8_t* pixels);

}  // namespace gradus::data
