/* Special files: FIFOs, devices, sockets by mknod. */
#include "case.h"

int main(void) {
  scratch();
  struct stat st;
  TRY(mknod("fifo", S_IFIFO | 0644, 0));
  TRY(mknod("file", S_IFREG | 0644, 0));
  TRY(mknod("plain", 0644, 0));
  TRY(mknod("socket", S_IFSOCK | 0644, 0));
  TRY(mknod("dir", S_IFDIR | 0644, 0));
  TRY(mknod("bad", 0170000, 0));
  MUST(stat("plain", &st));
  say("%o\n", st.st_mode);
  MUST(stat("socket", &st));
  say("%o\n", st.st_mode);
  TRY(open("socket", O_RDONLY));
  TRY(open("fifo", O_WRONLY | O_NONBLOCK));
  become(1234, 1234);
  TRY(mknod("null", S_IFCHR | 0666, makedev(1, 3)));
  return 0;
}
