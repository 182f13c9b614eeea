// Generator: a stream of random numbers.
#pragma once

namespace gradus {

class Generator {};

}  // namespace gradus
