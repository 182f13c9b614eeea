#include "gradus/io/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "gradus/tensor/error.h"

namespace gradus::io {

namespace {

constexpr int kGzipOnly = 15 + 16;        // zlib's window bits for "a gzip wrapper and nothing else"
constexpr uint64_t kMaxExpansion = 1032;  // of the deflate format: 258 bytes by 2 bits
constexpr std::array<unsigned char, 2> kMagic = {0x1f, 0x8b};

}  // namespace

struct MaybeGzipFile::State {
  State(const std::string& path, FileSystem& fs) : file(path, fs) {}

  InputFile file;
  std::array<unsigned char, 1 << 16> input;
  z_stream stream{};
  bool is_gzip = false, is_open = false, at_end = false;

  /// Makes at least n input bytes available unless the file ends.
  bool fill(size_t n) {
    if (stream.avail_in >= n) return true;
    std::copy_n(stream.next_in, stream.avail_in, input.data());
    stream.next_in = input.data();
    stream.avail_in +=
        static_cast<uInt>(file.read_some(input.data() + stream.avail_in, input.size() - stream.avail_in));
    return stream.avail_in >= n;
  }

  bool starts_member() { return fill(2) && std::equal(kMagic.begin(), kMagic.end(), stream.next_in); }

  template <class... Parts>
  void require(bool ok, const Parts&... parts) const {
    check(ok, "gzip: ", file.path(), ": ", parts...);
  }

  size_t inflate_some(unsigned char* bytes, size_t n) {
    size_t done = 0;
    while (done < n && !at_end) {
      require(fill(1), "truncated");
      const size_t room = std::min<size_t>(n - done, 1 << 30);
      stream.next_out = bytes + done;
      stream.avail_out = static_cast<uInt>(room);
      const int status = inflate(&stream, Z_NO_FLUSH);
      done += room - stream.avail_out;
      if (status == Z_STREAM_END) {
        next_member();
      } else {
        require(status == Z_OK || status == Z_BUF_ERROR, "corrupt: ", stream.msg ? stream.msg : "invalid data");
      }
    }
    return done;
  }

  void next_member() {
    at_end = !fill(1);
    if (at_end) return;
    require(starts_member(), "trailing garbage after the compressed data");
    require(inflateReset(&stream) == Z_OK, "cannot reset");
  }
};

MaybeGzipFile::MaybeGzipFile(const std::string& path, FileSystem& fs) : state_(std::make_unique<State>(path, fs)) {
  state_->stream.next_in = state_->input.data();
  state_->is_gzip = state_->starts_member();
  if (!state_->is_gzip) return;
  state_->is_open = inflateInit2(&state_->stream, kGzipOnly) == Z_OK;
  state_->require(state_->is_open, "no memory to decompress");
}

MaybeGzipFile::~MaybeGzipFile() {
  if (state_->is_open) inflateEnd(&state_->stream);
}

bool MaybeGzipFile::is_gzip() const { return state_->is_gzip; }

uint64_t MaybeGzipFile::max_size() const { return state_->file.size() * (is_gzip() ? kMaxExpansion : 1); }

size_t MaybeGzipFile::read_some(void* bytes, size_t n) {
  auto* out = static_cast<unsigned char*>(bytes);
  if (is_gzip()) return state_->inflate_some(out, n);
  z_stream& stream = state_->stream;
  const size_t buffered = std::min<size_t>(n, stream.avail_in);
  std::copy_n(stream.next_in, buffered, out);
  stream.next_in += buffered;
  stream.avail_in -= static_cast<uInt>(buffered);
  return buffered + state_->file.read_some(out + buffered, n - buffered);
}

std::string read_maybe_gzip(const std::string& path, uint64_t max_bytes, FileSystem& fs) {
  MaybeGzipFile file(path, fs);
  std::string bytes;
  max_bytes = std::min(max_bytes, uint64_t{1} << 62);
  // Grown as the data comes, since the size that a gzip file claims for itself may be anything.
  for (size_t chunk = 1 << 16;; chunk *= 2) {
    const size_t before = bytes.size();
    bytes.resize(before + std::min<uint64_t>(chunk, max_bytes + 1 - before));
    const size_t got = file.read_some(bytes.data() + before, bytes.size() - before);
    check(before + got <= max_bytes, "read: ", path, " holds more than the allowed ", max_bytes, " bytes");
    if (before + got < bytes.size()) {
      bytes.resize(before + got);
      return bytes;
    }
  }
}

}  // namespace gradus::io
