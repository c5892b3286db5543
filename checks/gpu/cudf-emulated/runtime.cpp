// CUDA's runtime on the host: memory is memory, streams do all at once, and kernels are executed by their PTX. What
// cudf does not call is not there, and ends the process.
//
// CUDF_EMULATED_MEMORY: bytes of the device, 4 GB unless set. At the end of the process it says what was done and left.
#include "runtime.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "calls.hpp"
#include "ptx.hpp"

namespace {

constexpr int VERSION = 13030, CAPABILITY = 12;  // those of the PTX

std::map<void*, size_t> blocks;
size_t in_use, at_most, waits;
thread_local cudaError_t last = cudaSuccess;

size_t memory() {
  static const char* set = getenv("CUDF_EMULATED_MEMORY");
  return set == nullptr ? size_t{4} << 30 : strtoull(set, nullptr, 10);
}

struct AtEnd {
  ~AtEnd() {
    if (kernels_registered() == 0) return;
    fprintf(stderr, "cudf-emulated: %zu kernels, %zu waits, %zu bytes at most, %zu bytes left\n", kernels_launched(),
            waits, at_most, in_use);
  }
} at_end;

cudaError_t failed(cudaError_t error) { return last = error; }

cudaError_t allocate(void** address, size_t bytes) {
  std::lock_guard guard(one_at_a_time);
  if (in_use + bytes > memory()) return failed(cudaErrorMemoryAllocation);
  *address = bytes == 0
                 ? nullptr
                 : mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (bytes > 0) blocks[*address] = bytes;
  in_use += bytes;
  at_most = std::max(at_most, in_use);
  return cudaSuccess;
}

cudaError_t release(void* address) {
  std::lock_guard guard(one_at_a_time);
  auto block = blocks.find(address);
  if (address == nullptr) return cudaSuccess;
  if (block == blocks.end()) ptx::stop("memory is freed that is not there");
  in_use -= block->second;
  munmap(address, block->second);
  blocks.erase(block);
  return cudaSuccess;
}

cudaError_t malloc_async(void** address, size_t bytes, cudaStream_t) { return allocate(address, bytes); }
cudaError_t malloc_from_pool(void** address, size_t bytes, cudaMemPool_t, cudaStream_t) {
  return allocate(address, bytes);
}
cudaError_t free_async(void* address, cudaStream_t) { return release(address); }

cudaError_t host_alloc(void** address, size_t bytes, unsigned) {
  return posix_memalign(address, 4096, bytes) == 0 ? cudaSuccess : failed(cudaErrorMemoryAllocation);
}
cudaError_t free_host(void* address) {
  free(address);
  return cudaSuccess;
}

cudaError_t memory_info(size_t* unused, size_t* all) {
  *all = memory();
  *unused = memory() - in_use;
  return cudaSuccess;
}

cudaError_t copy(void* to, const void* from, size_t bytes, cudaMemcpyKind, cudaStream_t) {
  memmove(to, from, bytes);
  return cudaSuccess;
}
cudaError_t copy_batch(void* const* to, const void* const* from, const size_t* bytes, size_t count,
                       cudaMemcpyAttributes*, size_t*, size_t, cudaStream_t) {
  for (size_t k = 0; k < count; k++) memmove(to[k], from[k], bytes[k]);
  return cudaSuccess;
}
cudaError_t fill(void* to, int value, size_t bytes, cudaStream_t) {
  memset(to, value, bytes);
  return cudaSuccess;
}

template <typename... Arguments>
cudaError_t nothing(Arguments...) {
  return cudaSuccess;
}

cudaError_t wait_for_all() { return wait(nullptr); }

cudaError_t zero(int* number) {
  *number = 0;
  return cudaSuccess;
}
cudaError_t one(int* number) {
  *number = 1;
  return cudaSuccess;
}
cudaError_t version(int* number) {
  *number = VERSION;
  return cudaSuccess;
}

// A handle that is different from all others.
template <typename Handle, typename... Arguments>
cudaError_t made(Handle* handle, Arguments...) {
  *handle = reinterpret_cast<Handle>(new char[1]);
  return cudaSuccess;
}

cudaError_t pool_attribute(cudaMemPool_t, cudaMemPoolAttr, void* value) {
  memset(value, 0, sizeof(uint64_t));
  return cudaSuccess;
}

cudaError_t stream_number(cudaStream_t stream, unsigned long long* number) {
  *number = reinterpret_cast<uintptr_t>(stream);
  return cudaSuccess;
}

cudaError_t is_capturing(cudaStream_t, cudaStreamCaptureStatus* status) {
  *status = cudaStreamCaptureStatusNone;
  return cudaSuccess;
}

cudaError_t last_error() {
  cudaError_t error = last;
  last = cudaSuccess;
  return error;
}
cudaError_t peek_error() { return last; }
const char* error_name(cudaError_t error) {
  return error == cudaErrorMemoryAllocation ? "cudaErrorMemoryAllocation" : "an error";
}
const char* error_text(cudaError_t error) {
  return error == cudaErrorMemoryAllocation ? "out of memory" : "an error of the emulation";
}

cudaError_t pointer_attributes(cudaPointerAttributes* attributes, const void* address) {
  *attributes = {};
  attributes->type = cudaMemoryTypeDevice;
  attributes->devicePointer = const_cast<void*>(address);
  return cudaSuccess;
}

// Libraries choose by it for which architecture they set up a launch.
cudaError_t function_attributes(cudaFuncAttributes* attributes, const void*) {
  *attributes = {};
  attributes->binaryVersion = attributes->ptxVersion = 10 * CAPABILITY;
  attributes->maxThreadsPerBlock = 1024;
  attributes->numRegs = 32;
  return cudaSuccess;
}

cudaError_t blocks_at_once(int* count, const void*, int, size_t, unsigned) {
  *count = 2;
  return cudaSuccess;
}
cudaError_t blocks_at_once_plain(int* count, const void*, int, size_t) {
  return blocks_at_once(count, nullptr, 0, 0, 0);
}

}  // namespace

cudaError_t wait(cudaStream_t) {
  waits++;
  return cudaSuccess;
}

cudaError_t device_attribute(int* value, cudaDeviceAttr attribute, int) {
  static const std::map<int, int> known = {{cudaDevAttrComputeCapabilityMajor, CAPABILITY},
                                           {cudaDevAttrComputeCapabilityMinor, 0},
                                           {cudaDevAttrWarpSize, 32},
                                           {cudaDevAttrMultiProcessorCount, 8},
                                           {cudaDevAttrMaxThreadsPerBlock, 1024},
                                           {cudaDevAttrMaxThreadsPerMultiProcessor, 2048},
                                           {cudaDevAttrMaxGridDimX, 2147483647},
                                           {cudaDevAttrMaxGridDimY, 65535},
                                           {cudaDevAttrMaxGridDimZ, 65535},
                                           {cudaDevAttrMaxSharedMemoryPerBlock, 49152},
                                           {cudaDevAttrMaxSharedMemoryPerMultiprocessor, 102400},
                                           {cudaDevAttrMaxSharedMemoryPerBlockOptin, 101376},
                                           {cudaDevAttrReservedSharedMemoryPerBlock, 1024},
                                           {cudaDevAttrMemoryPoolsSupported, 1},
                                           {cudaDevAttrMaxRegistersPerMultiprocessor, 65536}};
  auto found = known.find(attribute);
  *value = found == known.end() ? 0 : found->second;
  return cudaSuccess;
}

const std::map<std::string, void*>& runtime_functions() {
  static std::map<std::string, void*> functions;
  if (!functions.empty()) return functions;
  std::map<std::string, void*> plain = launch_functions();
  plain.insert({
      {"cudaDeviceGetAttribute", address(device_attribute)},
      {"cudaDeviceSynchronize", address(wait_for_all)},
      {"cudaDriverGetVersion", address(version)},
      {"cudaEventCreate", address(made<cudaEvent_t>)},
      {"cudaEventCreateWithFlags", address(made<cudaEvent_t, unsigned>)},
      {"cudaEventDestroy", address(nothing<cudaEvent_t>)},
      {"cudaEventRecord", address(nothing<cudaEvent_t, cudaStream_t>)},
      {"cudaEventSynchronize", address(nothing<cudaEvent_t>)},
      {"cudaFree", address(release)},
      {"cudaFreeAsync", address(free_async)},
      {"cudaFreeHost", address(free_host)},
      {"cudaFuncGetAttributes", address(function_attributes)},
      {"cudaFuncSetAttribute", address(nothing<const void*, cudaFuncAttribute, int>)},
      {"cudaGetDevice", address(zero)},
      {"cudaGetDeviceCount", address(one)},
      {"cudaGetDriverEntryPointByVersion", address(driver_function)},
      {"cudaGetErrorName", address(error_name)},
      {"cudaGetErrorString", address(error_text)},
      {"cudaGetLastError", address(last_error)},
      {"cudaHostAlloc", address(host_alloc)},
      {"cudaMalloc", address(allocate)},
      {"cudaMallocAsync", address(malloc_async)},
      {"cudaMallocFromPoolAsync", address(malloc_from_pool)},
      {"cudaMemGetInfo", address(memory_info)},
      {"cudaMemPoolCreate", address(made<cudaMemPool_t, const cudaMemPoolProps*>)},
      {"cudaMemPoolDestroy", address(nothing<cudaMemPool_t>)},
      {"cudaMemPoolGetAttribute", address(pool_attribute)},
      {"cudaMemPoolSetAttribute", address(nothing<cudaMemPool_t, cudaMemPoolAttr, void*>)},
      {"cudaMemcpyAsync", address(copy)},
      {"cudaMemcpyBatchAsync", address(copy_batch)},
      {"cudaMemsetAsync", address(fill)},
      {"cudaOccupancyMaxActiveBlocksPerMultiprocessor", address(blocks_at_once_plain)},
      {"cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags", address(blocks_at_once)},
      {"cudaPeekAtLastError", address(peek_error)},
      {"cudaPointerGetAttributes", address(pointer_attributes)},
      {"cudaRuntimeGetVersion", address(version)},
      {"cudaSetDevice", address(nothing<int>)},
      {"cudaStreamCreate", address(made<cudaStream_t>)},
      {"cudaStreamCreateWithFlags", address(made<cudaStream_t, unsigned>)},
      {"cudaStreamDestroy", address(nothing<cudaStream_t>)},
      {"cudaStreamGetId", address(stream_number)},
      {"cudaStreamIsCapturing", address(is_capturing)},
      {"cudaStreamSynchronize", address(wait)},
      {"cudaStreamWaitEvent", address(nothing<cudaStream_t, cudaEvent_t, unsigned>)},

  });
  for (auto& [name, function] : plain) {
    functions[name] = function;
    functions[name + "_ptsz"] = function;  // the same for streams of threads
  }
  return functions;
}
