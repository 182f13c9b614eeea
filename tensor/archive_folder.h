// What an archive is made of.
#pragma once
#include "gradus/tensor/archive.h"

namespace gradus::serialize::detail {

/// A value, or a folder if there is one.
struct Entry {
  IValue value;
  std::shared_ptr<Folder> folder;
};

struct Folder {
  OrderedDict<std::string, Entry> entries;

  /// The folder in this one, made if it is not there; throws if the name is a value's.
  Folder& descend(const std::string& key);
};

}  // namespace gradus::serialize::detail
