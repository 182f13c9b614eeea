// MNIST from the network, where there is one.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace digits {

/// MD5 of the bytes as 32 hexadecimal digits (RFC 1321): good against broken transfers, not against forgery.
std::string md5(std::string_view bytes);

/// Where downloads are kept: $XDG_CACHE_HOME/gradus/mnist or ~/.cache/gradus/mnist; without a home below `fallback`.
std::filesystem::path mnist_cache(const std::filesystem::path& fallback);

/// The folder with the four files of MNIST, each of the checksum that the original has: what is missing in `cache` is
/// fetched by curl or wget, from $GRADUS_MNIST_MIRROR if that is set, else from public mirrors. Nothing if that fails,
/// after saying why on stderr; a file is in the folder whole or not at all.
std::optional<std::filesystem::path> download_mnist(const std::filesystem::path& cache);

}  // namespace digits
