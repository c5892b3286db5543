// Executes the PTX of kernels on the host: what the other files share. Only what the kernels that merges start need is
// there; whatever else would be executed ends the process.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ptx {

[[noreturn]] void stop(const std::string& why);

// Bits count as unsigned numbers.
enum class Type : uint8_t { S8, S16, S32, S64, U8, U16, U32, U64, F32, F64, PRED };

inline int size_of(Type type) {
  constexpr int sizes[] = {1, 2, 4, 8, 1, 2, 4, 8, 4, 8, 1};
  return sizes[static_cast<int>(type)];
}

enum class Op : uint8_t {
  ABS,
  ADD,
  AND,
  ATOMIC_ADD,
  BARRIER,
  BIT_MASK,
  BRANCH,
  BULK_COPY,
  CALL,
  CLZ,
  COMPARE,
  CONVERT,
  DIV,
  ELECT,
  LOAD,
  MAD,
  MAX,
  MBARRIER_ARRIVE,
  MBARRIER_INIT,
  MBARRIER_WAIT,
  MIN,
  MOVE,
  MUL,
  NEG,
  NOT,
  NOTHING,
  OR,
  PAUSE,
  PERMUTE,
  POPC,
  REDUCE_ADD,
  REM,
  RETURN,
  SELECT,
  SHIFT_LEFT,
  SHIFT_RIGHT,
  SHUFFLE,
  STORE,
  SUB,
  UNKNOWN,
  VOTE,
  WARP_BARRIER,
  XOR
};

// Of comparisons, shuffles, votes, products and block barriers.
enum class Mode : uint8_t {
  NONE,
  EQ,
  NE,
  LT,
  LE,
  GT,
  GE,
  NEU,
  NAN_,
  UP,
  DOWN,
  INDEX,
  BALLOT,
  ANY,
  ALL,
  WIDE,
  HIGH,
  WITH_OR
};

// The first registers of a function hold where its memory is; then come those that PTX calls special.
enum Register {
  PARAMS,
  LOCALS,
  SHARED,
  DYNAMIC,
  THREAD,
  BLOCK,
  THREADS,
  BLOCKS,
  LANE,
  LANES_BELOW,
  LANES_UP_TO,
  LANES_FROM,
  ZERO,
  ONE,
  FIRST_OWN
};

// A number, what a register holds, or an address: the sum of both.
struct Operand {
  int reg = -1;
  uint64_t number = 0;
};

// A place among a function's parameters.
struct Place {
  int offset = 0, size = 0;
};

struct Function;

struct Instruction {
  Op op = Op::UNKNOWN;
  Mode mode = Mode::NONE;
  Type type = Type::U32, from = Type::U32;
  int guard = -1;       // a predicate, without which it does nothing
  bool unless = false;  // it does something where the predicate is false instead
  std::vector<Operand> to, in;
  size_t target = 0;
  const Function* callee = nullptr;
  std::vector<Place> arguments;
  Place result;
  std::string text;
};

// Of shared memory, what variables of the module have.
constexpr int MODULE_SHARED_BYTES = 4096;

struct Function {
  std::string name;
  std::vector<Instruction> code;
  int registers = FIRST_OWN, param_bytes = 0, local_bytes = 0, shared_bytes = MODULE_SHARED_BYTES;
  std::vector<Place> formals;
  Place result;
};

// The kernel of that name, read when it is first asked for.
const Function& kernel(const std::string& name);

// Memory whose addresses have 32 bits, as PTX takes those of shared memory to have.
uint8_t* low_memory(size_t bytes);

struct Size {
  unsigned x, y, z;
};

void launch(const std::string& kernel, Size grid, Size block, void** arguments);

}  // namespace ptx
