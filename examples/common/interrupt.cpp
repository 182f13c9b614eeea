#include "gradus/examples/common/interrupt.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <vector>

#include "gradus/tensor/error.h"

namespace examples {
namespace {

volatile std::sig_atomic_t asked = 0;

void ask(int) { asked = 1; }

// oneDNN's matrix product lets the stack pointer walk through its buffers: what the kernel put there for a handler
// would overwrite numbers. So handlers get a stack of their own, in the thread that calls this: the main one, to which
// Ctrl-C goes.
void set_signal_stack() {
  stack_t present = {};
  if (sigaltstack(nullptr, &present) == 0 && !(present.ss_flags & SS_DISABLE)) return;
  static std::vector<char> memory(std::max<size_t>(65536, static_cast<size_t>(sysconf(_SC_SIGSTKSZ))));
  stack_t stack = {};
  stack.ss_sp = memory.data();
  stack.ss_size = memory.size();
  gradus::check(sigaltstack(&stack, nullptr) == 0, "interrupt: no stack for signals");
}

}  // namespace

void catch_interrupt() {
  asked = 0;
  set_signal_stack();
  struct sigaction action = {};
  action.sa_handler = ask;
  // The handler is good for one signal: the next one finds the default action, which ends the program.
  action.sa_flags = SA_RESETHAND | SA_RESTART | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return asked != 0; }

}  // namespace examples
