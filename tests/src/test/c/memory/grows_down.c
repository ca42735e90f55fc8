/* A MAP_GROWSDOWN area takes in the pages below it one after the other. */
#include "case.h"

int main(void) {
  int rw = PROT_READ | PROT_WRITE;
  char *room = mmap(NULL, 4 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  MUST(munmap(room, 4 << 20));
  char *top = room + (4 << 20) - 4096;
  char *p = mmap(top, 4096, rw, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
  say("mapped %d\n", p == top);
  int touched = 0;
  for (int i = 0; i < 16; i++) {
    top[-4096 * i] = (char)i;
    touched++;
  }
  say("grown by %d pages, %d\n", touched, top[-4096 * 15]);
  return 0;
}
