// Puts the host's runtime in the place of the one that is linked into libcudf.so. Preloaded, it sees the library being
// loaded, and writes a jump over the beginning of each function of the runtime, which the symbol table of the file
// names.
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "ptx.hpp"
#include "runtime.hpp"

namespace {

constexpr size_t JUMP = 14, PAGE = 4096;

void write_jump(uint8_t* at, const void* to) {
  const uint8_t jump[] = {0xFF, 0x25, 0, 0, 0, 0};  // to the address behind it
  memcpy(at, jump, sizeof jump);
  memcpy(at + sizeof jump, &to, sizeof to);
}

void replace(uint8_t* function, const void* by) {
  auto* page = reinterpret_cast<uint8_t*>(reinterpret_cast<uintptr_t>(function) / PAGE * PAGE);
  if (mprotect(page, 2 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) ptx::stop("code cannot be changed");
  write_jump(function, by);
}

[[noreturn]] void called(const char* name) { ptx::stop(std::string(name) + " is not there"); }

struct File {
  const char* data;
  explicit File(const char* path) {
    int file = open(path, O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0) ptx::stop(std::string(path) + " cannot be read");
    data = static_cast<const char*>(mmap(nullptr, status.st_size, PROT_READ, MAP_PRIVATE, file, 0));
    close(file);
  }
};

void patch(const char* path, uint8_t* base) {
  File file(path);
  auto* header = reinterpret_cast<const Elf64_Ehdr*>(file.data);
  auto* sections = reinterpret_cast<const Elf64_Shdr*>(file.data + header->e_shoff);
  std::vector<void (*)()> registrations;
  for (int k = 0; k < header->e_shnum; k++) {
    if (sections[k].sh_type != SHT_SYMTAB) continue;
    auto* symbols = reinterpret_cast<const Elf64_Sym*>(file.data + sections[k].sh_offset);
    const char* names = file.data + sections[sections[k].sh_link].sh_offset;
    for (size_t n = 0; n < sections[k].sh_size / sizeof *symbols; n++) {
      if (ELF64_ST_TYPE(symbols[n].st_info) != STT_FUNC || symbols[n].st_value == 0) continue;
      const char* name = names + symbols[n].st_name;
      uint8_t* function = base + symbols[n].st_value;
      auto ours = runtime_functions().find(name);
      bool is_of_runtime = strncmp(name, "cuda", 4) == 0 && name[4] >= 'A' && name[4] <= 'Z';
      if (ours != runtime_functions().end())
        replace(function, ours->second);
      else if (is_of_runtime)
        replace(function, not_there(name));
      if (strcmp(name, "_ZL24__sti____cudaRegisterAllv") == 0)
        registrations.push_back(reinterpret_cast<void (*)()>(function));
    }
  }
  for (auto registration : registrations) registration();  // again: the library's own runtime was told before
  if (kernels_registered() == 0) ptx::stop(std::string(path) + " has no kernels, or no symbol table");
}

}  // namespace

// mov rdi, name; jmp called
void* not_there(const char* name) {
  static uint8_t* next = nullptr;
  static size_t left = 0;
  constexpr size_t bytes = 10 + JUMP;
  if (left < bytes) {
    left = 16 * PAGE;
    next = static_cast<uint8_t*>(
        mmap(nullptr, left, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  }
  uint8_t* made = next;
  const uint8_t load[] = {0x48, 0xBF};
  memcpy(made, load, sizeof load);
  memcpy(made + sizeof load, &name, sizeof name);
  write_jump(made + sizeof load + sizeof name, reinterpret_cast<void*>(called));
  next += bytes;
  left -= bytes;
  return made;
}

extern "C" void* dlopen(const char* path, int flags) {
  static auto* real = reinterpret_cast<void* (*)(const char*, int)>(dlsym(RTLD_NEXT, "dlopen"));
  static bool is_done = false;
  void* library = real(path, flags);
  if (library != nullptr && path != nullptr && !is_done && strstr(path, "/libcudf.so") != nullptr) {
    is_done = true;
    link_map* map;
    dlinfo(library, RTLD_DI_LINKMAP, &map);
    patch(path, reinterpret_cast<uint8_t*>(map->l_addr));
  }
  return library;
}
