/* mkdir, rmdir, getdents, seeking in directories, removal while open. */
#include "case.h"
#include <dirent.h>

static int compare(const void *a, const void *b) { return strcmp(*(char **)a, *(char **)b); }

static void list(const char *path) {
  DIR *d = opendir(path);
  char *names[64];
  int n = 0;
  struct dirent *e;
  while ((e = readdir(d)) && n < 64) {
    char *name = malloc(300);
    snprintf(name, 300, "%s%s", e->d_name, e->d_type == DT_DIR ? "/" : e->d_type == DT_LNK ? "@" : "");
    names[n++] = name;
  }
  closedir(d);
  qsort(names, n, sizeof *names, compare);
  for (int i = 0; i < n; i++) say("%s ", names[i]);
  say("\n");
}

int main(void) {
  scratch();
  TRY(mkdir("d", 0755));
  TRY(mkdir("d", 0755));
  TRY(mkdir("x/y", 0755));
  TRY(mkdir("e/", 0755));
  MUST(write_file("d/file", ""));
  MUST(symlink("file", "d/link"));
  MUST(mkdir("d/sub", 0755));
  list("d");
  struct stat st;
  MUST(stat("d", &st));
  say("links %ld\n", (long)st.st_nlink);
  TRY(rmdir("d"));
  TRY(rmdir("d/file"));
  TRY(rmdir("d/sub/."));
  TRY(rmdir("d/sub/.."));
  TRY(rmdir("missing"));
  int fd = MUST(open("e", O_RDONLY));
  TRY(unlinkat(AT_FDCWD, "e", AT_REMOVEDIR));
  char buffer[1024];
  TRY(syscall(SYS_getdents64, fd, buffer, sizeof buffer));
  TRY(openat(fd, "new", O_CREAT | O_RDWR, 0644));
  MUST(fstat(fd, &st));
  say("links %ld\n", (long)st.st_nlink);
  fd = MUST(open("d", O_RDONLY));
  TRY(syscall(SYS_getdents64, fd, buffer, 8));
  int total = 0;
  long n;
  while ((n = syscall(SYS_getdents64, fd, buffer, 64)) > 0)
    for (long at = 0; at < n; at += ((struct dirent64 *)(buffer + at))->d_reclen) total++;
  say("entries %d\n", total);
  TRY(lseek(fd, 0, SEEK_SET));
  say("again %d\n", syscall(SYS_getdents64, fd, buffer, sizeof buffer) > 0);
  int file = MUST(open("d/file", O_RDONLY));
  TRY(syscall(SYS_getdents64, file, buffer, sizeof buffer));
  TRY(unlinkat(AT_FDCWD, "d/file", 0x8000));
  TRY(unlinkat(AT_FDCWD, "d/sub", 0));
  return 0;
}
