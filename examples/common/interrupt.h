// Ctrl-C as a question that a training loop asks between two steps.
#pragma once

namespace examples {

/// From now on the first SIGINT or SIGTERM only makes `interrupted()` true; a second one ends the program at once.
void catch_interrupt();

/// True once the user has asked to stop: save, then leave.
bool interrupted();

}  // namespace examples
