/* The devices that every program expects. */
#include "case.h"

int main(void) {
  char text[16];
  int null = MUST(open("/dev/null", O_RDWR)), zero = MUST(open("/dev/zero", O_RDWR)),
      full = MUST(open("/dev/full", O_RDWR)), random = MUST(open("/dev/urandom", O_RDONLY));
  TRY(read(null, text, 16));
  TRY(write(null, text, 16));
  memset(text, 1, 16);
  TRY(read(zero, text, 16));
  say("%d %d\n", text[0], text[15]);
  TRY(write(full, text, 16));
  TRY(read(full, text, 16));
  TRY(read(random, text, 16));
  TRY(lseek(null, 5, SEEK_SET));
  TRY(ioctl(null, TCGETS, text));
  char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
  say("mapped zero %d\n", p[100]);
  OK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, null, 0));
  TRY(open("/dev/tty", O_RDWR) >= -1);
  struct stat st;
  MUST(stat("/dev/zero", &st));
  say("%o %d,%d\n", st.st_mode & S_IFMT, major(st.st_rdev), minor(st.st_rdev));
  TRY(truncate("/dev/null", 0));
  TRY(close(MUST(open("/dev/null", O_WRONLY | O_TRUNC | O_CREAT, 0666))));
  return 0;
}
