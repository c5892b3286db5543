// From the text of PTX to instructions. PTX ISA 9.3, https://docs.nvidia.com/cuda/parallel-thread-execution.
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>

#include "ptx.hpp"

namespace ptx {
namespace {

using std::string;
using Words = std::vector<string>;

struct Module {
  string text;
  std::set<string> dynamic;  // names of shared memory whose size the launch says
  std::map<string, Place> shared;
  int shared_bytes = 0;
  std::map<string, std::unique_ptr<Function>> functions;
};

string trimmed(const string& s) {
  size_t first = s.find_first_not_of(" \n\t"), last = s.find_last_not_of(" \n\t");
  return first == string::npos ? "" : s.substr(first, last - first + 1);
}

// By commas outside of brackets.
Words split(const string& s) {
  Words parts;
  string part;
  int depth = 0;
  for (char c : s) {
    depth += strchr("[{(", c) ? 1 : strchr("]})", c) ? -1 : 0;
    if (c == ',' && depth == 0) {
      parts.push_back(trimmed(part));
      part.clear();
    } else {
      part += c;
    }
  }
  if (!trimmed(part).empty()) parts.push_back(trimmed(part));
  return parts;
}

Words split_name(const string& s) {
  Words parts(1);
  for (char c : s) {
    if (c == '.') parts.emplace_back();
    else parts.back() += c;
  }
  return parts;
}

string inside(const string& s) { return trimmed(s.substr(1, s.size() - 2)); }

bool is_type(const string& s, Type& type) {
  static const std::map<string, Type> types = {
      {"s8", Type::S8}, {"s16", Type::S16}, {"s32", Type::S32}, {"s64", Type::S64}, {"u8", Type::U8},
      {"u16", Type::U16}, {"u32", Type::U32}, {"u64", Type::U64}, {"b8", Type::U8}, {"b16", Type::U16},
      {"b32", Type::U32}, {"b64", Type::U64}, {"f32", Type::F32}, {"f64", Type::F64}, {"pred", Type::PRED}};
  auto found = types.find(s);
  if (found != types.end()) type = found->second;
  return found != types.end();
}

bool is_number(const string& s, uint64_t& number) {
  size_t digit = s[0] == '-';
  if (s.size() <= digit || !isdigit(s[digit])) return false;
  bool is_float = s.size() > 2 && s[0] == '0' && strchr("fFdD", s[1]);  // its bits
  number = is_float ? strtoull(s.c_str() + 2, nullptr, 16)
                    : digit ? static_cast<uint64_t>(strtoll(s.c_str(), nullptr, 0)) : strtoull(s.c_str(), nullptr, 0);
  return true;
}

// `.param .align 8 .b8 name[32]`, `.param .u64 .ptr .align 1 name`, `.local .b32 name`
struct Declaration {
  string name;
  int bytes, alignment = 1;
  explicit Declaration(const string& s) {
    size_t space = s.find_last_of(" \n\t");
    name = s.substr(space + 1);
    size_t bracket = name.find('[');
    bytes = bracket == string::npos ? 1 : atoi(name.c_str() + bracket + 1);
    name = name.substr(0, bracket);
    size_t align = s.find(".align");
    if (align != string::npos) alignment = atoi(s.c_str() + align + strlen(".align"));
    Type type;
    for (const string& word : split_name(s.substr(0, space))) {
      if (!is_type(trimmed(word), type)) continue;
      bytes *= size_of(type);
      alignment = std::max(alignment, size_of(type));
      return;
    }
    stop("a declaration without a type: " + s);
  }
  Place in(int& all) const {
    Place place{(all + alignment - 1) / alignment * alignment, bytes};
    all = place.offset + bytes;
    return place;
  }
};

const Function* function(Module& module, const string& name, size_t at);

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
    if (s[0] != '.') instruction(s);
    else if (s.rfind(".reg", 0) == 0) registers(s);
    else if (s.rfind(".local", 0) == 0) memory(s, locals, f.local_bytes);
    else if (s.rfind(".shared", 0) == 0) memory(s, shared, f.shared_bytes);
    else if (s.rfind(".param", 0) == 0) param(s);
    else if (s.rfind(".pragma", 0) != 0) stop("statement " + s);
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
    static const std::map<string, int> special = {
        {"%tid.x", THREAD}, {"%ctaid.x", BLOCK}, {"%ntid.x", THREADS}, {"%nctaid.x", BLOCKS}, {"%laneid", LANE},
        {"%tid.y", ZERO}, {"%ctaid.y", ZERO}, {"%ntid.y", ONE}, {"%nctaid.y", ONE},
        {"%lanemask_lt", LANES_BELOW}, {"%lanemask_le", LANES_UP_TO}, {"%lanemask_ge", LANES_FROM}};
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
    for (auto& [places, base] : {std::pair{&params, PARAMS}, {&locals, LOCALS}, {&shared, SHARED}, {&module.shared, SHARED}}) {
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
    name(i, split_name(s.substr(0, space)));
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

  // What it does, in which mode, on which types. Those that round otherwise than to nearest, or approximate, or are
  // fused, or flush subnormals, are not known.
  static void name(Instruction& i, const Words& words) {
    static const std::map<string, Op> ops = {
        {"abs", Op::ABS}, {"add", Op::ADD}, {"and", Op::AND}, {"bmsk", Op::BIT_MASK}, {"clz", Op::CLZ}, {"cvt", Op::CONVERT}, {"cvta", Op::MOVE},
        {"div", Op::DIV}, {"exit", Op::RETURN}, {"ld", Op::LOAD}, {"mad", Op::MAD}, {"max", Op::MAX}, {"membar", Op::NOTHING},
        {"min", Op::MIN}, {"mov", Op::MOVE}, {"mul", Op::MUL}, {"nanosleep", Op::PAUSE}, {"neg", Op::NEG}, {"not", Op::NOT},
        {"or", Op::OR}, {"popc", Op::POPC}, {"prefetch", Op::NOTHING}, {"prmt", Op::PERMUTE}, {"rem", Op::REM},
        {"ret", Op::RETURN}, {"selp", Op::SELECT}, {"setp", Op::COMPARE}, {"shl", Op::SHIFT_LEFT}, {"shr", Op::SHIFT_RIGHT},
        {"shfl", Op::SHUFFLE}, {"st", Op::STORE}, {"sub", Op::SUB}, {"vote", Op::VOTE}, {"xor", Op::XOR},
        {"bra", Op::BRANCH}, {"call", Op::CALL}, {"elect", Op::ELECT}};
    static const std::map<string, Op> longer = {
        {"atom add", Op::ATOMIC_ADD}, {"bar sync", Op::BARRIER}, {"bar red", Op::BARRIER}, {"bar warp", Op::WARP_BARRIER},
        {"redux add", Op::REDUCE_ADD}, {"cp bulk", Op::BULK_COPY}, {"mbarrier init", Op::MBARRIER_INIT},
        {"mbarrier arrive", Op::MBARRIER_ARRIVE}, {"mbarrier try_wait", Op::MBARRIER_WAIT}};
    static const std::map<string, Mode> modes = {
        {"eq", Mode::EQ}, {"ne", Mode::NE}, {"lt", Mode::LT}, {"le", Mode::LE}, {"gt", Mode::GT}, {"ge", Mode::GE},
        {"neu", Mode::NEU}, {"nan", Mode::NAN_}, {"up", Mode::UP}, {"down", Mode::DOWN}, {"idx", Mode::INDEX},
        {"ballot", Mode::BALLOT}, {"any", Mode::ANY}, {"all", Mode::ALL}, {"wide", Mode::WIDE}, {"hi", Mode::HIGH},
        {"or", Mode::WITH_OR}};
    // what changes nothing here, where all is done in order
    static const std::set<string> silent = {
        "", "acquire", "async", "clamp", "cta", "expect_tx", "global", "gpu", "L2", "lo", "local", "mbarrier::complete_tx::bytes", "nc",
        "param", "parity", "relaxed", "release", "rn", "shared", "shared::cta", "sync", "to", "uni", "v2", "v4", "volatile"};
    auto op = ops.find(words[0]);
    if (op != ops.end()) i.op = op->second;
    int types = 0;
    for (size_t k = 1; k < words.size(); k++) {
      auto both = longer.find(words[0] + " " + words[k]);
      auto mode = modes.find(words[k]);
      if (both != longer.end()) i.op = both->second;
      else if (is_type(words[k], types == 0 ? i.type : i.from)) types++;
      else if (mode != modes.end()) i.mode = mode->second;
      else if (!silent.count(words[k])) {
        i.op = Op::UNKNOWN;
        return;
      }
    }
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

// `.func (.param .b32 result) name(...) {...}` or `.entry name(...) {...}`, which is at that place if one is given. None
// if it is not defined.
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
  string before = text.substr(begin, named - begin), head = text.substr(named + name.size(), brace - named - name.size());
  size_t result = before.find('('), formals = head.find('(');
  if (result != string::npos) made->result = reader.param(trimmed(before.substr(result + 1, before.find(')') - result - 1)));
  if (formals != string::npos) {
    for (const string& formal : split(head.substr(formals + 1, head.find(')') - formals - 1))) {
      made->formals.push_back(reader.param(formal));
    }
  }
  reader.body(text.c_str() + brace + 1);
  return made.get();
}

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
