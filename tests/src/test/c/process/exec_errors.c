/* What execve refuses. */
#include "case.h"

static char *const words[] = {"x", NULL};
static char *const none[] = {NULL};

static void attempt(const char *what, const char *path, char *const *argv) {
  execve(path, argv, none);
  say("%s: %s\n", what, error_name(errno));
}

int main(void) {
  scratch();
  attempt("missing", "missing", words);
  attempt("empty path", "", words);
  attempt("directory", ".", words);
  MUST(write_file("plain", "text\n"));
  attempt("not executable", "plain", words);
  MUST(chmod("plain", 0755));
  attempt("no format", "plain", words);
  attempt("through a file", "plain/x", words);
  MUST(write_file("interpreter", "#!/nonexistent/interpreter\n"));
  MUST(chmod("interpreter", 0755));
  attempt("missing interpreter", "interpreter", words);
  MUST(write_file("nothing", "#!\n"));
  MUST(chmod("nothing", 0755));
  attempt("script without interpreter", "nothing", words);
  MUST(write_file("loop", "#!loop\n"));
  MUST(chmod("loop", 0755));
  attempt("script that interprets itself", "loop", words);
  MUST(write_file("elf", "\177ELF\2\1\1"));
  MUST(chmod("elf", 0755));
  attempt("short ELF", "elf", words);
  MUST(symlink("cycle", "cycle"));
  attempt("cycle", "cycle", words);
  attempt("bad path", BAD, words);
  attempt("bad arguments", "/bin/true", BAD);
  char *bad[] = {"x", BAD, NULL};
  attempt("bad argument", "/bin/true", bad);
  char name[PATH_MAX + 10];
  memset(name, 'a', sizeof name);
  name[sizeof name - 1] = 0;
  attempt("long path", name, words);
  name[300] = 0;
  attempt("long name", name, words);
  static char big[200000];
  memset(big, 'b', sizeof big - 1);
  char *large[] = {"x", big, NULL};
  attempt("long argument", "/bin/true", large);
  int fd = MUST(open("busy", O_RDWR | O_CREAT, 0755));
  attempt("open for writing", "busy", words);
  close(fd);
  become(1234, 1234);
  attempt("no right", "/root/x", words);
  return 0;
}
