/* After fork private memory is apart, shared memory is one. */
#include "case.h"

static int data = 1;

int main(void) {
  int rw = PROT_READ | PROT_WRITE;
  int *own = mmap(NULL, 4096, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int *one = mmap(NULL, 4096, rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  int *heap = malloc(1 << 20);
  *own = *one = *heap = 1;
  pid_t pid = MUST(fork());
  if (pid == 0) {
    *own = *one = *heap = data = 2;
    if (fork() == 0) {
      *own = *one = 3;
      say("grandchild %d %d %d %d\n", *own, *one, *heap, data);
      _exit(0);
    }
    wait(NULL);
    say("child %d %d %d %d\n", *own, *one, *heap, data);
    _exit(0);
  }
  wait(NULL);
  say("parent %d %d %d %d\n", *own, *one, *heap, data);
  return 0;
}
