// CUDA's runtime on the host: memory is memory, streams do all at once, and kernels are executed by their PTX. What cudf
// does not call is not there, and ends the process.
//
// CUDF_EMULATED_MEMORY: bytes of the device, 4 GB unless set. At the end of the process it says what was done and left.
#include "runtime.hpp"

#include <cuda_runtime_api.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "ptx.hpp"

namespace {

constexpr int VERSION = 13030, CAPABILITY = 12;  // that of the PTX

std::recursive_mutex one_at_a_time;
std::map<void*, size_t> blocks;
size_t in_use, at_most, launched, waits;
std::unordered_map<const void*, std::string> kernels;
thread_local cudaError_t last = cudaSuccess;

size_t memory() {
  static const char* set = getenv("CUDF_EMULATED_MEMORY");
  return set == nullptr ? size_t{4} << 30 : strtoull(set, nullptr, 10);
}

struct AtEnd {
  ~AtEnd() {
    if (kernels.empty()) return;
    fprintf(stderr, "cudf-emulated: %zu kernels, %zu waits, %zu bytes at most, %zu bytes left\n", launched, waits, at_most, in_use);
  }
} at_end;

cudaError_t failed(cudaError_t error) { return last = error; }

cudaError_t allocate(void** address, size_t bytes) {
  std::lock_guard guard(one_at_a_time);
  if (in_use + bytes > memory()) return failed(cudaErrorMemoryAllocation);
  *address = bytes == 0 ? nullptr : mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
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
cudaError_t malloc_from_pool(void** address, size_t bytes, cudaMemPool_t, cudaStream_t) { return allocate(address, bytes); }
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
cudaError_t copy_batch(void* const* to, const void* const* from, const size_t* bytes, size_t count, cudaMemcpyAttributes*, size_t*,
                       size_t, cudaStream_t) {
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

cudaError_t wait(cudaStream_t) {
  waits++;
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
const char* error_name(cudaError_t error) { return error == cudaErrorMemoryAllocation ? "cudaErrorMemoryAllocation" : "an error"; }
const char* error_text(cudaError_t error) { return error == cudaErrorMemoryAllocation ? "out of memory" : "an error of the emulation"; }

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
cudaError_t blocks_at_once_plain(int* count, const void*, int, size_t) { return blocks_at_once(count, nullptr, 0, 0, 0); }

cudaError_t device_attribute(int* value, cudaDeviceAttr attribute, int) {
  static const std::map<int, int> known = {
      {cudaDevAttrComputeCapabilityMajor, CAPABILITY}, {cudaDevAttrComputeCapabilityMinor, 0}, {cudaDevAttrWarpSize, 32},
      {cudaDevAttrMultiProcessorCount, 8}, {cudaDevAttrMaxThreadsPerBlock, 1024}, {cudaDevAttrMaxThreadsPerMultiProcessor, 2048},
      {cudaDevAttrMaxGridDimX, 2147483647}, {cudaDevAttrMaxGridDimY, 65535}, {cudaDevAttrMaxGridDimZ, 65535},
      {cudaDevAttrMaxSharedMemoryPerBlock, 49152}, {cudaDevAttrMaxSharedMemoryPerMultiprocessor, 102400},
      {cudaDevAttrMaxSharedMemoryPerBlockOptin, 101376}, {cudaDevAttrReservedSharedMemoryPerBlock, 1024},
      {cudaDevAttrMemoryPoolsSupported, 1}, {cudaDevAttrMaxRegistersPerMultiprocessor, 65536}};
  auto found = known.find(attribute);
  *value = found == known.end() ? 0 : found->second;
  return cudaSuccess;
}

// --- kernels ---

struct Configuration {
  dim3 grid, block;
  size_t shared;
  cudaStream_t stream;
};
thread_local std::vector<Configuration> configurations;

unsigned push(dim3 grid, dim3 block, size_t shared, cudaStream_t stream) {
  configurations.push_back({grid, block, shared, stream});
  return 0;
}
cudaError_t pop(dim3* grid, dim3* block, size_t* shared, cudaStream_t* stream) {
  Configuration& c = configurations.back();
  *grid = c.grid, *block = c.block, *shared = c.shared, *stream = c.stream;
  configurations.pop_back();
  return cudaSuccess;
}

cudaError_t launch(const void* function, dim3 grid, dim3 block, void** arguments, size_t, cudaStream_t) {
  std::lock_guard guard(one_at_a_time);
  auto kernel = kernels.find(function);
  if (kernel == kernels.end()) ptx::stop("a kernel is launched that was not registered");
  launched++;
  ptx::launch(kernel->second, {grid.x, grid.y, grid.z}, {block.x, block.y, block.z}, arguments);
  return cudaSuccess;
}
cudaError_t launch_configured(const cudaLaunchConfig_t* c, const void* function, void** arguments) {
  return launch(function, c->gridDim, c->blockDim, arguments, c->dynamicSmemBytes, c->stream);
}
cudaError_t kernel_of(const void** kernel, const void* function) {
  *kernel = function;
  return cudaSuccess;
}

void** register_binary(void* binary) { return static_cast<void**>(binary); }
void register_function(void**, const void* function, char*, const char* name) { kernels[function] = name; }

// --- the driver, as far as libraries ask for it ---

int driver_ok(...) { return 0; }
int driver_device(int* device, int number) {
  *device = number;
  return 0;
}
int driver_context(void** context) {
  *context = &blocks;
  return 0;
}
int driver_retain(void** context, int) { return driver_context(context); }
int driver_attribute(int* value, int attribute, int) { return device_attribute(value, static_cast<cudaDeviceAttr>(attribute), 0); }
int driver_wait(cudaStream_t stream) { return wait(stream); }

cudaError_t driver_function(const char* name, void** function, unsigned, unsigned long long, cudaDriverEntryPointQueryResult* result);
int driver_address(const char* name, void** function, int, unsigned long long, int*) {
  return driver_function(name, function, 0, 0, nullptr);
}

template <typename F>
void* address(F* function) {
  return reinterpret_cast<void*>(function);
}

cudaError_t driver_function(const char* name, void** function, unsigned, unsigned long long, cudaDriverEntryPointQueryResult* result) {
  static const std::map<std::string, void*> known = {
      {"cuGetProcAddress", address(driver_address)}, {"cuInit", address(driver_ok)}, {"cuDeviceGet", address(driver_device)},
      {"cuDeviceGetAttribute", address(driver_attribute)}, {"cuCtxGetCurrent", address(driver_context)},
      {"cuDevicePrimaryCtxRetain", address(driver_retain)}, {"cuCtxPushCurrent", address(driver_ok)},
      {"cuCtxPopCurrent", address(driver_context)}, {"cuCtxSetCurrent", address(driver_ok)},
      {"cuStreamSynchronize", address(driver_wait)}};
  auto found = known.find(name);
  *function = found == known.end() ? not_there(strdup(name)) : found->second;
  if (result != nullptr) *result = cudaDriverEntryPointSuccess;
  return cudaSuccess;
}

}  // namespace

size_t kernels_registered() { return kernels.size(); }

const std::map<std::string, void*>& runtime_functions() {
  static std::map<std::string, void*> functions;
  if (!functions.empty()) return functions;
  const std::map<std::string, void*> plain = {
      {"cudaDeviceGetAttribute", address(device_attribute)}, {"cudaDeviceSynchronize", address(wait_for_all)},
      {"cudaDriverGetVersion", address(version)},
      {"cudaEventCreate", address(made<cudaEvent_t>)}, {"cudaEventCreateWithFlags", address(made<cudaEvent_t, unsigned>)},
      {"cudaEventDestroy", address(nothing<cudaEvent_t>)}, {"cudaEventRecord", address(nothing<cudaEvent_t, cudaStream_t>)},
      {"cudaEventSynchronize", address(nothing<cudaEvent_t>)}, {"cudaFree", address(release)}, {"cudaFreeAsync", address(free_async)},
      {"cudaFreeHost", address(free_host)}, {"cudaFuncGetAttributes", address(function_attributes)},
      {"cudaFuncSetAttribute", address(nothing<const void*, cudaFuncAttribute, int>)}, {"cudaGetDevice", address(zero)},
      {"cudaGetDeviceCount", address(one)}, {"cudaGetDriverEntryPointByVersion", address(driver_function)},
      {"cudaGetErrorName", address(error_name)}, {"cudaGetErrorString", address(error_text)}, {"cudaGetLastError", address(last_error)},
      {"cudaHostAlloc", address(host_alloc)}, {"cudaLaunchKernel", address(launch)}, {"cudaLaunchKernelExC", address(launch_configured)},
      {"cudaMalloc", address(allocate)}, {"cudaMallocAsync", address(malloc_async)},
      {"cudaMallocFromPoolAsync", address(malloc_from_pool)}, {"cudaMemGetInfo", address(memory_info)},
      {"cudaMemPoolCreate", address(made<cudaMemPool_t, const cudaMemPoolProps*>)}, {"cudaMemPoolDestroy", address(nothing<cudaMemPool_t>)},
      {"cudaMemPoolGetAttribute", address(pool_attribute)},
      {"cudaMemPoolSetAttribute", address(nothing<cudaMemPool_t, cudaMemPoolAttr, void*>)}, {"cudaMemcpyAsync", address(copy)},
      {"cudaMemcpyBatchAsync", address(copy_batch)}, {"cudaMemsetAsync", address(fill)},
      {"cudaOccupancyMaxActiveBlocksPerMultiprocessor", address(blocks_at_once_plain)},
      {"cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags", address(blocks_at_once)}, {"cudaPeekAtLastError", address(peek_error)},
      {"cudaPointerGetAttributes", address(pointer_attributes)}, {"cudaRuntimeGetVersion", address(version)},
      {"cudaSetDevice", address(nothing<int>)}, {"cudaStreamCreate", address(made<cudaStream_t>)},
      {"cudaStreamCreateWithFlags", address(made<cudaStream_t, unsigned>)}, {"cudaStreamDestroy", address(nothing<cudaStream_t>)},
      {"cudaStreamGetId", address(stream_number)},
      {"cudaStreamIsCapturing", address(is_capturing)}, {"cudaStreamSynchronize", address(wait)},
      {"cudaStreamWaitEvent", address(nothing<cudaStream_t, cudaEvent_t, unsigned>)}, {"__cudaGetKernel", address(kernel_of)},
      {"__cudaLaunchKernel", address(launch)}, {"__cudaPopCallConfiguration", address(pop)},
      {"__cudaPushCallConfiguration", address(push)}, {"__cudaRegisterFatBinary", address(register_binary)},
      {"__cudaRegisterFatBinaryEnd", address(nothing<void**>)}, {"__cudaRegisterFunction", address(register_function)},
      {"__cudaRegisterVar", address(nothing<void**>)}, {"__cudaUnregisterFatBinary", address(nothing<void**>)}};
  for (auto& [name, function] : plain) {
    functions[name] = function;
    functions[name + "_ptsz"] = function;  // the same for streams of threads
  }
  return functions;
}
