// What instructions compute, by the PTX ISA: each operation of floats rounds once, to nearest even, and subnormals
// stay.
#include <algorithm>
#include <cmath>
#include <limits>

#include "values.hpp"

namespace ptx {
namespace {

bool is_float(Type type) { return type == Type::F32 || type == Type::F64; }

template <typename T>
T divided(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    if (b == 0) return static_cast<T>(-1);
    if (std::is_signed_v<T> && b == static_cast<T>(-1)) return static_cast<T>(0 - static_cast<uint64_t>(a));
  }
  return a / b;
}

template <typename T>
T remainder_of(T a, T b) {
  return b == 0 ? a : std::is_signed_v<T> && b == static_cast<T>(-1) ? 0 : a % b;
}

template <typename T>
bool holds(Mode comparison, T a, T b) {
  bool unordered = a != a || b != b;
  switch (comparison) {
    case Mode::EQ: return a == b;
    case Mode::NE: return a != b && !unordered;
    case Mode::LT: return a < b;
    case Mode::LE: return a <= b;
    case Mode::GT: return a > b;
    case Mode::GE: return a >= b;
    case Mode::NEU: return a != b;
    case Mode::NAN_: return unordered;
    default: stop("a comparison that is none");
  }
}

}  // namespace

void Thread::arithmetic(const Instruction& i) {
  with_type(i.type, [&](auto type) {
    using T = decltype(type);
    using Wide = std::conditional_t<std::is_integral_v<T>, uint64_t, T>;  // where integers may overflow
    T a = in<T>(i, 0), b = i.in.size() > 1 ? in<T>(i, 1) : T{};
    bool is_nan = a != a || b != b;
    switch (i.op) {
      case Op::ADD: return result(i, static_cast<T>(static_cast<Wide>(a) + static_cast<Wide>(b)));
      case Op::SUB: return result(i, static_cast<T>(static_cast<Wide>(a) - static_cast<Wide>(b)));
      case Op::DIV: return result(i, divided(a, b));
      case Op::MIN:
        if (!is_nan && (a != b || std::is_integral_v<T>)) return result(i, std::min(a, b));
        break;
      case Op::MAX:
        if (!is_nan && (a != b || std::is_integral_v<T>)) return result(i, std::max(a, b));
        break;
      case Op::NEG: return set(i.to[0], bits_of(std::is_integral_v<T> ? static_cast<T>(0 - static_cast<Wide>(a)) : -a));
      case Op::ABS:
        return set(i.to[0], bits_of(static_cast<T>(a < 0 || std::signbit(static_cast<double>(a)) ? -a : a)));
      default: break;
    }
    if constexpr (std::is_integral_v<T>) {
      switch (i.op) {
        case Op::AND: return result(i, static_cast<T>(a & b));
        case Op::OR: return result(i, static_cast<T>(a | b));
        case Op::XOR: return result(i, static_cast<T>(a ^ b));
        case Op::NOT: return result(i, static_cast<T>(i.type == Type::PRED ? !a : ~a));
        case Op::REM: return result(i, remainder_of(a, b));
        default: break;
      }
    }
    stop("not known of that type, or of NaN, or of equal floats: " + i.text);
  });
}

void Thread::product(const Instruction& i) {
  with_type(i.type, [&](auto type) {
    using T = decltype(type);
    T a = in<T>(i, 0), b = in<T>(i, 1);
    if constexpr (std::is_floating_point_v<T>) {
      if (i.op == Op::MAD) stop("a fused operation: " + i.text);
      result(i, a * b);
    } else {
      using Wide = std::conditional_t<std::is_signed_v<T>, __int128, unsigned __int128>;
      Wide whole = static_cast<Wide>(a) * b;
      uint64_t part = static_cast<uint64_t>(i.mode == Mode::HIGH ? whole >> (8 * sizeof(T)) : whole);
      uint64_t sum = part + (i.op == Op::MAD ? value(i.in[2]) : 0);
      if (i.mode == Mode::WIDE)
        set(i.to[0], sum);
      else
        result(i, static_cast<T>(sum));
    }
  });
}

void Thread::shift(const Instruction& i) {
  with_integer(i.type, [&](auto type) {
    using T = decltype(type);
    T a = in<T>(i, 0);
    uint32_t by = in<uint32_t>(i, 1), bits = 8 * sizeof(T);
    if (i.op == Op::SHIFT_LEFT)
      result(i, static_cast<T>(by >= bits ? 0 : static_cast<uint64_t>(a) << by));
    else if (by >= bits)
      result(i, static_cast<T>(a < 0 ? -1 : 0));
    else
      result(i, static_cast<T>(a >> by));
  });
}

void Thread::compare(const Instruction& i) {
  with_type(i.type, [&](auto type) {
    using T = decltype(type);
    bool is = holds(i.mode, in<T>(i, 0), in<T>(i, 1));
    set(i.to[0], is);
    if (i.to.size() > 1) set(i.to[1], !is);
  });
}

void Thread::convert(const Instruction& i) {
  if (is_float(i.from) && !is_float(i.type)) stop("a conversion of floats to integers: " + i.text);
  with_type(i.from, [&](auto from) {
    auto number = in<decltype(from)>(i, 0);
    with_type(i.type, [&](auto to) { result(i, canonical(static_cast<decltype(to)>(number))); });
  });
}

// Four bytes of eight.
void Thread::permute(const Instruction& i) {
  uint64_t bytes = in<uint32_t>(i, 0) | static_cast<uint64_t>(in<uint32_t>(i, 1)) << 32;
  uint32_t chosen = 0;
  for (int k = 0; k < 4; k++) {
    uint32_t choice = in<uint32_t>(i, 2) >> (4 * k) & 15;
    uint32_t byte = bytes >> (8 * (choice & 7)) & 255;
    if (choice & 8) byte = byte & 128 ? 255 : 0;
    chosen |= byte << (8 * k);
  }
  result(i, chosen);
}

}  // namespace ptx
