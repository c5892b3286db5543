// What the names of instructions mean.
#include "text.hpp"

namespace ptx {
namespace {

using std::string;

const std::map<string, Op> ops = {
    {"abs", Op::ABS},         {"add", Op::ADD},          {"and", Op::AND},      {"bmsk", Op::BIT_MASK},
    {"clz", Op::CLZ},         {"cvt", Op::CONVERT},      {"cvta", Op::MOVE},    {"div", Op::DIV},
    {"exit", Op::RETURN},     {"ld", Op::LOAD},          {"mad", Op::MAD},      {"max", Op::MAX},
    {"membar", Op::NOTHING},  {"min", Op::MIN},          {"mov", Op::MOVE},     {"mul", Op::MUL},
    {"nanosleep", Op::PAUSE}, {"neg", Op::NEG},          {"not", Op::NOT},      {"or", Op::OR},
    {"popc", Op::POPC},       {"prefetch", Op::NOTHING}, {"prmt", Op::PERMUTE}, {"rem", Op::REM},
    {"ret", Op::RETURN},      {"selp", Op::SELECT},      {"setp", Op::COMPARE}, {"shl", Op::SHIFT_LEFT},
    {"shr", Op::SHIFT_RIGHT}, {"shfl", Op::SHUFFLE},     {"st", Op::STORE},     {"sub", Op::SUB},
    {"vote", Op::VOTE},       {"xor", Op::XOR},          {"bra", Op::BRANCH},   {"call", Op::CALL},
    {"elect", Op::ELECT}};
const std::map<string, Op> longer = {{"atom add", Op::ATOMIC_ADD},
                                     {"bar sync", Op::BARRIER},
                                     {"bar red", Op::BARRIER},
                                     {"bar warp", Op::WARP_BARRIER},
                                     {"redux add", Op::REDUCE_ADD},
                                     {"cp bulk", Op::BULK_COPY},
                                     {"mbarrier init", Op::MBARRIER_INIT},
                                     {"mbarrier arrive", Op::MBARRIER_ARRIVE},
                                     {"mbarrier try_wait", Op::MBARRIER_WAIT}};
const std::map<string, Mode> modes = {
    {"eq", Mode::EQ},     {"ne", Mode::NE},         {"lt", Mode::LT},    {"le", Mode::LE},   {"gt", Mode::GT},
    {"ge", Mode::GE},     {"neu", Mode::NEU},       {"nan", Mode::NAN_}, {"up", Mode::UP},   {"down", Mode::DOWN},
    {"idx", Mode::INDEX}, {"ballot", Mode::BALLOT}, {"any", Mode::ANY},  {"all", Mode::ALL}, {"wide", Mode::WIDE},
    {"hi", Mode::HIGH},   {"or", Mode::WITH_OR}};
// what changes nothing here, where all is done in order
const std::set<string> silent = {
    "",       "acquire",     "async",  "clamp",   "cta",     "expect_tx",
    "global", "gpu",         "L2",     "lo",      "local",   "mbarrier::complete_tx::bytes",
    "nc",     "param",       "parity", "relaxed", "release", "rn",
    "shared", "shared::cta", "sync",   "to",      "uni",     "v2",
    "v4",     "volatile"};

}  // namespace

void classify(Instruction& i, const Words& words) {
  auto op = ops.find(words[0]);
  if (op != ops.end()) i.op = op->second;
  int types = 0;
  for (size_t k = 1; k < words.size(); k++) {
    auto both = longer.find(words[0] + " " + words[k]);
    auto mode = modes.find(words[k]);
    if (both != longer.end())
      i.op = both->second;
    else if (is_type(words[k], types == 0 ? i.type : i.from))
      types++;
    else if (mode != modes.end())
      i.mode = mode->second;
    else if (!silent.count(words[k])) {
      i.op = Op::UNKNOWN;
      return;
    }
  }
}

}  // namespace ptx
