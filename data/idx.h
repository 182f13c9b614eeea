// idx files, the format of MNIST: http://yann.lecun.com/exdb/mnist (a magic number, the sizes, the data, big-endian).
#pragma once
#include <string>

#include "gradus/io/file_system.h"
#include "gradus/tensor/tensor.h"

namespace gradus::data {

/// Reads an idx file, plain or gzipped, of any number of dimensions: unsigned bytes as uint8; signed bytes, 16-bit and
/// 32-bit integers as int32; floats as float32 and doubles as float64. Throws Error `idx: path: reason` unless header
/// and data fit each other exactly; memory is taken only for data that the file can hold.
Tensor read_idx(const std::string& path, io::FileSystem& fs = io::FileSystem::real());

}  // namespace gradus::data
