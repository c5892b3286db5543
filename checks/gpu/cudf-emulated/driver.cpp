// CUDA's driver on the host, as far as libraries ask for it.
#include <cstring>

#include "calls.hpp"

namespace {

char one_of_its_kind;  // the context

int driver_ok(...) { return 0; }
int driver_device(int* device, int number) {
  *device = number;
  return 0;
}
int driver_context(void** context) {
  *context = &one_of_its_kind;
  return 0;
}
int driver_retain(void** context, int) { return driver_context(context); }
int driver_attribute(int* value, int attribute, int) {
  return device_attribute(value, static_cast<cudaDeviceAttr>(attribute), 0);
}
int driver_wait(cudaStream_t stream) { return wait(stream); }

int driver_address(const char* name, void** function, int, unsigned long long, int*) {
  return driver_function(name, function, 0, 0, nullptr);
}

}  // namespace

cudaError_t driver_function(const char* name, void** function, unsigned, unsigned long long,
                            cudaDriverEntryPointQueryResult* result) {
  static const std::map<std::string, void*> known = {
      {"cuGetProcAddress", address(driver_address)}, {"cuInit", address(driver_ok)},
      {"cuDeviceGet", address(driver_device)},       {"cuDeviceGetAttribute", address(driver_attribute)},
      {"cuCtxGetCurrent", address(driver_context)},  {"cuDevicePrimaryCtxRetain", address(driver_retain)},
      {"cuCtxPushCurrent", address(driver_ok)},      {"cuCtxPopCurrent", address(driver_context)},
      {"cuCtxSetCurrent", address(driver_ok)},       {"cuStreamSynchronize", address(driver_wait)}};
  auto found = known.find(name);
  *function = found == known.end() ? not_there(strdup(name)) : found->second;
  if (result != nullptr) *result = cudaDriverEntryPointSuccess;
  return cudaSuccess;
}
