// The values of registers as numbers of a type.
#pragma once
#include <cmath>
#include <cstring>
#include <type_traits>

#include "thread.hpp"

namespace ptx {

template <typename F>
void with_integer(Type type, F f) {
  switch (type) {
    case Type::S8: return f(int8_t{});
    case Type::S16: return f(int16_t{});
    case Type::S32: return f(int32_t{});
    case Type::S64: return f(int64_t{});
    case Type::U8:
    case Type::PRED: return f(uint8_t{});
    case Type::U16: return f(uint16_t{});
    case Type::U32: return f(uint32_t{});
    case Type::U64: return f(uint64_t{});
    default: stop("integers of no type");
  }
}

template <typename F>
void with_type(Type type, F f) {
  if (type == Type::F32)
    f(float{});
  else if (type == Type::F64)
    f(double{});
  else
    with_integer(type, f);
}

// The NaN that arithmetic of a GPU gives.
template <typename T>
T canonical(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    uint64_t bits = sizeof(T) == 4 ? 0x7FFFFFFF : 0xFFF8000000000000;
    if (std::isnan(value)) memcpy(&value, &bits, sizeof(T));
  }
  return value;
}

template <typename T>
uint64_t bits_of(T value) {
  if constexpr (std::is_integral_v<T>) return static_cast<uint64_t>(static_cast<int64_t>(value));
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof value);
  return bits;
}

template <typename T>
T Thread::in(const Instruction& i, size_t k) const {
  uint64_t bits = value(i.in[k]);
  T read;
  memcpy(&read, &bits, sizeof read);
  return read;
}

template <typename T>
void Thread::result(const Instruction& i, T value) {
  set(i.to[0], bits_of(canonical(value)));
}

}  // namespace ptx
