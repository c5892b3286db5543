// A thread: its frames and registers, what it does next, and how it moves what is in memory.
#include "thread.hpp"

#include <algorithm>
#include <cstring>

#include "values.hpp"

namespace ptx {
namespace {

constexpr size_t LOCAL_BYTES = 1 << 16, REGISTERS = 1 << 17;
constexpr int TURN = 1 << 20;

// Register files of threads that have ended.
std::vector<uint64_t*> unused;

uint64_t* take_registers() {
  if (unused.empty()) return new uint64_t[REGISTERS];
  uint64_t* taken = unused.back();
  unused.pop_back();
  return taken;
}

uint8_t* local_memory(unsigned thread) {
  static uint8_t* all = low_memory(1024 * LOCAL_BYTES);
  return all + thread * LOCAL_BYTES;
}

uint8_t* shared_memory() {
  static uint8_t* all = low_memory(1 << 20);
  return all;
}

uint8_t* aligned(uint8_t* address) { return address + (-reinterpret_cast<uint64_t>(address) & 127); }

}  // namespace

void Thread::run() {
  if (state == State::NEW) begin();
  for (turn = TURN; turn > 0; turn--) {
    const Instruction& i = waits_at();
    bool skips = i.guard >= 0 && (frame().registers[i.guard] != 0) == i.unless;
    if (!skips && !execute(i)) return;
    if (skips) frame().next++;
  }
}

void Thread::begin() {
  registers = take_registers();
  enter(block->kernel, registers, local_memory(x));
  const auto& formals = block->kernel.formals;
  for (size_t k = 0; k < formals.size(); k++)
    memcpy(frame().params + formals[k].offset, block->arguments[k], formals[k].size);
  state = State::RUNS;
}

void Thread::enter(const Function& function, uint64_t* its_registers, uint8_t* memory) {
  uint8_t* params = aligned(memory);
  uint8_t* locals = aligned(params + function.param_bytes);
  if (locals + function.local_bytes > local_memory(x) + LOCAL_BYTES)
    stop("a thread's memory is full in " + function.name);
  if (its_registers + function.registers > registers + REGISTERS) stop("no registers are left for " + function.name);
  frames.push_back({&function, its_registers, params, locals, 0});
  uint64_t* r = its_registers;
  r[PARAMS] = reinterpret_cast<uint64_t>(params);
  r[LOCALS] = reinterpret_cast<uint64_t>(locals);
  r[SHARED] = reinterpret_cast<uint64_t>(shared_memory());
  r[DYNAMIC] = reinterpret_cast<uint64_t>(aligned(shared_memory() + block->kernel.shared_bytes));
  r[THREAD] = x;
  r[BLOCK] = block->x;
  r[THREADS] = block->size.x;
  r[BLOCKS] = block->grid.x;
  r[LANE] = lane();
  r[LANES_BELOW] = (1u << lane()) - 1;
  r[LANES_UP_TO] = (2u << lane()) - 1;
  r[LANES_FROM] = ~((1u << lane()) - 1);
  r[ZERO] = 0;
  r[ONE] = 1;
}

void Thread::call(const Instruction& i) {
  Frame caller = frame();
  const Function& callee = *i.callee;
  enter(callee, caller.registers + caller.function->registers, caller.locals + caller.function->local_bytes);
  for (size_t k = 0; k < i.arguments.size(); k++) {
    memcpy(frame().params + callee.formals[k].offset, caller.params + i.arguments[k].offset, i.arguments[k].size);
  }
}

// False at the end of the kernel.
bool Thread::leave() {
  Frame left = frame();
  if (frames.size() == 1) {
    unused.push_back(registers);
    state = State::ENDED;
    return false;
  }
  frames.pop_back();
  const Instruction& call = waits_at();
  memcpy(frame().params + call.result.offset, left.params + left.function->result.offset, call.result.size);
  frame().next++;
  return true;
}

// False if the thread does not go on by itself.
bool Thread::execute(const Instruction& i) {
  switch (i.op) {
    case Op::ABS:
    case Op::ADD:
    case Op::AND:
    case Op::DIV:
    case Op::MAX:
    case Op::MIN:
    case Op::NEG:
    case Op::NOT:
    case Op::OR:
    case Op::REM:
    case Op::SUB:
    case Op::XOR: arithmetic(i); break;
    case Op::MUL:
    case Op::MAD: product(i); break;
    case Op::SHIFT_LEFT:
    case Op::SHIFT_RIGHT: shift(i); break;
    case Op::COMPARE: compare(i); break;
    case Op::SELECT: set(i.to[0], value(i.in[2]) != 0 ? value(i.in[0]) : value(i.in[1])); break;
    case Op::CONVERT: convert(i); break;
    case Op::MOVE: move(i); break;
    case Op::LOAD: load(i); break;
    case Op::STORE: store(i); break;
    case Op::PERMUTE: permute(i); break;
    case Op::CLZ: result(i, in<uint32_t>(i, 0) == 0 ? 32 : __builtin_clz(in<uint32_t>(i, 0))); break;
    case Op::BIT_MASK: {
      uint64_t from = std::min(in<uint32_t>(i, 0), 32u), bits = std::min(in<uint32_t>(i, 1), 32u);
      result(i, static_cast<uint32_t>(((uint64_t{1} << bits) - 1) << from));
      break;
    }
    case Op::POPC: result(i, __builtin_popcount(in<uint32_t>(i, 0))); break;
    case Op::ATOMIC_ADD: {
      auto* sum = reinterpret_cast<uint32_t*>(value(i.in[0]));
      if (size_of(i.type) != 4) stop("an atomic addition of other types: " + i.text);
      result(i, *sum);
      *sum += in<uint32_t>(i, 1);
      break;
    }
    case Op::MBARRIER_INIT:
    case Op::MBARRIER_ARRIVE:
    case Op::MBARRIER_WAIT:
    case Op::BULK_COPY: memory_barrier(i); break;
    case Op::NOTHING: break;
    case Op::PAUSE: turn = 1; break;
    case Op::BRANCH: frame().next = i.target; return true;
    case Op::CALL: call(i); return true;
    case Op::RETURN: return leave();
    case Op::BARRIER: state = State::AT_BLOCK; return false;
    case Op::ELECT:
    case Op::REDUCE_ADD:
    case Op::SHUFFLE:
    case Op::VOTE:
    case Op::WARP_BARRIER: state = State::AT_WARP; return false;
    case Op::UNKNOWN: stop("not known: " + i.text + "\n  in " + frame().function->name);
  }
  frame().next++;
  return true;
}

// Also of a wide register to several narrow ones, and back.
void Thread::move(const Instruction& i) {
  if (i.to.size() == 1 && i.in.size() == 1) return set(i.to[0], value(i.in[0]));
  size_t parts = std::max(i.to.size(), i.in.size()), bits = 8 * size_of(i.type) / parts;
  uint64_t mask = (uint64_t{1} << bits) - 1, whole = 0;
  if (i.in.size() == 1) {
    for (size_t k = 0; k < parts; k++) set(i.to[k], value(i.in[0]) >> (k * bits) & mask);
  } else {
    for (size_t k = 0; k < parts; k++) whole |= (value(i.in[k]) & mask) << (k * bits);
    set(i.to[0], whole);
  }
}

void Thread::load(const Instruction& i) {
  auto* from = reinterpret_cast<const uint8_t*>(value(i.in[0]));
  with_type(i.type, [&](auto type) {
    for (size_t k = 0; k < i.to.size(); k++) {
      memcpy(&type, from + k * sizeof type, sizeof type);
      set(i.to[k], bits_of(type));
    }
  });
}

void Thread::store(const Instruction& i) {
  auto* to = reinterpret_cast<uint8_t*>(value(i.in[0]));
  for (size_t k = 1; k < i.in.size(); k++) {
    uint64_t bits = value(i.in[k]);
    memcpy(to + (k - 1) * size_of(i.type), &bits, size_of(i.type));
  }
}

void Thread::memory_barrier(const Instruction& i) {
  MemoryBarrier& barrier = block->barriers[value(i.in[i.op == Op::BULK_COPY ? 3 : 0])];
  if (i.op == Op::MBARRIER_INIT) {
    barrier = MemoryBarrier();
    barrier.count = barrier.pending = in<int>(i, 1);
  } else if (i.op == Op::MBARRIER_ARRIVE) {
    barrier.bytes += in<uint32_t>(i, 1);
    barrier.pending--;
    barrier.settle();
  } else if (i.op == Op::MBARRIER_WAIT) {
    bool is_over = barrier.phase != ((in<uint32_t>(i, 1) & 1) != 0);
    set(i.to[0], is_over);
    if (!is_over) turn = 1;
  } else {
    memcpy(reinterpret_cast<void*>(value(i.in[0])), reinterpret_cast<void*>(value(i.in[1])), in<uint32_t>(i, 2));
    barrier.bytes -= in<uint32_t>(i, 2);
    barrier.settle();
  }
}

}  // namespace ptx
