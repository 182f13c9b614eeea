// How an archive lies in a safetensors file: tensors under their paths, everything else as metadata.
#pragma once
#include "gradus/io/safetensors.h"
#include "gradus/tensor/archive_folder.h"

namespace gradus::io {

/// "fc1.weight" is "weight" in the folder "fc1"; a dot or percent sign in a key is written %2E, %25. For what is no
/// tensor there is metadata "gradus.value.<path>": "int 3", "double 0.5", "bool true", "string text", "none",
/// "ints 1 2", "doubles 0.5", "bools true", "strings 2:ab" (lengths before texts), "tensors 2" (which lie in a folder
/// of that path), "undefined" (a tensor), "folder" (an empty one), "requires_grad" (of the tensor of that path).
SafetensorsFile file_of(const serialize::detail::Folder& folder);

/// Throws Error `name: reason` if it is not the content of an archive.
std::shared_ptr<serialize::detail::Folder> folder_of(const SafetensorsFile& file, const std::string& name);

}  // namespace gradus::io
