/* copy_file_range and sendfile. */
#include "case.h"

int main(void) {
  scratch();
  int in = MUST(open("in", O_RDWR | O_CREAT, 0644)), out = MUST(open("out", O_RDWR | O_CREAT, 0644));
  MUST(write(in, "0123456789", 10));
  loff_t from = 2, to = 1;
  TRY(copy_file_range(in, &from, out, &to, 4, 0));
  say("%ld %ld\n", (long)from, (long)to);
  TRY(copy_file_range(in, NULL, out, NULL, 4, 0));
  MUST(lseek(in, 0, SEEK_SET));
  TRY(copy_file_range(in, NULL, out, NULL, 100, 0));
  TRY(lseek(in, 0, SEEK_CUR));
  TRY(copy_file_range(in, NULL, out, NULL, 1, 1));
  from = 0;
  to = 5;
  TRY(copy_file_range(in, &from, in, &to, 10, 0));
  int ends[2], dir = MUST(open(".", O_RDONLY));
  MUST(pipe(ends));
  TRY(copy_file_range(in, &from, ends[1], NULL, 1, 0));
  TRY(copy_file_range(dir, NULL, out, NULL, 1, 0));
  off_t at = 3;
  TRY(sendfile(ends[1], in, &at, 4));
  say("%ld\n", (long)at);
  char text[32] = "";
  MUST(read(ends[0], text, 31));
  say("%s\n", text);
  TRY(sendfile(out, in, NULL, 10));
  MUST(lseek(in, 8, SEEK_SET));
  TRY(sendfile(out, in, NULL, 10));
  at = -1;
  TRY(sendfile(out, in, &at, 10));
  TRY(sendfile(in, ends[0], NULL, 10));
  TRY(sendfile(99, in, NULL, 10));
  memset(text, 0, 32);
  long n = pread(out, text, 31, 0);
  for (int i = 0; i < n; i++) say("%c", text[i] ? text[i] : '.');
  say("\n");
  return 0;
}
