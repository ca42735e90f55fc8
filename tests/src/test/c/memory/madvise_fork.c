/* What madvise says about fork: DONTFORK leaves out, WIPEONFORK zeroes. */
#include "case.h"

static char *left_out, *wiped, *usual;

static void look(void) {
  say("usual %c, wiped %d\n", usual[0], wiped[0]);
  int ends[2];
  MUST(pipe(ends));
  TRY(write(ends[1], left_out, 1));
}

int main(void) {
  int rw = PROT_READ | PROT_WRITE, anon = MAP_PRIVATE | MAP_ANONYMOUS;
  left_out = mmap(NULL, 4096, rw, anon, -1, 0);
  wiped = mmap(NULL, 4096, rw, anon, -1, 0);
  usual = mmap(NULL, 4096, rw, anon, -1, 0);
  left_out[0] = wiped[0] = usual[0] = 'x';
  TRY(madvise(left_out, 4096, MADV_DONTFORK));
  TRY(madvise(wiped, 4096, MADV_WIPEONFORK));
  in_child("child", look);
  say("parent keeps %c%c%c\n", left_out[0], wiped[0], usual[0]);
  TRY(madvise(wiped, 4096, MADV_KEEPONFORK));
  in_child("child", look);
  return 0;
}
