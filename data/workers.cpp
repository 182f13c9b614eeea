#include "gradus/data/workers.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <thread>

#include "gradus/tensor/error.h"

namespace gradus::data {

WorkerException::WorkerException(std::exception_ptr original)
    : original_exception(std::move(original)), message("Caught exception in DataLoader worker thread.") {
  try {
    std::rethrow_exception(original_exception);
  } catch (const std::exception& error) {
    message += std::string(" Original message: ") + error.what();
  } catch (...) {
    message += " It is not a std::exception.";
  }
}

namespace detail {

struct Workers::State {
  struct Done {
    size_t number;
    Result result;
    std::exception_ptr exception;
  };
  struct Job {
    Request request;
    std::list<Done> done;  // one, not yet filled: handing it in takes no memory, which a worker could not be refused
  };

  bool ordered;
  std::optional<std::chrono::milliseconds> timeout;
  size_t pushed = 0, popped = 0, in_flight = 0;  // the owner's alone

  std::mutex mutex;  // guards what follows
  std::condition_variable job_arrived, job_done;
  std::deque<Job> jobs;
  std::list<Done> results;
  bool quit = false;

  std::vector<std::thread> threads;

  void run(const Work& work) {
    for (;;) {
      std::unique_lock lock(mutex);
      job_arrived.wait(lock, [this] { return quit || !jobs.empty(); });
      if (quit) return;
      Job job = std::move(jobs.front());
      jobs.pop_front();
      lock.unlock();
      Done& done = job.done.front();
      try {
        done.result = work(std::move(job.request));
      } catch (...) {
        done.exception = std::current_exception();
      }
      lock.lock();
      results.splice(results.end(), job.done);
      lock.unlock();
      job_done.notify_one();
    }
  }

  void stop() {
    {
      const std::lock_guard lock(mutex);
      quit = true;
    }
    job_arrived.notify_all();
    for (std::thread& thread : threads) thread.join();
  }

  /// Takes the result that is next in turn; call with the lock held.
  std::optional<Done> take() {
    const auto found = ordered ? std::find_if(results.begin(), results.end(),
                                              [this](const Done& done) { return done.number == popped; })
                               : results.begin();
    if (found == results.end()) return std::nullopt;
    Done done = std::move(*found);
    results.erase(found);
    return done;
  }
};

Workers::Workers(std::vector<Work> works, bool ordered, std::optional<std::chrono::milliseconds> timeout)
    : state_(std::make_unique<State>()) {
  state_->ordered = ordered;
  state_->timeout = timeout;
  state_->threads.reserve(works.size());
  try {
    for (Work& work : works)
      state_->threads.emplace_back([state = state_.get(), work = std::move(work)] { state->run(work); });
  } catch (...) {
    state_->stop();
    throw;
  }
}

Workers::~Workers() { state_->stop(); }

size_t Workers::in_flight() const { return state_->in_flight; }

void Workers::push(Request request) {
  State::Job job{std::move(request), {}};
  job.done.push_back({state_->pushed, nullptr, nullptr});
  {
    const std::lock_guard lock(state_->mutex);
    state_->jobs.push_back(std::move(job));
  }
  ++state_->pushed;
  ++state_->in_flight;
  state_->job_arrived.notify_one();
}

Workers::Result Workers::pop() {
  if (state_->in_flight == 0) return nullptr;
  std::optional<State::Done> done;
  std::unique_lock lock(state_->mutex);
  const auto is_there = [&] { return (done = state_->take()).has_value(); };
  if (!state_->timeout) {
    state_->job_done.wait(lock, is_there);
  } else if (!state_->job_done.wait_for(lock, *state_->timeout, is_there)) {
    fail("Timeout in DataLoader queue while waiting for next batch (timeout was ", state_->timeout->count(), " ms)");
  }
  lock.unlock();
  ++state_->popped;
  --state_->in_flight;
  if (done->exception) throw WorkerException(done->exception);
  return std::move(done->result);
}

void Workers::drain() {
  std::unique_lock lock(state_->mutex);
  state_->in_flight -= state_->jobs.size();
  state_->jobs.clear();
  state_->job_done.wait(lock, [this] { return state_->results.size() == state_->in_flight; });
  state_->results.clear();
  state_->in_flight = 0;
  state_->popped = state_->pushed;
}

}  // namespace detail
}  // namespace gradus::data
