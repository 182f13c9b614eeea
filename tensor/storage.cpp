#include "gradus/tensor/storage.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

#include "gradus/tensor/error.h"

namespace gradus {
namespace {

size_t padded(size_t bytes) { return (bytes + 63) / 64 * 64; }

}  // namespace

Intrusive<Storage> Storage::create(size_t bytes, size_t room) {
  static_assert(sizeof(Storage) <= header);
  const size_t before = header + padded(room), space = padded(bytes);
  void* p = allocate(before + space);
  auto* s = new (p) Storage;
  s->block_ = before + space;
  s->space_ = space;
  s->data_ = static_cast<char*>(p) + before;
  s->bytes_ = bytes;
  return Intrusive<Storage>::fresh(s);
}

Intrusive<Storage> Storage::wrap(void* data, size_t bytes, std::function<void(void*)> deleter) {
  auto own = deleter ? std::make_unique<std::function<void(void*)>>(std::move(deleter)) : nullptr;
  void* p = allocate(header);
  auto* s = new (p) Storage;
  s->block_ = header;
  s->data_ = data;
  s->bytes_ = bytes;
  s->owns_ = false;
  s->deleter_ = own.release();
  return Intrusive<Storage>::fresh(s);
}

void Storage::release_data() {
  if (moved_) deallocate(data_, moved_);
  if (deleter_) {
    (*deleter_)(data_);
    delete deleter_;
  }
}

void Storage::destroy(Storage* s) {
  s->release_data();
  const size_t block = s->block_;
  s->~Storage();
  deallocate(s, block);
}

void Storage::resize(size_t bytes) {
  check(owns_, "resize_: Trying to resize storage that is not resizable (it wraps memory of somebody else)");
  if (bytes > (moved_ ? moved_ : space_)) {
    const size_t size = padded(bytes);
    void* p = allocate(size);
    std::memcpy(p, data_, std::min(bytes_, bytes));
    if (moved_) deallocate(data_, moved_);
    data_ = p;
    moved_ = size;
  }
  bytes_ = bytes;
}

}  // namespace gradus
