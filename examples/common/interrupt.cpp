#include "gradus/examples/common/interrupt.h"

#include <csignal>

namespace examples {
namespace {

volatile std::sig_atomic_t asked = 0;

void ask(int) { asked = 1; }

}  // namespace

void catch_interrupt() {
  asked = 0;
  struct sigaction action = {};
  action.sa_handler = ask;
  // The handler is good for one signal: the next one finds the default action, which ends the program.
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return asked != 0; }

}  // namespace examples
