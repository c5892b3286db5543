// CUDA's runtime on the host: what the files that stand for it share.
#pragma once
#include <cuda_runtime_api.h>

#include <mutex>

#include "runtime.hpp"

// Memory and kernels belong to whoever holds it.
inline std::recursive_mutex one_at_a_time;

template <typename F>
void* address(F* function) {
  return reinterpret_cast<void*>(function);
}

cudaError_t wait(cudaStream_t stream);
cudaError_t device_attribute(int* value, cudaDeviceAttr attribute, int device);

// The functions that register and launch kernels, by their names.
std::map<std::string, void*> launch_functions();
size_t kernels_launched();

// A function of the driver, which libraries ask the runtime for.
cudaError_t driver_function(const char* name, void** function, unsigned, unsigned long long,
                            cudaDriverEntryPointQueryResult* result);
