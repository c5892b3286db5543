// Natives that compute element by element. As in cudf, operands of a binary operation are converted to the common type
// of both and the result, the operation rounds once, and its result is converted to the type that was asked for.
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <type_traits>

#include "host.hpp"

using namespace host;

#define NATIVE(result, name) extern "C" JNIEXPORT result JNICALL Java_ai_rapids_cudf_##name

namespace {

// cudf's numbers of the operations.
enum Op {
  ADD = 0,
  SUB = 1,
  MUL = 2,
  DIV = 3,
  SHIFT_LEFT = 13,
  SHIFT_RIGHT = 14,
  BITWISE_AND = 16,
  BITWISE_OR = 17,
  BITWISE_XOR = 18,
  EQUAL = 21,
  NOT_EQUAL = 22,
  LESS = 23,
  GREATER = 24,
  LESS_EQUAL = 25,
  GREATER_EQUAL = 26
};

// The one NaN that a GPU's arithmetic gives.
template <typename T>
T canonical(T value) {
  if constexpr (std::is_same_v<T, float>) {
    uint32_t nan = 0x7FFFFFFF;
    if (std::isnan(value)) std::memcpy(&value, &nan, sizeof nan);
  } else if constexpr (std::is_same_v<T, double>) {
    uint64_t nan = 0x7FFFFFFFFFFFFFFF;
    if (std::isnan(value)) std::memcpy(&value, &nan, sizeof nan);
  }
  return value;
}

template <typename To, typename From>
To converted(From value) {
  if constexpr (std::is_same_v<To, From>)
    return value;
  else
    return canonical(static_cast<To>(value));
}

template <typename T>
constexpr int id_of() {
  if constexpr (std::is_same_v<T, int32_t>)
    return INT32;
  else if constexpr (std::is_same_v<T, int64_t>)
    return INT64;
  else if constexpr (std::is_same_v<T, uint8_t>)
    return UINT8;
  else if constexpr (std::is_same_v<T, uint16_t>)
    return UINT16;
  else if constexpr (std::is_same_v<T, uint32_t>)
    return UINT32;
  else if constexpr (std::is_same_v<T, uint64_t>)
    return UINT64;
  else if constexpr (std::is_same_v<T, float>)
    return FLOAT32;
  else if constexpr (std::is_same_v<T, double>)
    return FLOAT64;
  else
    return BOOL8;
}

int common(int a, int b) {
  return with_type(a, [b](auto x) {
    return with_type(b, [](auto y) { return id_of<std::common_type_t<decltype(x), decltype(y)>>(); });
  });
}

// One operand: a column, or one number for all rows.
struct Operand {
  int type;
  const uint8_t* data;
  bool is_scalar;
};

template <typename T>
std::vector<T> loaded(const Operand& from, int64_t rows) {
  std::vector<T> values(rows);
  with_type(from.type, [&](auto it) {
    using From = decltype(it);
    auto* data = reinterpret_cast<const From*>(from.data);
    if (from.is_scalar) {
      std::fill(values.begin(), values.end(), converted<T>(data[0]));
    } else {
      for (int64_t i = 0; i < rows; i++) values[i] = converted<T>(data[i]);
    }
    return 0;
  });
  return values;
}

template <typename R, typename T, typename F>
jlong stored(int type, const std::vector<T>& a, const std::vector<T>& b, F f) {
  Made made(type, a.size());
  with_type(type, [&](auto it) {
    using To = decltype(it);
    for (size_t i = 0; i < a.size(); i++) made.as<To>()[i] = converted<To>(canonical(static_cast<R>(f(a[i], b[i]))));
    return 0;
  });
  return made.handle();
}

template <typename T>
jlong compared(int op, const std::vector<T>& a, const std::vector<T>& b) {
  switch (op) {
    case EQUAL: return stored<bool>(BOOL8, a, b, [](T x, T y) { return x == y; });
    case NOT_EQUAL: return stored<bool>(BOOL8, a, b, [](T x, T y) { return x != y; });
    case LESS: return stored<bool>(BOOL8, a, b, [](T x, T y) { return x < y; });
    case GREATER: return stored<bool>(BOOL8, a, b, [](T x, T y) { return x > y; });
    case LESS_EQUAL: return stored<bool>(BOOL8, a, b, [](T x, T y) { return x <= y; });
    default: return stored<bool>(BOOL8, a, b, [](T x, T y) { return x >= y; });
  }
}

// Unsigned numbers wrap; narrow ones are computed as int, as in C++.
template <typename T>
jlong calculated(int op, int type, const std::vector<T>& a, const std::vector<T>& b) {
  if constexpr (std::is_same_v<T, bool>) {
    throw std::logic_error("arithmetic of booleans is not modelled");
  } else {
    switch (op) {
      case ADD: return stored<T>(type, a, b, [](T x, T y) { return x + y; });
      case SUB: return stored<T>(type, a, b, [](T x, T y) { return x - y; });
      case MUL: return stored<T>(type, a, b, [](T x, T y) { return x * y; });
      case DIV: return stored<T>(type, a, b, [](T x, T y) { return x / y; });
      default: break;
    }
    if constexpr (std::is_integral_v<T>) {
      switch (op) {
        case SHIFT_LEFT: return stored<T>(type, a, b, [](T x, T y) { return x << y; });
        case SHIFT_RIGHT: return stored<T>(type, a, b, [](T x, T y) { return x >> y; });
        case BITWISE_AND: return stored<T>(type, a, b, [](T x, T y) { return x & y; });
        case BITWISE_OR: return stored<T>(type, a, b, [](T x, T y) { return x | y; });
        case BITWISE_XOR: return stored<T>(type, a, b, [](T x, T y) { return x ^ y; });
        default: break;
      }
    }
    throw std::logic_error("Unsupported operator for these types");
  }
}

jlong binary(int op, const Operand& a, const Operand& b, int64_t rows, int type) {
  operation();
  bool compares = op >= EQUAL && op <= GREATER_EQUAL;
  require(compares || op <= BITWISE_XOR, "operation " + std::to_string(op) + " is not modelled");
  require(!compares || type == BOOL8, "a comparison gives booleans");
  int operands = common(common(type, a.type), b.type);
  return with_type(operands, [&](auto it) -> jlong {
    using T = decltype(it);
    std::vector<T> x = loaded<T>(a, rows);
    std::vector<T> y = loaded<T>(b, rows);
    return compares ? compared<T>(op, x, y) : calculated<T>(op, type, x, y);
  });
}

Operand of(const View& view) { return {view.type, view.data, false}; }
Operand of(const Scalar& scalar) { return {scalar.type, scalar.data, true}; }

jlong selected(const View& mask, const Operand& then, const Operand& otherwise) {
  operation();
  require(mask.type == BOOL8 && then.type == otherwise.type, "a selection by no mask, or of different types");
  int size = size_of(then.type);
  Made made(then.type, mask.rows);
  for (int64_t i = 0; i < mask.rows; i++) {
    const Operand& chosen = mask.data[i] != 0 ? then : otherwise;
    std::memcpy(made.data + i * size, chosen.data + (chosen.is_scalar ? 0 : i * size), size);
  }
  return made.handle();
}

void require_rows(const View& a, const View& b) { require(a.rows == b.rows, "columns of different lengths"); }

}  // namespace

NATIVE(jlong, ColumnView_binaryOpVV)(JNIEnv* env, jclass, jlong a, jlong b, jint op, jint type, jint) {
  return guarded(env, [&]() -> jlong {
    require_rows(view(a), view(b));
    return binary(op, of(view(a)), of(view(b)), view(a).rows, type);
  });
}
NATIVE(jlong, ColumnView_binaryOpVS)(JNIEnv* env, jclass, jlong a, jlong b, jint op, jint type, jint) {
  return guarded(env, [&]() -> jlong { return binary(op, of(view(a)), of(scalar(b)), view(a).rows, type); });
}

NATIVE(jlong, ColumnView_castTo)(JNIEnv* env, jclass, jlong from, jint type, jint) {
  return guarded(env, [&]() -> jlong {
    operation();
    View source = view(from);
    Made made(type, source.rows);
    with_type(type, [&](auto it) {
      using To = decltype(it);
      if constexpr (!std::is_same_v<To, bool>) {
        std::vector<To> values = loaded<To>(of(source), source.rows);
        std::memcpy(made.data, values.data(), values.size() * sizeof(To));
      } else {
        throw std::logic_error("a cast to booleans is not modelled");
      }
      return 0;
    });
    return made.handle();
  });
}

NATIVE(jlong, ColumnView_isNanNative)(JNIEnv* env, jclass, jlong from) {
  return guarded(env, [&]() -> jlong {
    operation();
    View source = view(from);
    require(source.type == FLOAT32 || source.type == FLOAT64, "IsNan operator: numbers that are not floats");
    std::vector<double> values = loaded<double>(of(source), source.rows);
    return stored<bool>(BOOL8, values, values, [](double x, double) { return std::isnan(x); });
  });
}

NATIVE(jlong, ColumnView_ifElseVV)(JNIEnv* env, jclass, jlong mask, jlong then, jlong otherwise) {
  return guarded(env, [&]() -> jlong {
    require_rows(view(mask), view(then));
    require_rows(view(mask), view(otherwise));
    return selected(view(mask), of(view(then)), of(view(otherwise)));
  });
}
NATIVE(jlong, ColumnView_ifElseVS)(JNIEnv* env, jclass, jlong mask, jlong then, jlong otherwise) {
  return guarded(env, [&]() -> jlong {
    require_rows(view(mask), view(then));
    return selected(view(mask), of(view(then)), of(scalar(otherwise)));
  });
}
NATIVE(jlong, ColumnView_ifElseSV)(JNIEnv* env, jclass, jlong mask, jlong then, jlong otherwise) {
  return guarded(env, [&]() -> jlong {
    require_rows(view(mask), view(otherwise));
    return selected(view(mask), of(scalar(then)), of(view(otherwise)));
  });
}
