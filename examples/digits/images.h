// What the network learns from: files of MNIST's format, MNIST downloaded, or digits drawn here.
#pragma once
#include <string>
#include <vector>

#include "gradus/examples/common/command_line.h"
#include "gradus/tensor/tensor.h"

namespace digits {

using gradus::Tensor;

/// Images [N, 1, 28, 28] within 0 ... 1 as float32 and their classes [N] as int64.
struct Images {
  Tensor pixels, classes;

  int64_t size() const { return pixels.size(0); }
};

/// How many digits the program draws when it has no files.
constexpr int64_t kDrawnTrain = 12000, kDrawnTest = 2000;

struct ImageSet {
  std::string name;                ///< "MNIST", "Fashion-MNIST", "drawn digits"
  std::vector<std::string> names;  ///< of the ten classes
  Images train, test;

  /// Tells sets apart, for checkpoints: name, sizes, and the sum of all pixels.
  std::string fingerprint() const;
};

/// From the four files in `folder`, which are Fashion-MNIST if the name of the folder, or of the one above it, has
/// "fashion" in it. Throws Error naming what is wrong.
ImageSet read_images(const std::filesystem::path& folder);

/// Digits drawn by the generator of data/synthetic.h.
ImageSet draw_images(int64_t train, int64_t test, uint64_t seed);

/// From --data or GRADUS_DATA if given (Error if the files are not there); else MNIST from the cache or the network;
/// else, saying so, drawn digits.
ImageSet find_images(const examples::Settings& settings);

/// Moves each image by up to `most` pixels each way, background coming in at the edges: [N, C, H, W] to the same.
Tensor shift_at_random(const Tensor& pixels, int64_t most);

}  // namespace digits
