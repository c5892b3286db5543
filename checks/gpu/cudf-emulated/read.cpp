// From the text of a function to its instructions. PTX ISA 9.3, https://docs.nvidia.com/cuda/parallel-thread-execution.
#include <cctype>
#include <cstdlib>
#include <cstring>

#include "text.hpp"

namespace ptx {
namespace {

using std::string;

class Reader {
 public:
  Reader(Module& module, Function& function) : module(module), f(function), scopes(1) {}

  Place param(const string& declaration) {
    Declaration d(declaration);
    return params[d.name] = d.in(f.param_bytes);
  }

  void body(const char* text) {
    string statement;
    for (const char* c = text; !scopes.empty(); c++) {
      bool begins = trimmed(statement).empty();
      if (c[0] == '/' && c[1] == '/') {
        c = strchr(c, '\n');
      } else if (*c == '{' && begins) {
        scopes.emplace_back();
      } else if (*c == '}' && begins) {
        scopes.pop_back();
      } else if (*c == ':' && c[1] == '\n') {
        labels[trimmed(statement)] = f.code.size();
        statement.clear();
      } else if (*c == ';') {
        if (!begins) read(trimmed(statement));
        statement.clear();
      } else {
        statement += *c;
      }
    }
    for (auto& [branch, label] : branches) {
      auto found = labels.find(label);
      if (found == labels.end()) stop("no label " + label + " in " + f.name);
      f.code[branch].target = found->second;
    }
  }

 private:
  Module& module;
  Function& f;
  std::vector<std::map<string, int>> scopes;  // registers, and ranges of them by their name and a <
  std::map<string, Place> params, locals, shared;
  std::map<string, size_t> labels;
  std::map<size_t, string> branches;

  void read(const string& s) {
    if (s[0] != '.')
      instruction(s);
    else if (s.rfind(".reg", 0) == 0)
      registers(s);
    else if (s.rfind(".local", 0) == 0)
      memory(s, locals, f.local_bytes);
    else if (s.rfind(".shared", 0) == 0)
      memory(s, shared, f.shared_bytes);
    else if (s.rfind(".param", 0) == 0)
      param(s);
    else if (s.rfind(".pragma", 0) != 0)
      stop("statement " + s);
  }

  static void memory(const string& s, std::map<string, Place>& places, int& bytes) {
    Declaration d(s);
    places[d.name] = d.in(bytes);
  }

  // `.reg .b32 %r<100>` or `.reg .pred p, q`
  void registers(const string& s) {
    for (const string& name : split(s.substr(s.find(' ', strlen(".reg ")) + 1))) {
      size_t range = name.find('<');
      scopes.back()[name.substr(0, range == string::npos ? range : range + 1)] = f.registers;
      f.registers += range == string::npos ? 1 : atoi(name.c_str() + range + 1);
    }
  }

  int find_register(const string& name) const {
    static const std::map<string, int> special = {{"%tid.x", THREAD},
                                                  {"%ctaid.x", BLOCK},
                                                  {"%ntid.x", THREADS},
                                                  {"%nctaid.x", BLOCKS},
                                                  {"%laneid", LANE},
                                                  {"%tid.y", ZERO},
                                                  {"%ctaid.y", ZERO},
                                                  {"%ntid.y", ONE},
                                                  {"%nctaid.y", ONE},
                                                  {"%lanemask_lt", LANES_BELOW},
                                                  {"%lanemask_le", LANES_UP_TO},
                                                  {"%lanemask_ge", LANES_FROM}};
    auto known = special.find(name);
    if (known != special.end()) return known->second;
    size_t digits = name.size();
    while (digits > 0 && isdigit(name[digits - 1])) digits--;
    for (auto scope = scopes.rbegin(); scope != scopes.rend(); scope++) {
      auto single = scope->find(name);
      if (single != scope->end()) return single->second;
      auto range = scope->find(name.substr(0, digits) + "<");
      if (range != scope->end()) return range->second + atoi(name.c_str() + digits);
    }
    return -1;
  }

  // A register, a number, a name of memory, or one of these and a number; in brackets if it is an address.
  bool operand(const string& s, Operand& o) const {
    string name = s[0] == '[' ? inside(s) : s;
    size_t plus = name.find('+');
    if (plus != string::npos) {
      o.number = strtoll(name.c_str() + plus + 1, nullptr, 0);
      name = trimmed(name.substr(0, plus));
    }
    if (name == "_" || (plus == string::npos && is_number(name, o.number))) return true;
    o.reg = find_register(name);
    if (o.reg >= 0) return true;
    for (auto& [places, base] :
         {std::pair{&params, PARAMS}, {&locals, LOCALS}, {&shared, SHARED}, {&module.shared, SHARED}}) {
      auto found = places->find(name);
      if (found == places->end()) continue;
      o.reg = base;
      o.number += found->second.offset;
      return true;
    }
    if (module.dynamic.count(name)) o.reg = DYNAMIC;
    return o.reg == DYNAMIC;
  }

  // Also `{a, b}` and `a|p`. What is not known makes the instruction one that is not.
  void operands(Instruction& i, std::vector<Operand>& list, const string& s) const {
    Words words = s[0] == '{' ? split(inside(s)) : Words{s};
    size_t bar = s.find('|');
    if (bar != string::npos) words = {s.substr(0, bar), s.substr(bar + 1)};
    for (const string& word : words) {
      Operand o;
      if (!operand(word, o)) i.op = Op::UNKNOWN;
      list.push_back(o);
    }
  }

  void instruction(string s) {
    Instruction i;
    i.text = s;
    if (s[0] == '@') {
      size_t space = s.find(' ');
      i.unless = s[1] == '!';
      i.guard = find_register(s.substr(i.unless ? 2 : 1, space - (i.unless ? 2 : 1)));
      if (i.guard < 0) stop("guard of " + s);
      s = trimmed(s.substr(space));
    }
    size_t space = s.find_first_of(" \n\t");
    Words rest = space == string::npos ? Words() : split(trimmed(s.substr(space)));
    classify(i, split_name(s.substr(0, space)));
    if (i.op == Op::BRANCH) {
      branches[f.code.size()] = rest.at(0);
    } else if (i.op == Op::CALL) {
      call(i, rest);
    } else if (i.op != Op::UNKNOWN) {
      bool has_result = i.op != Op::STORE && i.op != Op::BULK_COPY && i.op != Op::MBARRIER_INIT &&
                        i.op != Op::WARP_BARRIER && (i.op != Op::BARRIER || i.mode == Mode::WITH_OR);
      for (size_t k = 0; k < rest.size(); k++) operands(i, k == 0 && has_result ? i.to : i.in, rest[k]);
    }
    f.code.push_back(i);
  }

  void call(Instruction& i, Words rest) {
    if (rest[0][0] == '(') {
      i.result = params.at(inside(rest[0]));
      rest.erase(rest.begin());
    }
    if (rest.size() > 1) {
      for (const string& argument : split(inside(rest[1]))) i.arguments.push_back(params.at(argument));
    }
    i.callee = function(module, rest[0], string::npos);
    if (i.callee == nullptr) i.op = Op::UNKNOWN;
  }
};

// Where a function is defined, beside declarations of it and calls.
size_t definition(const string& text, const string& name) {
  for (size_t found = text.find(name); found != string::npos; found = text.find(name, found + 1)) {
    size_t line = text.rfind('\n', found) + 1;
    char behind = text[found + name.size()];
    bool is_whole = !isalnum(behind) && behind != '_' && behind != '$';
    if (text.find(".func", line) < found && is_whole && text.find('{', found) < text.find(';', found)) return line;
  }
  return string::npos;
}

}  // namespace

// `.func (.param .b32 result) name(...) {...}` or `.entry name(...) {...}`, which is at that place if one is given.
// None if it is not defined.
const Function* function(Module& module, const string& name, size_t at) {
  auto& made = module.functions[name];
  if (made) return made.get();
  const string& text = module.text;
  size_t begin = at == string::npos ? definition(text, name) : at;
  if (begin == string::npos) return nullptr;
  made = std::make_unique<Function>();
  made->name = name;
  Reader reader(module, *made);
  size_t named = text.find(name, begin), brace = text.find('{', named);
  string before = text.substr(begin, named - begin),
         head = text.substr(named + name.size(), brace - named - name.size());
  size_t result = before.find('('), formals = head.find('(');
  if (result != string::npos)
    made->result = reader.param(trimmed(before.substr(result + 1, before.find(')') - result - 1)));
  if (formals != string::npos) {
    for (const string& formal : split(head.substr(formals + 1, head.find(')') - formals - 1))) {
      made->formals.push_back(reader.param(formal));
    }
  }
  reader.body(text.c_str() + brace + 1);
  return made.get();
}

}  // namespace ptx
