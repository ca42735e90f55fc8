/* Scripts: the interpreter's single argument, nested interpreters, the path that is passed. */
#include "case.h"

static void run(const char *what, const char *path) {
  pid_t pid = MUST(fork());
  if (pid == 0) {
    execl(path, "zero", "one", "two words", (char *)NULL);
    say("%s\n", error_name(errno));
    _exit(127);
  }
  reap(what, pid);
}

int main(void) {
  scratch();
  MUST(write_file("plain", "#!/bin/sh\necho \"$0|$1|$2|$#\"\n"));
  MUST(write_file("argument", "#! /bin/sh -e \nfalse\necho not reached\n"));
  MUST(write_file("echo", "#!/bin/echo  a b  c \t\n"));
  MUST(write_file("nested", "#!./plain x y\n"));
  MUST(write_file("long", "#!/bin/echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
      "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
      "dddddddddddddddddddddd\n"));
  const char *names[] = {"plain", "argument", "echo", "nested", "long"};
  for (int i = 0; i < 5; i++) {
    MUST(chmod(names[i], 0755));
    char path[32];
    snprintf(path, sizeof path, "./%s", names[i]);
    run(names[i], path);
  }
  return 0;
}
