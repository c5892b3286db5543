// The threads of a kernel: blocks one after the other, in each of them all threads in turn.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "thread.hpp"

namespace ptx {

void stop(const std::string& why) {
  fprintf(stderr, "cudf-emulated: %s\n", why.c_str());
  _exit(86);
}

uint8_t* low_memory(size_t bytes) {
  void* taken =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT | MAP_NORESERVE, -1, 0);
  if (taken == MAP_FAILED) stop("no memory below 2 GiB");
  return static_cast<uint8_t*>(taken);
}

namespace {

// Of one warp those that are at an instruction together.
using Lanes = std::vector<Thread*>;

void shuffle(const Instruction& i, const Lanes& lanes) {
  uint32_t brought[32] = {};
  bool is_there[32] = {};
  for (Thread* t : lanes) {
    brought[t->lane()] = static_cast<uint32_t>(t->value(i.in[0]));
    is_there[t->lane()] = true;
  }
  for (Thread* t : lanes) {
    int by = t->value(i.in[1]) & 31, clamp = t->value(i.in[2]) & 31, segment = t->value(i.in[2]) >> 8 & 31;
    int first = t->lane() & segment, bound = first | (clamp & ~segment);
    int from = i.mode == Mode::UP ? t->lane() - by : i.mode == Mode::DOWN ? t->lane() + by : first | (by & ~segment);
    bool is_within = i.mode == Mode::UP ? from >= bound : from <= bound;
    if (!is_within) from = t->lane();
    if (!is_there[from]) stop("a value of a lane that is not there: " + i.text);
    t->set(i.to[0], brought[from]);
    if (i.to.size() > 1) t->set(i.to[1], is_within);
  }
}

void vote(const Instruction& i, const Lanes& lanes) {
  uint32_t for_it = 0, all = 0;
  for (Thread* t : lanes) {
    all |= 1u << t->lane();
    if (t->value(i.in[0]) & 1) for_it |= 1u << t->lane();
  }
  for (Thread* t : lanes) {
    t->set(i.to[0], i.mode == Mode::BALLOT ? for_it : i.mode == Mode::ANY ? for_it != 0 : for_it == all);
  }
}

void together(const Instruction& i, const Lanes& lanes) {
  if (i.op == Op::SHUFFLE) shuffle(i, lanes);
  if (i.op == Op::VOTE) vote(i, lanes);
  if (i.op == Op::ELECT) {
    for (Thread* t : lanes) {
      t->set(i.to[0], lanes[0]->lane());
      t->set(i.to[1], t == lanes[0]);
    }
  }
  if (i.op == Op::REDUCE_ADD) {
    uint32_t sum = 0;
    for (Thread* t : lanes) sum += static_cast<uint32_t>(t->value(i.in[0]));
    for (Thread* t : lanes) t->set(i.to[0], sum);
  }
  for (Thread* t : lanes) t->go_on();
}

// Whether some of the warp's threads went on.
bool meet(std::vector<Thread>& threads, size_t first, size_t end) {
  bool went_on = false;
  for (size_t k = first; k < end; k++) {
    if (threads[k].state != State::AT_WARP) continue;
    const Instruction& i = threads[k].waits_at();
    auto mask = static_cast<uint32_t>(threads[k].value(i.in.back()));
    Lanes lanes;
    bool all_are_there = true;
    for (size_t other = first; other < end; other++) {
      Thread& t = threads[other];
      if (!(mask >> t.lane() & 1) || t.state == State::ENDED) continue;
      all_are_there &= t.state == State::AT_WARP && &t.waits_at() == &i;
      lanes.push_back(&t);
    }
    if (all_are_there) {
      together(i, lanes);
      went_on = true;
    }
  }
  return went_on;
}

// All that have not ended are at a barrier of the block.
void pass_barrier(std::vector<Thread>& threads) {
  bool any = false;
  for (Thread& t : threads) {
    if (t.state == State::AT_BLOCK && t.waits_at().mode == Mode::WITH_OR) any |= t.value(t.waits_at().in[1]) != 0;
  }
  for (Thread& t : threads) {
    if (t.state != State::AT_BLOCK) continue;
    const Instruction& i = t.waits_at();
    if (i.mode == Mode::WITH_OR)
      t.set(i.to[0], any);
    else if (i.in.size() != 1)
      stop("a barrier of some threads: " + i.text);
    t.go_on();
  }
}

void run(std::vector<Thread>& threads) {
  for (;;) {
    bool went_on = false;
    for (size_t first = 0; first < threads.size(); first += 32) {
      size_t end = std::min(first + 32, threads.size());
      for (bool again = true; again;) {
        again = false;
        for (size_t k = first; k < end; k++) {
          if (threads[k].state != State::NEW && threads[k].state != State::RUNS) continue;
          threads[k].run();
          went_on = true;
        }
        again = meet(threads, first, end);
      }
    }
    bool all_wait = true, all_ended = true;
    for (Thread& t : threads) {
      all_wait &= t.state == State::AT_BLOCK || t.state == State::ENDED;
      all_ended &= t.state == State::ENDED;
    }
    if (all_ended) return;
    if (all_wait)
      pass_barrier(threads);
    else if (!went_on)
      stop("threads wait for each other for ever");
  }
}

}  // namespace

void launch(const std::string& name, Size grid, Size size, void** arguments) {
  Block block{kernel(name), arguments, grid, size, 0, {}};
  if (grid.y * grid.z * size.y * size.z != 1) stop("a grid of more than one dimension: " + name);
  for (block.x = 0; block.x < grid.x; block.x++) {
    std::vector<Thread> threads;
    threads.reserve(size.x);
    for (unsigned x = 0; x < size.x; x++) threads.emplace_back(block, x);
    block.barriers.clear();
    run(threads);
  }
}

}  // namespace ptx
