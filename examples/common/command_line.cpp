#include "gradus/examples/common/command_line.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "gradus/examples/common/interrupt.h"
#include "gradus/tensor/parallel.h"

namespace examples {

struct CommandLine::Parser {
  CLI::App app;
  explicit Parser(const std::string& about, const std::string& name) : app(about, name) {}
};

namespace {

// Help names a value by one word, and leaves out the range, which is said when it is exceeded.
template <class Number>
void limit(CLI::Option* option, Number least, Number most) {
  option->check(CLI::Range(least, most).description(""))->type_name("N")->capture_default_str();
}

CLI::Validator is_folder() {
  const auto test = [](const std::string& path) {
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored)
               ? std::string()
               : "there is no folder " + path + " (--data names it, else the environment's GRADUS_DATA)";
  };
  return CLI::Validator(test, "", "folder");
}

}  // namespace

CommandLine::CommandLine(std::string name, std::string about, Settings standard)
    : name_(std::move(name)), settings_(std::move(standard)), parser_(std::make_unique<Parser>(about, name_)) {
  CLI::App& app = parser_->app;
  app.get_formatter()->column_width(24);
  app.add_option("--seed", settings_.seed, "Seed of all random numbers")->type_name("N")->capture_default_str();
  limit(app.add_option("--threads", settings_.threads, "Threads to compute with; 0: one for each core"), 0, 1024);
  app.add_option("--out", settings_.out, "Folder for pictures and checkpoints; made when missing")
      ->type_name("DIR")
      ->capture_default_str();
}

CommandLine::~CommandLine() = default;

CommandLine& CommandLine::with_data(const std::string& what) {
  parser_->app.add_option("--data", settings_.data, "Folder that holds " + what)
      ->envname("GRADUS_DATA")
      ->check(is_folder())
      ->type_name("DIR");
  return *this;
}

CommandLine& CommandLine::with_epochs(int standard) {
  settings_.epochs = standard;
  limit(parser_->app.add_option("--epochs", settings_.epochs, "Passes over the training data"), 1, 1000000);
  return *this;
}

CommandLine& CommandLine::option(const std::string& name, int& value, const std::string& help, int least, int most) {
  limit(parser_->app.add_option(name, value, help), least, most);
  return *this;
}

CommandLine& CommandLine::option(const std::string& name, double& value, const std::string& help, double least,
                                 double most) {
  limit(parser_->app.add_option(name, value, help), least, most);
  return *this;
}

CommandLine& CommandLine::option(const std::string& name, std::string& value, const std::string& help) {
  parser_->app.add_option(name, value, help)->capture_default_str();
  return *this;
}

CommandLine& CommandLine::flag(const std::string& name, bool& value, const std::string& help) {
  parser_->app.add_flag(name, value, help);
  return *this;
}

int CommandLine::run(int argc, const char* const* argv, const std::function<int(const Settings&)>& body) {
  try {
    parser_->app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parser_->app.exit(error) == 0 ? 0 : 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // whoever reads from a pipe also sees a line when it is written
  try {
    if (settings_.threads > 0) gradus::set_num_threads(settings_.threads);
    std::filesystem::create_directories(settings_.out);
    catch_interrupt();
    return body(settings_);
  } catch (const std::exception& error) {
    std::fflush(stdout);
    std::fprintf(stderr, "%s: error: %s\n", name_.c_str(), error.what());
    return 1;
  }
}

std::filesystem::path data_folder(const Settings& settings, const std::string& name, const std::string& file) {
  if (settings.data.empty()) return {};
  for (const auto& folder : {settings.data, settings.data / name}) {
    if (std::filesystem::exists(folder / file) || std::filesystem::exists(folder / (file + ".gz"))) return folder;
  }
  return {};
}

}  // namespace examples
