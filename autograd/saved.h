// Saved: a tensor that backward will need. An in-place change in between is found and named.
#pragma once
#include "gradus/autograd/node.h"

namespace gradus {

class Saved;

/// What an operation inside `autograd::checkpoint` saves instead of a tensor: how to compute it again.
struct Packed : Counted {
  virtual ~Packed() = default;
  virtual Tensor unpack() = 0;
  Edge maker;  // of an input: where its gradient goes
};

/// While one is in force on a thread, it decides what becomes of the tensors that operations save there.
class SavedTensorHooks {
 public:
  virtual ~SavedTensorHooks() = default;
  /// Takes t and returns what stands for it, or null to have it saved as usual.
  virtual Intrusive<Packed> pack(const Tensor& t) = 0;

  static SavedTensorHooks* current() { return current_; }
  class Scope {
   public:
    explicit Scope(SavedTensorHooks* hooks) : before_(current_) { current_ = hooks; }
    ~Scope() { current_ = before_; }
    Scope(const Scope&) = delete;

   private:
    SavedTensorHooks* before_;
  };

 private:
  [[gnu::tls_model("initial-exec")]] static constinit thread_local SavedTensorHooks* current_;
};

class Saved {
 public:
  Saved() = default;
  /// An input, with its history.
  explicit Saved(const Tensor& t);
  /// An output of the node that saves it: its elements only, for the node must not own itself.
  static Saved output(const Tensor& t, uint32_t nr = 0);
  bool defined() const { return t_.defined() || packed_; }
  /// The tensor; `self` is the node that saved it. Throws if it was changed in place since.
  Tensor get(Node& self) const;

 private:
  void pack(SavedTensorHooks& hooks);
  Tensor unpacked(Node& self) const;

  Tensor t_;
  Intrusive<Packed> packed_;  // in place of t_
  uint32_t version_ = 0;
  uint32_t nr_ = 0;
  bool is_output_ = false;
};

}  // namespace gradus
