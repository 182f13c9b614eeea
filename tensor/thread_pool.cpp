#include "gradus/tensor/thread_pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <system_error>

namespace gradus::detail {
namespace {

using Clock = std::chrono::steady_clock;

// To wake a thread costs the waker some 10 us; steps of training have their next loop sooner than this.
constexpr std::chrono::microseconds awake{200};

// The fields of ThreadPool::state_.
constexpr uint64_t open = uint64_t{1} << 31, inside = 0xffff;
constexpr int most_threads = 0x7fff;
constexpr uint64_t state_of(uint32_t ticket, int team) {
  return uint64_t{ticket} << 32 | open | static_cast<uint64_t>(team) << 16;
}
constexpr uint32_t ticket_of(uint64_t state) { return static_cast<uint32_t>(state >> 32); }
constexpr int team_of(uint64_t state) { return static_cast<int>(state >> 16 & 0x7fff); }

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/// Waits until done() is true, for a moment: false if it still is not.
template <class Done>
bool awaits(const Done& done) {
  // Where there is but one core, whoever is waited for needs it.
  static const bool alone = cores_of_process() == 1;
  const Clock::time_point end = Clock::now() + awake;
  do {
    for (int i = 0; i < 16; ++i) {
      if (done()) return true;
      if (alone) return false;
      pause();
    }
  } while (Clock::now() < end);
  return false;
}

std::atomic<ThreadPool*> current{nullptr}, of_the_parent{nullptr};

struct AtTheEnd {
  ~AtTheEnd() {
    if (ThreadPool* const pool = current.load()) pool->stop();
  }
};

/// The threads of a pool, taken while this lives, if nobody has them.
struct Turn {
  explicit Turn(std::atomic<bool>& t) : taken(t), mine(!t.exchange(true, std::memory_order_acquire)) {}
  ~Turn() {
    if (mine) taken.store(false, std::memory_order_release);
  }
  Turn(const Turn&) = delete;
  std::atomic<bool>& taken;
  const bool mine;
};

/// A thread whose signals go to the host program's threads.
std::thread without_signals(auto&& body) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread t(body);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return t;
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
}

}  // namespace

int cores_of_process() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

ThreadPool& ThreadPool::get() {
  static AtTheEnd end;
  // The threads stay with the parent, and with them what they were about to do.
  [[maybe_unused]] static const int forks =
      pthread_atfork(nullptr, nullptr, [] { of_the_parent.store(current.exchange(nullptr)); });
  ThreadPool* pool = current.load(std::memory_order_acquire);
  if (pool) return *pool;
  auto fresh = std::make_unique<ThreadPool>();
  if (current.compare_exchange_strong(pool, fresh.get())) return *fresh.release();
  return *pool;
}

/// How many of `team` there are, the caller and threads that are begun here.
int ThreadPool::prepare(int team) {
  team = ended_.load(std::memory_order_relaxed) ? 1 : std::min(team, most_threads);
  if (team > room_) {
    shares_ = std::make_unique<Share[]>(static_cast<size_t>(team));
    room_ = team;
    threads_.reserve(static_cast<size_t>(team));
  }
  while (static_cast<int>(threads_.size()) + 1 < team) {
    const int self = static_cast<int>(threads_.size()) + 1;
    try {
      threads_.push_back(without_signals([this, self] { live(self); }));
    } catch (const std::system_error&) {  // the system gives no more: those that there are do it
      break;
    }
  }
  return std::min(team, static_cast<int>(threads_.size()) + 1);
}

bool ThreadPool::run(int team, int64_t pieces, const void* body, Piece piece) {
  const Turn turn(taken_);
  if (!turn.mine) return false;
  job_ = {body, piece, prepare(team)};
  for (int i = 0; i < job_.team; ++i) {
    shares_[static_cast<size_t>(i)].next.store(pieces * i / job_.team, std::memory_order_relaxed);
    shares_[static_cast<size_t>(i)].end = pieces * (i + 1) / job_.team;
  }
  const uint32_t ticket = ticket_.load(std::memory_order_relaxed) + 1;
  state_.store(state_of(ticket, job_.team), std::memory_order_release);
  ticket_.store(ticket);
  ticket_.notify_all();
  work(0);
  wait_for_others();
  return true;
}

void ThreadPool::work(int self) {
  for (int i = 0; i < job_.team; ++i) {
    Share& share = shares_[static_cast<size_t>((self + i) % job_.team)];
    while (share.next.load(std::memory_order_relaxed) < share.end) {
      const int64_t index = share.next.fetch_add(1, std::memory_order_relaxed);
      if (index < share.end) job_.piece(job_.body, index);
    }
  }
}

bool ThreadPool::enter(uint32_t ticket, int self) {
  uint64_t state = state_.load(std::memory_order_acquire);
  while (ticket_of(state) == ticket && (state & open) && self < team_of(state))
    if (state_.compare_exchange_weak(state, state + 1, std::memory_order_acq_rel)) return true;
  return false;
}

void ThreadPool::leave() {
  const uint64_t state = state_.fetch_sub(1, std::memory_order_acq_rel) - 1;
  if (!(state & open) && (state & inside) == 0) state_.notify_all();
}

void ThreadPool::wait_for_others() {
  uint64_t state = state_.fetch_and(~open, std::memory_order_acq_rel) & ~open;
  const auto done = [&] { return ((state = state_.load(std::memory_order_acquire)) & inside) == 0; };
  if (awaits(done)) return;
  while (!done()) state_.wait(state, std::memory_order_acquire);
}

uint32_t ThreadPool::next_ticket(uint32_t seen) const {
  const auto changed = [&] { return ticket_.load(std::memory_order_acquire) != seen; };
  if (!awaits(changed)) ticket_.wait(seen, std::memory_order_acquire);
  return ticket_.load(std::memory_order_acquire);
}

void ThreadPool::live(int self) {
  pthread_setname_np(pthread_self(), "gradus");
  for (uint32_t ticket = 0; !ended_.load(std::memory_order_relaxed);) {
    ticket = next_ticket(ticket);
    if (!enter(ticket, self)) continue;
    work(self);
    leave();
  }
}

void ThreadPool::stop() {
  const Turn turn(taken_);
  if (!turn.mine) return;  // the process ends from within a loop: nobody to wait for
  ended_.store(true);
  ticket_.fetch_add(1);
  ticket_.notify_all();
  for (std::thread& t : threads_) t.join();
  threads_.clear();
}

}  // namespace gradus::detail
