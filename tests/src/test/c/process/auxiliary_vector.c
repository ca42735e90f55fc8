/* What a program finds on its first stack. */
#include "case.h"
#include <elf.h>
#include <sys/auxv.h>

int main(int argc, char **argv) {
  say("page %ld ticks %ld secure %ld\n", getauxval(AT_PAGESZ), getauxval(AT_CLKTCK),
      getauxval(AT_SECURE));
  say("users %ld %ld %ld %ld\n", getauxval(AT_UID), getauxval(AT_EUID), getauxval(AT_GID),
      getauxval(AT_EGID));
  say("phent %ld, phnum %d, random %d, platform %s\n", getauxval(AT_PHENT),
      getauxval(AT_PHNUM) > 3, getauxval(AT_RANDOM) != 0, (char *)getauxval(AT_PLATFORM));
  say("execfn is argv[0]: %d\n", strcmp((char *)getauxval(AT_EXECFN), argv[0]) == 0);
  say("arguments %d, end %d\n", argc, argv[argc] == NULL);
  say("stack aligned %d\n", (uintptr_t)__builtin_frame_address(0) % 16 == 0);
  return 0;
}
