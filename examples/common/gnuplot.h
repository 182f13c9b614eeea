// The way to gnuplot: a program of its own, started without a shell, that reads a script and writes a picture.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace examples {

/// Runs `script`, whose picture goes to `path` in one piece: there is the whole file, or the one that was there before.
/// Throws gradus::Error with gnuplot's words when it fails, and says so when there is no gnuplot.
void run_gnuplot(const std::string& script, const std::filesystem::path& path);

/// `text` as a gnuplot string that shows exactly this text: no markup, no substitution.
std::string gnuplot_text(std::string_view text);

/// A number as gnuplot reads it; NaN and infinities are gaps.
std::string gnuplot_number(double value);

}  // namespace examples
