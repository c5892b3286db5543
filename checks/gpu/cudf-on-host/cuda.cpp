// Natives of ai.rapids.cudf.Cuda, Rmm and of the pinned pool.
#include <cstdlib>
#include <cstring>

#include "host.hpp"

using namespace host;

namespace {

int64_t pinned_left = 0;

}  // namespace

extern "C" {

JNIEXPORT jint JNICALL Java_ai_rapids_cudf_Cuda_getDriverVersion(JNIEnv*, jclass) {
  return setting("CUDF_ON_HOST_DRIVER", 13000);
}
JNIEXPORT jint JNICALL Java_ai_rapids_cudf_Cuda_getRuntimeVersion(JNIEnv*, jclass) { return 13030; }
JNIEXPORT jint JNICALL Java_ai_rapids_cudf_Cuda_getDeviceCount(JNIEnv*, jclass) {
  return setting("CUDF_ON_HOST_DEVICES", 1);
}
JNIEXPORT void JNICALL Java_ai_rapids_cudf_Cuda_setDevice(JNIEnv* env, jclass, jint device) {
  guarded(env, [&] { require(device >= 0 && device < setting("CUDF_ON_HOST_DEVICES", 1), "no such device"); });
}
JNIEXPORT jint JNICALL Java_ai_rapids_cudf_Cuda_getDevice(JNIEnv*, jclass) { return 0; }
JNIEXPORT jint JNICALL Java_ai_rapids_cudf_Cuda_getComputeCapabilityMajor(JNIEnv*, jclass) { return 9; }
JNIEXPORT jint JNICALL Java_ai_rapids_cudf_Cuda_getComputeCapabilityMinor(JNIEnv*, jclass) { return 0; }
JNIEXPORT void JNICALL Java_ai_rapids_cudf_Cuda_freeZero(JNIEnv*, jclass) {}
JNIEXPORT jboolean JNICALL Java_ai_rapids_cudf_Cuda_isPtdsEnabled(JNIEnv*, jclass) { return JNI_TRUE; }

JNIEXPORT jobject JNICALL Java_ai_rapids_cudf_Cuda_memGetInfo(JNIEnv* env, jclass) {
  jclass type = env->FindClass("ai/rapids/cudf/CudaMemInfo");
  jmethodID make = env->GetMethodID(type, "<init>", "(JJ)V");
  return env->NewObject(type, make, static_cast<jlong>(bytes_at_most() - bytes_in_use()),
                        static_cast<jlong>(bytes_at_most()));
}

JNIEXPORT void JNICALL Java_ai_rapids_cudf_Cuda_memcpyOnStream(JNIEnv* env, jclass, jlong to, jlong from, jlong bytes,
                                                               jint kind, jlong) {
  guarded(env, [&] {
    operation();
    require(kind == 1 || kind == 2, "a copy that is neither to the device nor from it");
    require_device(reinterpret_cast<void*>(kind == 1 ? to : from), bytes, "what is copied");
    std::memcpy(reinterpret_cast<void*>(to), reinterpret_cast<void*>(from), bytes);
  });
}

JNIEXPORT void JNICALL Java_ai_rapids_cudf_Rmm_initDefaultCudaDevice(JNIEnv*, jclass) {}
JNIEXPORT void JNICALL Java_ai_rapids_cudf_Rmm_cleanupDefaultCudaDevice(JNIEnv*, jclass) {}
JNIEXPORT jlong JNICALL Java_ai_rapids_cudf_Rmm_newCudaAsyncMemoryResource(JNIEnv*, jclass, jlong, jlong, jboolean) {
  return 1;
}
JNIEXPORT void JNICALL Java_ai_rapids_cudf_Rmm_releaseCudaAsyncMemoryResource(JNIEnv*, jclass, jlong) {}
JNIEXPORT jlong JNICALL Java_ai_rapids_cudf_Rmm_newLimitingResourceAdaptor(JNIEnv*, jclass, jlong, jlong, jlong) {
  return 2;
}
JNIEXPORT void JNICALL Java_ai_rapids_cudf_Rmm_releaseLimitingResourceAdaptor(JNIEnv*, jclass, jlong) {}
JNIEXPORT jlong JNICALL Java_ai_rapids_cudf_Rmm_newTrackingResourceAdaptor(JNIEnv*, jclass, jlong, jlong) { return 3; }
JNIEXPORT void JNICALL Java_ai_rapids_cudf_Rmm_releaseTrackingResourceAdaptor(JNIEnv*, jclass, jlong) {}
JNIEXPORT void JNICALL Java_ai_rapids_cudf_Rmm_setCurrentDeviceResourceInternal(JNIEnv*, jclass, jlong) {}
JNIEXPORT jlong JNICALL Java_ai_rapids_cudf_Rmm_nativeGetTotalBytesAllocated(JNIEnv*, jclass, jlong) {
  return bytes_in_use();
}

JNIEXPORT void JNICALL Java_ai_rapids_cudf_Rmm_nativeResetScopedMaxTotalBytesAllocated(JNIEnv*, jclass, jlong,
                                                                                       jlong bytes) {
  begin_scope(bytes);
}
JNIEXPORT jlong JNICALL Java_ai_rapids_cudf_Rmm_nativeGetScopedMaxTotalBytesAllocated(JNIEnv*, jclass, jlong) {
  return most_in_scope();
}

JNIEXPORT jlong JNICALL Java_ai_rapids_cudf_Rmm_allocInternal(JNIEnv* env, jclass, jlong bytes, jlong) {
  return guarded(env, [&]() -> jlong { return reinterpret_cast<jlong>(allocate(bytes)); });
}
JNIEXPORT void JNICALL Java_ai_rapids_cudf_Rmm_free(JNIEnv* env, jclass, jlong address, jlong bytes, jlong) {
  guarded(env, [&] { release(reinterpret_cast<void*>(address), bytes); });
}

JNIEXPORT jlong JNICALL Java_ai_rapids_cudf_Rmm_newPinnedPoolMemoryResource(JNIEnv* env, jclass, jlong bytes, jlong) {
  return guarded(env, [&]() -> jlong {
    require(bytes % 256 == 0, "a pool of page-locked memory of no multiple of 256 bytes");
    if (bytes > (setting("CUDF_ON_HOST_PINNED_MEGABYTES", 1 << 20) << 20)) throw OutOfMemory();
    pinned_left = bytes;
    return 4;
  });
}
JNIEXPORT jlong JNICALL Java_ai_rapids_cudf_Rmm_setCudfPinnedPoolMemoryResource(JNIEnv*, jclass, jlong pool) {
  return pool;
}
JNIEXPORT void JNICALL Java_ai_rapids_cudf_Rmm_releasePinnedPoolMemoryResource(JNIEnv*, jclass, jlong) {}
JNIEXPORT jlong JNICALL Java_ai_rapids_cudf_Rmm_allocFromPinnedPool(JNIEnv*, jclass, jlong, jlong bytes) {
  if (bytes > pinned_left) return -1;  // called by one thread at a time
  pinned_left -= bytes;
  return reinterpret_cast<jlong>(std::malloc(bytes));
}
JNIEXPORT void JNICALL Java_ai_rapids_cudf_Rmm_freeFromPinnedPool(JNIEnv*, jclass, jlong, jlong address, jlong bytes) {
  pinned_left += bytes;
  std::free(reinterpret_cast<void*>(address));
}

JNIEXPORT jobject JNICALL Java_ai_rapids_cudf_HostMemoryBufferNativeUtils_wrapRangeInBuffer(JNIEnv* env, jclass,
                                                                                            jlong address,
                                                                                            jlong bytes) {
  return env->NewDirectByteBuffer(reinterpret_cast<void*>(address), bytes);
}

}  // extern "C"
