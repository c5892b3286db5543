// What is read from the text of PTX: what the files that read it share.
#pragma once
#include <set>

#include "ptx.hpp"

namespace ptx {

using Words = std::vector<std::string>;

std::string trimmed(const std::string& s);
// By commas outside of brackets.
Words split(const std::string& s);
// By dots.
Words split_name(const std::string& s);
// Without the brackets around it.
std::string inside(const std::string& s);
bool is_type(const std::string& s, Type& type);
bool is_number(const std::string& s, uint64_t& number);

// `.param .align 8 .b8 name[32]`, `.param .u64 .ptr .align 1 name`, `.local .b32 name`
struct Declaration {
  std::string name;
  int bytes, alignment = 1;
  explicit Declaration(const std::string& s);
  // Its place behind all that is there; counts it.
  Place in(int& all) const;
};

// What an instruction does, in which mode, on which types. Those that round otherwise than to nearest, or approximate,
// or are fused, or flush subnormals, are not known.
void classify(Instruction& i, const Words& words);

struct Module {
  std::string text;
  std::set<std::string> dynamic;  // names of shared memory whose size the launch says
  std::map<std::string, Place> shared;
  int shared_bytes = 0;
  std::map<std::string, std::unique_ptr<Function>> functions;
};

// `.func (.param .b32 result) name(...) {...}` or `.entry name(...) {...}`, which is at that place if one is given.
// None if it is not defined.
const Function* function(Module& module, const std::string& name, size_t at);

}  // namespace ptx
