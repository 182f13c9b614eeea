// Archives to and from files, streams, memory and functions.
#include "gradus/tensor/archive.h"

#include <cstring>
#include <istream>
#include <ostream>

#include "gradus/io/archive_text.h"
#include "gradus/tensor/error.h"

namespace gradus::serialize {
namespace {

void check_device(const std::optional<Device>& device) {
  check(!device || device->is_cpu(), "load: there is no device but the CPU, got ", device ? device->str() : "");
}

/// The rest of a stream that cannot be wound back.
std::string drained(std::istream& stream) {
  std::string bytes;
  char part[4096];
  while (stream.read(part, sizeof part), stream.gcount() > 0) bytes.append(part, static_cast<size_t>(stream.gcount()));
  return bytes;
}

}  // namespace

void OutputArchive::save_to(const std::string& path) const {
  const io::SafetensorsFile file = io::file_of(*folder_);
  io::save_safetensors(path, file.tensors, file.metadata, io::FileSystem::real(), io::KeepPrevious::no);
}

void OutputArchive::save_to(std::ostream& stream) const {
  save_to([&](const void* bytes, size_t n) {
    stream.write(static_cast<const char*>(bytes), static_cast<std::streamsize>(n));
    check(stream.good(), "OutputArchive::save_to: the stream does not take ", n, " bytes");
    return n;
  });
  stream.flush();
  check(stream.good(), "OutputArchive::save_to: the stream cannot be flushed");
}

void OutputArchive::save_to(const std::function<size_t(const void*, size_t)>& writer) const {
  const io::SafetensorsFile file = io::file_of(*folder_);
  const auto write = [&](const void* bytes, size_t n) {
    if (n == 0) return;
    const size_t taken = writer(bytes, n);
    check(taken == n, "OutputArchive::save_to: the writer took ", taken, " of ", n, " bytes");
  };
  io::write_safetensors(write, file.tensors, file.metadata);
}

void InputArchive::load_from(const std::string& path, std::optional<Device> device) {
  check_device(device);
  folder_ = io::folder_of(io::load_safetensors(path), path);
  prefix_.clear();
}

void InputArchive::load_from(std::istream& stream, std::optional<Device> device) {
  check(stream.good() || stream.eof(), "load: the stream is not good");
  stream.clear();
  const std::streampos size = stream.seekg(0, std::ios::end) ? stream.tellg() : std::streampos(-1);
  if (size == std::streampos(-1)) {
    stream.clear();
    const std::string bytes = drained(stream);
    return load_from(bytes.data(), bytes.size(), device);
  }
  const auto read = [&](uint64_t position, void* buffer, size_t n) {
    stream.seekg(static_cast<std::streamoff>(position));
    stream.read(static_cast<char*>(buffer), static_cast<std::streamsize>(n));
    return static_cast<size_t>(stream.gcount());
  };
  load_from(
      read, [&] { return static_cast<size_t>(size); }, device);
}

void InputArchive::load_from(const char* bytes, size_t size, std::optional<Device> device) {
  const auto read = [&](uint64_t position, void* buffer, size_t n) {
    std::memcpy(buffer, bytes + position, n);
    return n;
  };
  load_from(
      read, [&] { return size; }, device);
}

void InputArchive::load_from(const std::function<size_t(uint64_t, void*, size_t)>& read,
                             const std::function<size_t()>& size, std::optional<Device> device) {
  check_device(device);
  uint64_t position = 0;
  const auto next = [&](void* buffer, size_t n) {
    const size_t got = read(position, buffer, n);
    check(got == n, "load: the archive is truncated: at byte ", position, " got ", got, " of ", n);
    position += n;
  };
  folder_ = io::folder_of(io::read_safetensors({next, size(), "archive"}), "archive");
  prefix_.clear();
}

}  // namespace gradus::serialize
