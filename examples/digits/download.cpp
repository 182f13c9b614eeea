#include "gradus/examples/digits/download.h"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

#include "gradus/examples/common/interrupt.h"
#include "gradus/io/atomic_file.h"
#include "gradus/tensor/error.h"

namespace digits {
namespace {

struct Original {
  const char* name;
  const char* md5;
};
constexpr Original kFiles[] = {{"train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873"},
                               {"train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432"},
                               {"t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3"},
                               {"t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c"}};
constexpr const char* kMirrors[] = {"https://ossci-datasets.s3.amazonaws.com/mnist",
                                    "https://storage.googleapis.com/cvdf-datasets/mnist"};

std::string read_all(std::istream& in) {
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// What a program writes to its standard output; nothing if it is not installed or fails.
std::optional<std::string> output_of(std::vector<std::string> command) {
  const int out = memfd_create("download", MFD_CLOEXEC);
  if (out < 0) return std::nullopt;
  std::vector<char*> arguments;
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
  pid_t child = 0;
  const int code = posix_spawnp(&child, arguments[0], &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  int status = -1;
  if (code == 0) {
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  }
  std::ifstream result("/proc/self/fd/" + std::to_string(out), std::ios::binary);
  std::optional<std::string> bytes;
  if (code == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) bytes = read_all(result);
  close(out);
  return bytes;
}

std::optional<std::string> fetch(const std::string& url) {
  if (examples::interrupted()) return std::nullopt;
  if (auto bytes = output_of({"curl", "-fsSL", "--connect-timeout", "5", "--max-time", "120", url})) return bytes;
  if (url.starts_with("file:") || examples::interrupted()) return std::nullopt;
  return output_of({"wget", "-q", "--tries=1", "--connect-timeout=5", "--read-timeout=20", "-O", "-", url});
}

bool is_whole(const std::filesystem::path& path, const Original& original) {
  std::ifstream file(path, std::ios::binary);
  return file && md5(read_all(file)) == original.md5;
}

bool fetch_into(const std::filesystem::path& folder, const Original& original, const std::string& mirror) {
  const std::string url = mirror + "/" + original.name;
  const std::optional<std::string> bytes = fetch(url);
  if (!bytes) return false;
  if (const std::string sum = md5(*bytes); sum != original.md5) {
    std::fprintf(stderr, "%s is not the original: its md5 is %s, not %s\n", url.c_str(), sum.c_str(), original.md5);
    return false;
  }
  gradus::io::write_atomically((folder / original.name).string(),
                               [&](gradus::io::AtomicFile& file) { file.write(bytes->data(), bytes->size()); });
  return true;
}

bool complete(const std::filesystem::path& folder, const std::string& mirror) {
  for (const Original& original : kFiles) {
    if (!is_whole(folder / original.name, original) && !fetch_into(folder, original, mirror)) return false;
  }
  return true;
}

// One block of 64 bytes into the state; names are those of RFC 1321.
void md5_block(const unsigned char* block, std::array<uint32_t, 4>& state) {
  static constexpr int shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
  auto [a, b, c, d] = state;
  for (uint32_t i = 0; i < 64; ++i) {
    const uint32_t f = i < 16 ? (b & c) | (~b & d) : i < 32 ? (d & b) | (~d & c) : i < 48 ? b ^ c ^ d : c ^ (b | ~d);
    const uint32_t word = (i < 16 ? i : i < 32 ? 5 * i + 1 : i < 48 ? 3 * i + 5 : 7 * i) % 16;
    uint32_t x = 0;
    for (uint32_t k = 4; k-- > 0;) x = x << 8 | block[4 * word + k];
    const auto t = static_cast<uint32_t>(std::floor(0x1p32 * std::abs(std::sin(i + 1.0))));
    const uint32_t sum = b + std::rotl(a + f + x + t, shifts[i / 16][i % 4]);
    a = d, d = c, c = b, b = sum;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d;
}

}  // namespace

std::string md5(std::string_view bytes) {
  // The message, one bit, zeros, and the number of bits in eight bytes, together a multiple of 64 bytes.
  std::string tail(bytes.substr(bytes.size() / 64 * 64));
  tail += '\x80';
  tail.resize((tail.size() + 8 + 63) / 64 * 64 - 8);
  for (int i = 0; i < 8; ++i) tail += static_cast<char>(uint64_t{bytes.size()} * 8 >> 8 * i);
  std::array<uint32_t, 4> state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  const auto blocks = [&](std::string_view part) {
    for (size_t at = 0; at + 64 <= part.size(); at += 64)
      md5_block(reinterpret_cast<const unsigned char*>(part.data()) + at, state);
  };
  blocks(bytes);
  blocks(tail);
  std::string text;
  for (const uint32_t word : state) {
    for (int i = 0; i < 4; ++i) {
      const uint32_t byte = word >> 8 * i & 255;
      text += "0123456789abcdef"[byte >> 4];
      text += "0123456789abcdef"[byte & 15];
    }
  }
  return text;
}

std::filesystem::path mnist_cache(const std::filesystem::path& fallback) {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::filesystem::path(value ? value : "");
  };
  if (const auto cache = variable("XDG_CACHE_HOME"); cache.is_absolute()) return cache / "gradus" / "mnist";
  if (const auto home = variable("HOME"); home.is_absolute()) return home / ".cache" / "gradus" / "mnist";
  return fallback / "mnist";
}

std::optional<std::filesystem::path> download_mnist(const std::filesystem::path& cache) {
  std::vector<std::string> mirrors(std::begin(kMirrors), std::end(kMirrors));
  if (const char* own = std::getenv("GRADUS_MNIST_MIRROR"); own && *own) mirrors = {own};
  try {
    std::filesystem::create_directories(cache);
    for (const std::string& mirror : mirrors) {
      if (complete(cache, mirror)) return cache;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cannot keep MNIST: %s\n", error.what());
  }
  return std::nullopt;
}

}  // namespace digits
