// Memory, handles and exceptions of the device that is the host.
#include "host.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

namespace host {

int64_t setting(const char* name, int64_t standard) {
  const char* value = std::getenv(name);
  return value == nullptr ? standard : std::atoll(value);
}

namespace {

std::mutex lock;
std::map<uintptr_t, int64_t> allocations;
std::map<jlong, std::string> handles;
int64_t in_use = 0;
int64_t scoped = 0;  // bytes taken since somebody began to count, and the most of them
int64_t most_scoped = 0;
std::atomic<int64_t> operations{0};

struct AtExit {
  ~AtExit() {
    if (setting("CUDF_ON_HOST_LEAKS", 0) != 0) {
      std::fprintf(stderr, "cudf-on-host: %lld operations, %zu handles and %lld bytes left\n",
                   static_cast<long long>(operations), handles.size(), static_cast<long long>(in_use));
    }
  }
} at_exit;

template <typename T>
T& checked(jlong handle, const char* kind) {
  std::lock_guard<std::mutex> guard(lock);
  auto found = handles.find(handle);
  require(found != handles.end() && found->second == kind, std::string("not a ") + kind + ", or one that was closed");
  return *reinterpret_cast<T*>(handle);
}

template <typename T>
jlong made(T* structure, const char* kind) {
  std::lock_guard<std::mutex> guard(lock);
  jlong handle = reinterpret_cast<jlong>(structure);
  handles[handle] = kind;
  return handle;
}

View whole(const View& view) {
  require_device(view.data, static_cast<int64_t>(view.rows) * size_of(view.type), "a column");
  return view;
}

}  // namespace

void require(bool holds, const std::string& what) {
  if (!holds) throw std::logic_error("cudf-on-host: " + what);
}

int size_of(int type) {
  return with_type(type, [](auto it) { return static_cast<int>(sizeof(it)); });
}

int64_t bytes_at_most() { return setting("CUDF_ON_HOST_MEMORY", int64_t{8} << 30); }

int64_t bytes_in_use() {
  std::lock_guard<std::mutex> guard(lock);
  return in_use;
}

void begin_scope(int64_t bytes) {
  std::lock_guard<std::mutex> guard(lock);
  scoped = most_scoped = bytes;
}

int64_t most_in_scope() {
  std::lock_guard<std::mutex> guard(lock);
  return most_scoped;
}

uint8_t* allocate(int64_t bytes) {
  std::lock_guard<std::mutex> guard(lock);
  if (in_use + bytes > bytes_at_most() * 8 / 10) throw OutOfMemory();  // the pool has 80 % of it
  allocating(bytes);
  auto* address = static_cast<uint8_t*>(std::malloc(bytes == 0 ? 1 : bytes));
  if (address == nullptr) throw OutOfMemory();
  allocations[reinterpret_cast<uintptr_t>(address)] = bytes;
  in_use += bytes;
  scoped += bytes;
  most_scoped = std::max(most_scoped, scoped);
  return address;
}

void release(const void* address, int64_t bytes) {
  std::lock_guard<std::mutex> guard(lock);
  auto found = allocations.find(reinterpret_cast<uintptr_t>(address));
  require(found != allocations.end(), "memory that is not the device's, or was freed, is freed");
  require(bytes < 0 || found->second == bytes, "memory is freed with another size than it was allocated with");
  std::memset(const_cast<void*>(address), 0xA5, found->second);
  in_use -= found->second;
  scoped -= found->second;
  releasing(found->second);
  std::free(const_cast<void*>(address));
  allocations.erase(found);
}

void require_device(const void* address, int64_t bytes, const char* what) {
  if (bytes == 0) return;
  std::lock_guard<std::mutex> guard(lock);
  auto at = reinterpret_cast<uintptr_t>(address);
  auto next = allocations.upper_bound(at);
  require(next != allocations.begin(), std::string(what) + " is not on the device");
  auto& [begin, length] = *std::prev(next);
  require(at + bytes <= begin + length, std::string(what) + " is not on the device, or was freed");
}

void operation() {
  int64_t number = operations++;
  if (number == setting("CUDF_ON_HOST_FAIL_AT", -1)) throw Fatal("operation " + std::to_string(number));
}

View& view(jlong handle) {
  View& found = checked<View>(handle, "view");
  whole(found);
  return found;
}

jlong new_view(const View& view) { return made(new View(whole(view)), "view"); }

Column& column(jlong handle) { return checked<Column>(handle, "column"); }

jlong new_column(int type, int64_t rows, uint8_t* data) {
  require(rows <= INT32_MAX, "a column has too many rows");
  return made(new Column{View{type, data, static_cast<int32_t>(rows)}}, "column");
}

Scalar& scalar(jlong handle) { return checked<Scalar>(handle, "scalar"); }

jlong new_scalar(int type, const void* bits) {
  uint8_t* data = allocate(size_of(type));
  std::memcpy(data, bits, size_of(type));
  return made(new Scalar{type, data}, "scalar");
}

Table& table(jlong handle) {
  Table& found = checked<Table>(handle, "table");
  for (View& column : found.columns) whole(column);
  return found;
}

jlong new_table(std::vector<View> columns) { return made(new Table{std::move(columns)}, "table"); }

void drop(jlong handle, const char* kind) {
  std::string is = kind;
  if (is == "column") {
    Column& dropped = column(handle);
    release(dropped.view.data, -1);
  } else if (is == "scalar") {
    release(scalar(handle).data, -1);
  }
  std::lock_guard<std::mutex> guard(lock);
  auto found = handles.find(handle);
  require(found != handles.end() && found->second == is, "a " + is + " is closed twice");
  handles.erase(found);
  if (is == "view")
    delete reinterpret_cast<View*>(handle);
  else if (is == "column")
    delete reinterpret_cast<Column*>(handle);
  else if (is == "scalar")
    delete reinterpret_cast<Scalar*>(handle);
  else
    delete reinterpret_cast<Table*>(handle);
}

void rethrow(JNIEnv* env) {
  auto raise = [env](const char* type, const std::string& text) { env->ThrowNew(env->FindClass(type), text.c_str()); };
  try {
    throw;
  } catch (const OutOfMemory&) {
    raise("java/lang/OutOfMemoryError",
          "Could not allocate native memory: std::bad_alloc: out_of_memory: the device that is the host is full");
  } catch (const Retry&) {
    raise("com/nvidia/spark/rapids/jni/GpuRetryOOM", "GPU OutOfMemory");
  } catch (const Split&) {
    raise("com/nvidia/spark/rapids/jni/GpuSplitAndRetryOOM", "GPU OutOfMemory");
  } catch (const Fatal& e) {
    jclass type = env->FindClass("ai/rapids/cudf/CudaFatalException");
    jmethodID make = env->GetMethodID(type, "<init>", "(Ljava/lang/String;I)V");
    std::string text = std::string("Fatal CUDA error encountered at: ") + e.what() + ": 700 cudaErrorIllegalAddress";
    env->Throw(static_cast<jthrowable>(env->NewObject(type, make, env->NewStringUTF(text.c_str()), 700)));
  } catch (const std::exception& e) {
    jclass type = env->FindClass("ai/rapids/cudf/CudfException");
    jmethodID make = env->GetMethodID(type, "<init>", "(Ljava/lang/String;)V");
    env->Throw(static_cast<jthrowable>(env->NewObject(type, make, env->NewStringUTF(e.what()))));
  }
}

}  // namespace host
