#include "gradus/examples/digits/images.h"

#include <cctype>
#include <cstdio>

#include "gradus/autograd/ops/ops.h"
#include "gradus/data/mnist.h"
#include "gradus/data/synthetic.h"
#include "gradus/examples/common/interrupt.h"
#include "gradus/examples/digits/download.h"
#include "gradus/nn/functional/padding.h"
#include "gradus/tensor/error.h"
#include "gradus/tensor/factories.h"

namespace digits {
namespace {

const std::vector<std::string> kDigits = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
const std::vector<std::string> kClothes = {"T-shirt", "trouser", "pullover", "dress", "coat",
                                           "sandal",  "shirt",   "sneaker",  "bag",   "boot"};

// The files do not say what they show; the name of their folder (fashion-mnist, FashionMNIST/raw) does.
bool shows_clothes(const std::filesystem::path& folder) {
  std::filesystem::path whole = std::filesystem::absolute(folder).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();
  std::string name = (whole.parent_path().filename() / whole.filename()).string();
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name.find("fashion") != std::string::npos;
}

}  // namespace

std::string ImageSet::fingerprint() const {
  char text[160];
  std::snprintf(text, sizeof text, "%s, %lld + %lld images, sum of pixels %.17g", name.c_str(),
                static_cast<long long>(train.size()), static_cast<long long>(test.size()),
                train.pixels.sum(gradus::kDouble).item<double>());
  return text;
}

ImageSet read_images(const std::filesystem::path& folder) {
  using gradus::data::datasets::MNIST;
  const MNIST train(folder.string(), MNIST::Mode::kTrain), test(folder.string(), MNIST::Mode::kTest);
  gradus::check(train.size().value() > 0 && test.size().value() > 0, "MNIST: there are no images in ", folder.string());
  const bool clothes = shows_clothes(folder);
  return {clothes ? "Fashion-MNIST" : "MNIST",
          clothes ? kClothes : kDigits,
          {train.images(), train.targets()},
          {test.images(), test.targets()}};
}

ImageSet draw_images(int64_t train, int64_t test, uint64_t seed) {
  using gradus::data::datasets::Digits;
  const Digits learned(train, seed), unseen(test, ~seed);
  return {"drawn digits", kDigits, {learned.images(), learned.targets()}, {unseen.images(), unseen.targets()}};
}

ImageSet find_images(const examples::Settings& settings) {
  if (!settings.data.empty()) {
    // Some archives unpack to a name with a dot; data/mnist.h reads both.
    for (const char* file : {"train-images-idx3-ubyte", "train-images.idx3-ubyte"}) {
      const std::filesystem::path folder = examples::data_folder(settings, "mnist", file);
      if (!folder.empty()) return read_images(folder);
    }
    gradus::fail("there is no train-images-idx3-ubyte (nor train-images-idx3-ubyte.gz) in ", settings.data.string(),
                 " or its subfolder mnist; --data takes a folder that holds the four files of MNIST or Fashion-MNIST");
  }
  const std::filesystem::path cache = mnist_cache(settings.out);
  std::printf("no --data: looking for MNIST in %s and on the network\n", cache.c_str());
  std::fflush(stdout);
  if (const auto folder = download_mnist(cache)) return read_images(*folder);
  gradus::check(!examples::interrupted(), "interrupted while MNIST was downloaded");
  std::printf("MNIST could not be downloaded: learning from digits drawn by the embedded generator\n");
  return draw_images(kDrawnTrain, kDrawnTest, settings.seed);
}

Tensor shift_at_random(const Tensor& pixels, int64_t most) {
  if (most == 0) return pixels;
  const int64_t n = pixels.size(0), c = pixels.size(1), rows = pixels.size(2), cols = pixels.size(3);
  const int64_t wide = cols + 2 * most;
  namespace F = gradus::nn::functional;
  const Tensor framed = F::pad(pixels, F::PadFuncOptions({most, most, most, most})).reshape({n, c, -1});
  // A window of the framed image is the same pattern of indices for every image, but for where it starts.
  const Tensor pattern =
      gradus::arange(rows, gradus::kLong).mul(wide).unsqueeze(1) + gradus::arange(cols, gradus::kLong);
  const Tensor start = gradus::randint(2 * most + 1, {n, 1, 1}).mul(wide) + gradus::randint(2 * most + 1, {n, 1, 1});
  const Tensor window = (pattern.reshape({1, 1, rows * cols}) + start).expand({n, c, rows * cols});
  return framed.gather(2, window).reshape(pixels.sizes());
}

}  // namespace digits
