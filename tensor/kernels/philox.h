// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011). Number i of a stream
// depends on key and i alone: no state, any order, any number of threads.
#pragma once
#include <cstdint>

namespace gradus::kernels {

/// Elements of one group: 16 counters of 128 bits, 16 bits an element.
inline constexpr int64_t philox_group = 128;

/// The words of `count` groups from `group` on, 64 a group: word w of counter 16 group + lane (the upper 64 bits of the
/// counter are zero) is out[16 w + lane]. Element e of a group takes the low (e < 64) or high 16 bits of out[e % 64].
void philox_words(uint32_t* out, uint64_t key, uint64_t group, int64_t count);

}  // namespace gradus::kernels
