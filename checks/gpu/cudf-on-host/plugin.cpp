// Natives of Spark's RAPIDS plugin (spark-rapids-jni): as much as its executors need to start, and its retry protocol
// for threads of tasks. A thread that is told to retry must have returned all it had on the device when it waits for
// memory.
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <map>
#include <mutex>

#include "host.hpp"

using namespace host;

#define NATIVE(result, name) extern "C" JNIEXPORT result JNICALL Java_com_nvidia_spark_rapids_jni_##name
#define ADAPTOR(result, name) NATIVE(result, SparkResourceAdaptor_##name)

namespace {

constexpr jlong HANDLE = 5;

jlong this_thread() { return gettid(); }

std::mutex lock;
std::map<jlong, jlong> tasks;  // by the thread that works for them
std::atomic<bool> is_there{false};
std::atomic<int64_t> allocations{0}, host_allocations{0}, held_by_tasks{0};
thread_local int64_t held = 0;  // bytes

// Told at once: Spark kills its executors.
void tell(const std::string& what) {
  if (setting("CUDF_ON_HOST_LEAKS", 0) != 0) std::fprintf(stderr, "cudf-on-host: %s\n", what.c_str());
}

bool works_for_task() {
  std::lock_guard<std::mutex> guard(lock);
  return tasks.count(this_thread()) > 0;
}

}  // namespace

namespace host {

void allocating(int64_t bytes) {
  if (!is_there) return;
  require(works_for_task(), "device memory is taken by a thread that the plugin takes for no task's");
  int64_t number = allocations++;
  if (number == setting("CUDF_ON_HOST_RETRY_AT", -1)) {
    tell("a thread is told to retry");
    throw Retry();
  }
  if (number == setting("CUDF_ON_HOST_SPLIT_AT", -1)) {
    tell("a thread is told to split");
    throw Split();
  }
  held += bytes;
  held_by_tasks += bytes;
}

void releasing(int64_t bytes) {
  held -= bytes;
  held_by_tasks -= bytes;
}

}  // namespace host

NATIVE(jint, Hash_getMaxStackDepth)(JNIEnv*, jclass) { return 8; }
NATIVE(jint, JSONUtils_getMaxJSONPathDepth)(JNIEnv*, jclass) { return 16; }
NATIVE(jint, DeviceAttr_isDeviceIntegrated)(JNIEnv*, jclass) { return 0; }
NATIVE(jlong, TaskPriority_getTaskPriority)(JNIEnv*, jclass, jlong task) { return -task; }
NATIVE(void, TaskPriority_taskDone)(JNIEnv*, jclass, jlong) {}

ADAPTOR(jlong, getCurrentThreadId)(JNIEnv*, jclass) { return this_thread(); }
ADAPTOR(jlong, createNewAdaptor)(JNIEnv*, jclass, jlong) {
  is_there = true;
  return HANDLE;
}
ADAPTOR(void, releaseAdaptor)(JNIEnv*, jclass, jlong) {}
ADAPTOR(void, initializeLoggerNative)(JNIEnv*, jclass, jstring) {}
ADAPTOR(void, shutdownLoggerNative)(JNIEnv*, jclass) {}

ADAPTOR(void, startDedicatedTaskThread)(JNIEnv*, jclass, jlong, jlong thread, jlong task) {
  std::lock_guard<std::mutex> guard(lock);
  tasks[thread] = task;
}
ADAPTOR(void, removeThreadAssociation)(JNIEnv*, jclass, jlong, jlong thread, jlong) {
  std::lock_guard<std::mutex> guard(lock);
  tasks.erase(thread);
}
ADAPTOR(void, taskDone)(JNIEnv*, jclass, jlong, jlong task) {
  tell("a task is done, " + std::to_string(allocations) + " allocations so far, " + std::to_string(held_by_tasks) +
       " bytes left");
  std::lock_guard<std::mutex> guard(lock);
  for (auto it = tasks.begin(); it != tasks.end();) it = it->second == task ? tasks.erase(it) : std::next(it);
}

ADAPTOR(jboolean, isThreadWorkingOnTaskAsPoolThread)(JNIEnv*, jclass, jlong, jlong) { return JNI_FALSE; }
ADAPTOR(void, poolThreadWorkingOnTasks)(JNIEnv*, jclass, jlong, jboolean, jlong, jlongArray) {}
ADAPTOR(void, poolThreadFinishedForTasks)(JNIEnv*, jclass, jlong, jlong, jlongArray) {}

ADAPTOR(void, blockThreadUntilReady)(JNIEnv* env, jclass, jlong) {
  guarded(env, [] {
    require(held == 0, "a thread waits for memory and has " + std::to_string(held) + " bytes");
    tell("a thread that has nothing waits for memory");
  });
}
ADAPTOR(void, startRetryBlock)(JNIEnv*, jclass, jlong, jlong) {}
ADAPTOR(void, endRetryBlock)(JNIEnv*, jclass, jlong, jlong) {}
ADAPTOR(void, checkAndBreakDeadlocks)(JNIEnv*, jclass, jlong, jlongArray) {}
ADAPTOR(void, removeTaskMetrics)(JNIEnv*, jclass, jlong, jlong) {}
ADAPTOR(jint, getAndResetRetryThrowInternal)(JNIEnv*, jclass, jlong, jlong) { return 0; }
ADAPTOR(jint, getAndResetSplitRetryThrowInternal)(JNIEnv*, jclass, jlong, jlong) { return 0; }
ADAPTOR(jlong, getAndResetBlockTimeInternal)(JNIEnv*, jclass, jlong, jlong) { return 0; }
ADAPTOR(jlong, getAndResetComputeTimeLostToRetry)(JNIEnv*, jclass, jlong, jlong) { return 0; }
ADAPTOR(jlong, getAndResetGpuMaxMemoryAllocated)(JNIEnv*, jclass, jlong, jlong) { return 0; }
ADAPTOR(jlong, getMaxGpuTaskMemory)(JNIEnv*, jclass, jlong, jlong) { return 0; }
ADAPTOR(jlong, getTotalBlockedOrLostTime)(JNIEnv*, jclass, jlong, jlong) { return 0; }

// Of the host's memory, of which the plugin keeps count too.
ADAPTOR(jboolean, preCpuAlloc)(JNIEnv* env, jclass, jlong, jlong, jboolean) {
  if (works_for_task() && host_allocations++ == setting("CUDF_ON_HOST_HOST_RETRY_AT", -1)) {
    tell("a thread is told to retry");
    env->ThrowNew(env->FindClass("com/nvidia/spark/rapids/jni/CpuRetryOOM"), "CPU OutOfMemory");
  }
  return JNI_FALSE;
}
ADAPTOR(void, postCpuAllocSuccess)(JNIEnv*, jclass, jlong, jlong, jlong, jboolean, jboolean) {}
ADAPTOR(jboolean, postCpuAllocFailed)(JNIEnv*, jclass, jlong, jboolean, jboolean, jboolean) { return JNI_FALSE; }
ADAPTOR(void, cpuDeallocate)(JNIEnv*, jclass, jlong, jlong, jlong) {}

// What the plugin needs of cudf, and merges do not.
#define CUDF(result, name) extern "C" JNIEXPORT result JNICALL Java_ai_rapids_cudf_##name

CUDF(jboolean, Rmm_configureDefaultCudfPinnedPoolSizeImpl)(JNIEnv*, jclass, jlong) { return JNI_TRUE; }
CUDF(jlong, Rmm_newEventHandlerResourceAdaptor)
(JNIEnv*, jclass, jlong, jlong, jobject, jlongArray, jlongArray, jboolean) { return 6; }
CUDF(jlong, Rmm_releaseEventHandlerResourceAdaptor)(JNIEnv*, jclass, jlong, jboolean) { return 6; }
CUDF(jlong, Rmm_nativeGetMaxTotalBytesAllocated)(JNIEnv*, jclass, jlong) { return 0; }
CUDF(jlong, Rmm_newCudaMemoryResource)(JNIEnv*, jclass) { return 7; }
CUDF(void, Rmm_releaseCudaMemoryResource)(JNIEnv*, jclass, jlong) {}
CUDF(jlong, Rmm_newPoolMemoryResource)(JNIEnv*, jclass, jlong, jlong, jlong) { return 8; }
CUDF(void, Rmm_releasePoolMemoryResource)(JNIEnv*, jclass, jlong) {}
CUDF(void, Cuda_deviceSynchronize)(JNIEnv*, jclass) {}
CUDF(jlong, Cuda_createStream)(JNIEnv*, jclass, jboolean) { return 9; }
CUDF(void, Cuda_destroyStream)(JNIEnv*, jclass, jlong) {}
CUDF(jbyteArray, Cuda_getNativeGpuUuid)(JNIEnv* env, jclass) { return env->NewByteArray(16); }
