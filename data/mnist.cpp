#include "gradus/data/mnist.h"

#include <algorithm>
#include <filesystem>

#include "gradus/data/idx.h"
#include "gradus/tensor/error.h"

namespace gradus::data::datasets {
namespace {

/// The file `name` or `name.gz` in the folder, also under the spelling with a dot that some archives unpack to.
std::string find_file(const std::string& root, const std::string& what, const std::string& name) {
  std::string dotted = name;
  dotted[name.rfind("-idx")] = '.';
  for (const std::string& candidate : {name, name + ".gz", dotted, dotted + ".gz"}) {
    const std::filesystem::path path = std::filesystem::path(root) / candidate;
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return path.string();
  }
  const std::string path = (std::filesystem::path(root) / name).string();
  fail("MNIST: Error opening ", what, " file at ", path, ": no such file, nor ", name, ".gz beside it");
}

}  // namespace

MNIST::MNIST(const std::string& root, Mode mode) : is_train_(mode == Mode::kTrain) {
  const std::string prefix = is_train_ ? "train" : "t10k";
  const std::string images = find_file(root, "images", prefix + "-images-idx3-ubyte");
  const std::string labels = find_file(root, "targets", prefix + "-labels-idx1-ubyte");
  const Tensor pixels = read_idx(images), classes = read_idx(labels);
  check(pixels.scalar_type() == kByte && pixels.dim() == 3 && pixels.size(1) == 28 && pixels.size(2) == 28,
        "MNIST: ", images, " must hold bytes [N, 28, 28], got ", pixels.scalar_type(), " ", pixels.sizes());
  check(classes.scalar_type() == kByte && classes.dim() == 1, "MNIST: ", labels, " must hold bytes [N], got ",
        classes.scalar_type(), " ", classes.sizes());
  check(pixels.size(0) == classes.size(0), "MNIST: ", images, " has ", pixels.size(0), " images, but ", labels, " ",
        classes.size(0), " labels");
  const uint8_t* first = classes.data_ptr<uint8_t>();
  check(std::all_of(first, first + classes.numel(), [](uint8_t label) { return label <= 9; }), "MNIST: ", labels,
        " has a label above 9");
  images_ = pixels.unsqueeze(1).to(kFloat).div_(255);
  targets_ = classes.to(kLong);
}

Example<> MNIST::get(size_t index) {
  const auto row = static_cast<int64_t>(index);
  return {images_[row], targets_[row]};
}

Example<> MNIST::get_stacked(ArrayRef<size_t> indices) const {
  return {detail::gather_rows(images_, indices), detail::gather_rows(targets_, indices)};
}

std::optional<size_t> MNIST::size() const { return static_cast<size_t>(images_.size(0)); }

}  // namespace gradus::data::datasets
