// A device that is the host: what the other files share. Handles are addresses of the structures below, as in cudf;
// every use of one is checked, and whatever a GPU would answer with garbage or a crash ends in an exception here.
#pragma once
#include <jni.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace host {

// cudf's numbers of the types that columns of ours have.
enum Type {
  INT32 = 3,
  INT64 = 4,
  UINT8 = 5,
  UINT16 = 6,
  UINT32 = 7,
  UINT64 = 8,
  FLOAT32 = 9,
  FLOAT64 = 10,
  BOOL8 = 11
};

// Calls something with a value of the C++ type.
template <typename F>
auto with_type(int type, F f) {
  switch (type) {
    case INT32: return f(int32_t{});
    case INT64: return f(int64_t{});
    case UINT8: return f(uint8_t{});
    case UINT16: return f(uint16_t{});
    case UINT32: return f(uint32_t{});
    case UINT64: return f(uint64_t{});
    case FLOAT32: return f(float{});
    case FLOAT64: return f(double{});
    case BOOL8: return f(bool{});
    default: throw std::logic_error("type " + std::to_string(type) + " is not modelled");
  }
}

int size_of(int type);

// A number in the environment.
int64_t setting(const char* name, int64_t standard);

// Device memory. Throws OutOfMemory; what is freed is overwritten.
struct OutOfMemory : std::exception {};
struct Retry : std::exception {};
struct Split : std::exception {};
struct Fatal : std::runtime_error {
  using std::runtime_error::runtime_error;
};

uint8_t* allocate(int64_t bytes);
void release(const void* address, int64_t bytes);
void require_device(const void* address, int64_t bytes, const char* what);
int64_t bytes_in_use();
void begin_scope(int64_t bytes);
int64_t most_in_scope();
int64_t bytes_at_most();

// What Spark's RAPIDS plugin, if it is there, has to say when a thread takes memory, and returns it: throws Retry or
// Split.
void allocating(int64_t bytes);
void releasing(int64_t bytes);

// An operation begins: throws if it is the one that is to fail.
void operation();

struct View {
  int type;
  uint8_t* data;
  int32_t rows;
  int32_t offset = 0;  // elements of the column before it, which data does not count
};

struct Column {
  View view;
};

struct Scalar {
  int type;
  uint8_t* data;  // on the device, as cudf has it
};

struct Table {
  std::vector<View> columns;
};

View& view(jlong handle);
jlong new_view(const View& view);
Column& column(jlong handle);
jlong new_column(int type, int64_t rows, uint8_t* data);
Scalar& scalar(jlong handle);
jlong new_scalar(int type, const void* bits);
Table& table(jlong handle);
jlong new_table(std::vector<View> columns);
void drop(jlong handle, const char* kind);

// A column that an operation fills, freed if that fails.
struct Made {
  int type;
  int64_t rows;
  uint8_t* data;
  Made(int type, int64_t rows) : type(type), rows(rows), data(allocate(rows * size_of(type))) {}
  Made(const Made&) = delete;
  ~Made() {
    if (data != nullptr) release(data, -1);
  }
  template <typename T>
  T* as() {
    return reinterpret_cast<T*>(data);
  }
  jlong handle() {
    jlong made = new_column(type, rows, data);
    data = nullptr;
    return made;
  }
};

void require(bool holds, const std::string& what);

// Runs the body of a native and turns C++ exceptions into those of Java that cudf throws.
void rethrow(JNIEnv* env);

template <typename F>
auto guarded(JNIEnv* env, F f) -> decltype(f()) {
  using Result = decltype(f());
  try {
    return f();
  } catch (...) {
    rethrow(env);
    if constexpr (!std::is_void_v<Result>) return Result{};
  }
}

}  // namespace host
