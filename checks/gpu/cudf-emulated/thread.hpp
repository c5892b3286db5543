// One thread of a kernel.
#pragma once
#include "ptx.hpp"

namespace ptx {

// A barrier in shared memory, which copies complete.
struct MemoryBarrier {
  int count = 0, pending = 0;
  int64_t bytes = 0;
  bool phase = false;
  void settle() {
    if (pending > 0 || bytes != 0) return;
    phase = !phase;
    pending = count;
  }
};

// What the threads of a block share.
struct Block {
  const Function& kernel;
  void** arguments;
  Size grid, size;
  unsigned x;  // its number
  std::map<uint64_t, MemoryBarrier> barriers;
};

enum class State : uint8_t { NEW, RUNS, AT_WARP, AT_BLOCK, ENDED };

class Thread {
 public:
  Thread(Block& block, unsigned x) : block(&block), x(x) {}

  // Goes on until it waits for others, ends, or has had its turn.
  void run();

  int lane() const { return x % 32; }
  const Instruction& waits_at() const { return frame().function->code[frame().next]; }

  // For those who wait for each other: what they bring, and what they get.
  uint64_t value(const Operand& o) const { return (o.reg < 0 ? 0 : frame().registers[o.reg]) + o.number; }
  void set(const Operand& o, uint64_t value) {
    if (o.reg >= 0) frame().registers[o.reg] = value;
  }
  void go_on() {
    frame().next++;
    state = State::RUNS;
  }

  State state = State::NEW;

 private:
  struct Frame {
    const Function* function;
    uint64_t* registers;
    uint8_t *params, *locals;
    size_t next;
  };
  Block* block;
  unsigned x;
  std::vector<Frame> frames;
  uint64_t* registers = nullptr;
  int turn = 0;

  Frame& frame() { return frames.back(); }
  const Frame& frame() const { return frames.back(); }
  void begin();
  void enter(const Function& function, uint64_t* registers, uint8_t* memory);
  void call(const Instruction& i);
  bool leave();
  bool execute(const Instruction& i);
  void arithmetic(const Instruction& i);
  void product(const Instruction& i);
  void shift(const Instruction& i);
  void compare(const Instruction& i);
  void convert(const Instruction& i);
  void move(const Instruction& i);
  void load(const Instruction& i);
  void store(const Instruction& i);
  void permute(const Instruction& i);
  void memory_barrier(const Instruction& i);
  template <typename T>
  T in(const Instruction& i, size_t k) const;
  template <typename T>
  void result(const Instruction& i, T value);
};

}  // namespace ptx
