// Words, numbers and declarations in the text of PTX.
#include "text.hpp"

#include <cctype>
#include <cstdlib>
#include <cstring>

namespace ptx {

using std::string;

string trimmed(const string& s) {
  size_t first = s.find_first_not_of(" \n\t"), last = s.find_last_not_of(" \n\t");
  return first == string::npos ? "" : s.substr(first, last - first + 1);
}

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
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

string inside(const string& s) { return trimmed(s.substr(1, s.size() - 2)); }

bool is_type(const string& s, Type& type) {
  static const std::map<string, Type> types = {
      {"s8", Type::S8},   {"s16", Type::S16}, {"s32", Type::S32}, {"s64", Type::S64}, {"u8", Type::U8},
      {"u16", Type::U16}, {"u32", Type::U32}, {"u64", Type::U64}, {"b8", Type::U8},   {"b16", Type::U16},
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
           : digit  ? static_cast<uint64_t>(strtoll(s.c_str(), nullptr, 0))
                    : strtoull(s.c_str(), nullptr, 0);
  return true;
}

Declaration::Declaration(const string& s) {
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

Place Declaration::in(int& all) const {
  Place place{(all + alignment - 1) / alignment * alignment, bytes};
  all = place.offset + bytes;
  return place;
}

}  // namespace ptx
