// Whether operations are recorded, per thread.
#pragma once

namespace gradus {

namespace autograd {

struct GradMode {
  static bool is_enabled() { return enabled; }
  static void set_enabled(bool on) { enabled = on; }

 private:
  // At a fixed place of the thread's memory, and constant at first: asking takes one instruction.
  [[gnu::tls_model("initial-exec")]] static constinit thread_local bool enabled;
};

}  // namespace autograd

/// Recording is as `on` says until the end of the scope.
class AutoGradMode {
 public:
  explicit AutoGradMode(bool on) : before_(autograd::GradMode::is_enabled()) { autograd::GradMode::set_enabled(on); }
  ~AutoGradMode() { autograd::GradMode::set_enabled(before_); }
  AutoGradMode(const AutoGradMode&) = delete;
  AutoGradMode& operator=(const AutoGradMode&) = delete;

 private:
  bool before_;
};

/// No recording until the end of the scope.
class NoGradGuard : public AutoGradMode {
 public:
  NoGradGuard() : AutoGradMode(false) {}
};

/// Recording, inside a scope that has switched it off.
class EnableGradGuard : public AutoGradMode {
 public:
  EnableGradGuard() : AutoGradMode(true) {}
};

/// For code that never trains: no recording until the end of the scope.
class InferenceMode : public AutoGradMode {
 public:
  explicit InferenceMode(bool on = true) : AutoGradMode(!on && autograd::GradMode::is_enabled()) {}
};

}  // namespace gradus
