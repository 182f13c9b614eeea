// The library's threads. They wait for work awake for a moment, then asleep; a loop never waits for one that has not
// begun with it, so that a core which another program takes slows a loop down and does not stop it.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace gradus::detail {

/// Cores that this process may use.
int cores_of_process();

/// Runs one loop at a time: its pieces are dealt out in equal shares, and who is done with his takes what others have
/// not begun. Never destroyed, for static objects may compute until the very end.
class ThreadPool {
 public:
  /// That of this process: a child that was forked has its own, whose threads begin when it needs some.
  static ThreadPool& get();

  using Piece = void (*)(const void* body, int64_t index);

  /// Calls piece(body, i) for each i in [0, pieces) on the caller and at most team - 1 other threads, and returns when
  /// all calls have. `piece` must not throw. False, and nothing called, where another loop has the threads.
  bool run(int team, int64_t pieces, const void* body, Piece piece);

  /// Ends the threads; loops then run on their callers alone.
  void stop();

 private:
  struct alignas(64) Share {
    std::atomic<int64_t> next{0};
    int64_t end = 0;
  };
  struct Job {
    const void* body = nullptr;
    Piece piece = nullptr;
    int team = 0;
  };

  int prepare(int team);
  void work(int self);
  bool enter(uint32_t ticket, int self);
  void leave();
  void wait_for_others();
  uint32_t next_ticket(uint32_t seen) const;
  void live(int self);

  std::atomic<bool> taken_{false};  // by the caller of a loop, who may meet it again from within
  std::vector<std::thread> threads_;
  std::unique_ptr<Share[]> shares_;
  int room_ = 0;  // shares
  Job job_;
  alignas(64) std::atomic<uint64_t> state_{0};   // ticket of the job, team, whether it is open, threads that are in it
  alignas(64) std::atomic<uint32_t> ticket_{0};  // what threads without a job wait for to change
  std::atomic<bool> ended_{false};
};

}  // namespace gradus::detail
