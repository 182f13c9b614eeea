#include "gradus/examples/common/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdarg>
#include <cstdlib>
#include <string_view>

namespace examples {
namespace {

[[gnu::format(printf, 1, 2)]] std::string print(const char* format, ...) {
  char buffer[256];
  va_list arguments;
  va_start(arguments, format);
  const int n = std::vsnprintf(buffer, sizeof buffer, format, arguments);
  va_end(arguments);
  return std::string(buffer, std::clamp<int>(n, 0, sizeof buffer - 1));
}

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value && *value;
}

bool is_terminal(std::FILE* out) {
  const char* kind = std::getenv("TERM");
  return isatty(fileno(out)) && kind && std::string_view(kind) != "dumb";
}

int columns(std::FILE* out) {
  winsize size = {};
  return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// 1234567 as 1,234,567.
std::string grouped(double value) {
  std::string digits = print("%.0f", value);
  for (int64_t i = static_cast<int64_t>(digits.size()) - 3; i > 0; i -= 3) digits.insert(static_cast<size_t>(i), ",");
  return digits;
}

}  // namespace

std::string clock_text(double seconds) {
  const auto s = static_cast<long long>(std::max(0.0, std::min(seconds, 1e9)) + 0.5);
  if (s < 3600) return print("%lld:%02lld", s / 60, s % 60);
  return print("%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
}

Progress::Progress(std::string title, int64_t total, std::string items, std::FILE* out, double interval)
    : title_(std::move(title)),
      items_(std::move(items)),
      out_(out),
      total_(total),
      interval_(interval),
      live_(is_terminal(out)),
      colour_(live_ && !is_set("NO_COLOR")),
      begin_(Clock::now()),
      shown_(begin_) {}

double Progress::speed() const {
  const double seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
  return seconds > 0 ? static_cast<double>(done_ - first_) / seconds : 0;
}

void Progress::restart_at(int64_t done) {
  first_ = done_ = done;
  begin_ = Clock::now();
}

void Progress::update(int64_t done, const Figures& figures) {
  done_ = done;
  const auto now = Clock::now();
  if (std::chrono::duration<double>(now - shown_).count() < (live_ ? 0.1 : interval_)) return;
  shown_ = now;
  draw(parts(figures, false), false);
}

void Progress::finish(const Figures& figures, const std::string& note) {
  auto all = parts(figures, true);
  if (!note.empty()) all.push_back(note);
  draw(all, true);
}

std::vector<std::string> Progress::parts(const Figures& figures, bool last) const {
  std::vector<std::string> parts;
  if (!std::isnan(figures.loss)) parts.push_back(print("loss %.4f", figures.loss));
  if (!std::isnan(figures.accuracy)) parts.push_back(print("accuracy %.2f %%", 100 * figures.accuracy));
  if (!std::isnan(figures.rate)) parts.push_back(print("lr %.2e", figures.rate));
  const double items_per_second = speed();
  parts.push_back(grouped(items_per_second) + " " + items_ + "/s");
  if (last) {
    parts.push_back(clock_text(std::chrono::duration<double>(Clock::now() - begin_).count()));
  } else if (items_per_second > 0) {
    parts.push_back(clock_text(static_cast<double>(total_ - done_) / items_per_second) + " left");
  }
  return parts;
}

std::string Progress::bar(int width) const {
  const double part = total_ > 0 ? std::clamp(static_cast<double>(done_) / static_cast<double>(total_), 0.0, 1.0) : 1;
  const int full = static_cast<int>(part * width);
  std::string drawn = colour_ ? "\033[36m" : "";
  for (int i = 0; i < width; ++i) {
    if (i == full && colour_) drawn += "\033[90m";
    drawn += i < full ? "━" : colour_ ? "━" : "─";
  }
  return drawn + (colour_ ? "\033[0m" : "");
}

void Progress::draw(const std::vector<std::string>& parts, bool last) {
  const std::string share = print("%3d %%", total_ > 0 ? static_cast<int>(100 * done_ / total_) : 100);
  std::string text;
  if (!live_ || last) {
    // A line that stays: it may wrap, and needs no bar.
    for (const auto& part : parts) text += "  " + part;
    std::fprintf(out_, "%s%s%s%s\n", live_ ? "\r\033[K" : "", title_.c_str(), live_ ? "" : ("  " + share).c_str(),
                 text.c_str());
  } else {
    // A full last column would wrap, and the next rewrite would leave a copy behind; so would the ^C of an
    // interruption.
    int room = columns(out_) - 3 - static_cast<int>(title_.size() + 1 + share.size());
    for (const auto& part : parts) {
      if (static_cast<int>(part.size()) + 2 > room) break;
      text += "  " + part;
      room -= static_cast<int>(part.size()) + 2;
    }
    const std::string drawn = room > 8 ? bar(std::min(room - 1, 30)) + " " : "";
    std::fprintf(out_, "\r\033[K%s %s%s%s", title_.c_str(), drawn.c_str(), share.c_str(), text.c_str());
  }
  std::fflush(out_);
}

}  // namespace examples
