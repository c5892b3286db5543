// The files of a folder of PTX, and the kernels in them.
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "text.hpp"

namespace ptx {
namespace {

using std::string;

Words declarations(const string& text, const string& begin) {
  Words found;
  for (size_t at = text.find(begin); at != string::npos; at = text.find(begin, at + 1)) {
    found.push_back(text.substr(at, text.find(';', at) - at));
  }
  return found;
}

Module& module(const string& path) {
  static std::map<string, Module> modules;
  auto [found, is_new] = modules.try_emplace(path);
  Module& made = found->second;
  if (is_new) {
    std::ifstream in(path, std::ios::binary);
    made.text.assign(std::istreambuf_iterator<char>(in), {});
    for (const string& d : declarations(made.text, "\n.extern .shared")) made.dynamic.insert(Declaration(d).name);
    for (const string& d : declarations(made.text.substr(0, made.text.find("\n{")), "\n.shared")) {
      Declaration variable(d);
      made.shared[variable.name] = variable.in(made.shared_bytes);
    }
    if (made.shared_bytes > MODULE_SHARED_BYTES) stop("the shared variables of " + path + " are too large");
  }
  return made;
}

}  // namespace

const Function& kernel(const string& name) {
  static std::map<string, std::pair<string, size_t>> places;
  const char* folder = getenv("CUDF_PTX");
  if (folder == nullptr) stop("CUDF_PTX is not set");
  if (places.empty()) {
    std::ifstream index(string(folder) + "/kernels");
    string name, file;
    for (size_t at; index >> name >> file >> at;) places.emplace(name, std::pair(file, at));
  }
  auto found = places.find(name);
  if (found == places.end()) stop("no PTX of kernel " + name);
  return *function(module(string(folder) + "/" + found->second.first), name, found->second.second);
}

}  // namespace ptx
