/* memfd_create: a file without a name, with seals. */
#include "case.h"

int main(void) {
  int fd = MUST(memfd_create("name", MFD_ALLOW_SEALING));
  MUST(ftruncate(fd, 8192));
  char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  strcpy(p, "shared");
  char text[16] = "";
  TRY(pread(fd, text, 7, 0));
  say("%s\n", text);
  TRY(fcntl(fd, F_GET_SEALS));
  TRY(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
  TRY(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
  TRY(ftruncate(fd, 4096));
  TRY(ftruncate(fd, 12288));
  TRY(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
  TRY(ftruncate(fd, 16384));
  TRY(munmap(p, 8192));
  TRY(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
  TRY(write(fd, "x", 1));
  OK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  OK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0));
  TRY(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL));
  TRY(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
  TRY(fcntl(fd, F_GET_SEALS));
  int plain = MUST(memfd_create("", MFD_CLOEXEC));
  TRY(fcntl(plain, F_GET_SEALS));
  TRY(fcntl(plain, F_ADD_SEALS, F_SEAL_GROW));
  TRY(fcntl(plain, F_GETFD));
  TRY(memfd_create("x", 0x8000));
  struct stat st;
  TRY(fstat(plain, &st));
  say("mode %o links %ld\n", st.st_mode, (long)st.st_nlink);
  char path[64], link[128] = "";
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  MUST(readlink(path, link, sizeof link - 1));
  say("%s\n", link);
  return 0;
}
