// CUDA's runtime on the host.
#pragma once
#include <map>
#include <string>

// The functions of the runtime that cudf calls, by their names.
const std::map<std::string, void*>& runtime_functions();

// What is there instead of one that nobody should call.
void* not_there(const char* name);

// What cudf has registered.
size_t kernels_registered();
