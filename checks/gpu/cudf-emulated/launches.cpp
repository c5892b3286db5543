// Kernels of CUDA's runtime: how they are registered, configured and launched.
#include <unordered_map>
#include <vector>

#include "calls.hpp"
#include "ptx.hpp"

namespace {

std::unordered_map<const void*, std::string> kernels;
size_t registered, launched;  // counted beside, as they are asked for when the others are gone

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

cudaError_t ignored(void**) { return cudaSuccess; }
void** register_binary(void* binary) { return static_cast<void**>(binary); }
void register_function(void**, const void* function, char*, const char* name) {
  kernels[function] = name;
  registered = kernels.size();
}

}  // namespace

size_t kernels_registered() { return registered; }
size_t kernels_launched() { return launched; }

std::map<std::string, void*> launch_functions() {
  return {{"cudaLaunchKernel", address(launch)},
          {"cudaLaunchKernelExC", address(launch_configured)},
          {"__cudaGetKernel", address(kernel_of)},
          {"__cudaLaunchKernel", address(launch)},
          {"__cudaPopCallConfiguration", address(pop)},
          {"__cudaPushCallConfiguration", address(push)},
          {"__cudaRegisterFatBinary", address(register_binary)},
          {"__cudaRegisterFatBinaryEnd", address(ignored)},
          {"__cudaRegisterFunction", address(register_function)},
          {"__cudaRegisterVar", address(ignored)},
          {"__cudaUnregisterFatBinary", address(ignored)}};
}
