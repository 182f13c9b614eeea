// The command line that all examples share. CLI11 stays in the .cpp: it takes seconds to compile.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace examples {

/// What every example can be told.
struct Settings {
  std::filesystem::path data = {};    ///< --data, else the environment's GRADUS_DATA, else empty
  std::filesystem::path out = "out";  ///< --out: pictures and checkpoints, made by `run`
  uint64_t seed = 42;                 ///< --seed
  int threads = 0;                    ///< --threads; 0: as many as there are cores
  int epochs = 0;                     ///< --epochs
};

class CommandLine {
 public:
  /// `about` is the first paragraph of --help. Offers --seed, --threads and --out.
  CommandLine(std::string name, std::string about, Settings standard = {});
  ~CommandLine();

  /// Offers --data DIR, which must exist. `what` says what the folder holds: "the MNIST files".
  CommandLine& with_data(const std::string& what);
  /// Offers --epochs, in [1, 1e6].
  CommandLine& with_epochs(int standard);

  /// Options of one's own; the value that the variable holds is the default, and values outside are refused.
  CommandLine& option(const std::string& name, int& value, const std::string& help, int least, int most);
  CommandLine& option(const std::string& name, double& value, const std::string& help, double least, double most);
  CommandLine& option(const std::string& name, std::string& value, const std::string& help);
  CommandLine& flag(const std::string& name, bool& value, const std::string& help);

  const Settings& settings() const { return settings_; }

  /// The whole of a main(): parses, sets threads, makes the folder --out, lets Ctrl-C be asked for, calls `body` and
  /// returns its exit code. Exceptions are printed as `name: error: text` and give 1; a bad command line gives 2.
  int run(int argc, const char* const* argv, const std::function<int(const Settings&)>& body);

 private:
  struct Parser;
  std::string name_;
  Settings settings_;
  std::unique_ptr<Parser> parser_;
};

/// The folder that holds `file`, plain or as `file`.gz: --data itself or its subfolder `name`; empty if neither does.
std::filesystem::path data_folder(const Settings& settings, const std::string& name, const std::string& file);

}  // namespace examples
