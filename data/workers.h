// Worker threads of a data loader: they take jobs, and hand back results in the order of the jobs or as they come.
#pragma once
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gradus::data {

/// What a loader throws in the main thread when its dataset threw in a worker.
struct WorkerException : public std::exception {
  explicit WorkerException(std::exception_ptr original);
  const char* what() const noexcept override { return message.c_str(); }

  std::exception_ptr original_exception;
  std::string message;
};

namespace detail {

/// A fixed set of threads, each with a function of its own. Types are erased so that one compiled class serves every
/// dataset and the threading headers stay out of user code. All methods are for one thread, the one that owns it.
class Workers {
 public:
  using Request = std::shared_ptr<void>;
  using Result = std::shared_ptr<void>;
  using Work = std::function<Result(Request)>;

  Workers(std::vector<Work> works, bool ordered, std::optional<std::chrono::milliseconds> timeout);
  ~Workers();

  void push(Request request);
  /// The next result, or null if none is under way. Throws WorkerException for a job that threw, and Error after
  /// timeout.
  Result pop();
  size_t in_flight() const;
  /// Forgets the jobs not yet begun and waits for the others, dropping their results.
  void drain();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace detail
}  // namespace gradus::data
