/* F_NOTIFY: signals of what happens in a directory. */
#include "case.h"

static volatile int told;

static void on(int signal, siginfo_t *info, void *context) {
  if (signal == SIGIO)
    told++;
  else
    say("  signal %d code %d band %#lx descriptor %d\n", signal - SIGRTMIN, info->si_code,
        info->si_band, info->si_fd);
}

#define TOLD(call)                       \
  ({                                     \
    told = 0;                            \
    TRY(call);                           \
    if (told) say("  told %d\n", told);  \
  })

int main(void) {
  scratch();
  MUST(mkdir("d", 0755));
  MUST(mkdir("e", 0755));
  MUST(write_file("d/f", "text"));
  int d = MUST(open("d", O_RDONLY));
  MUST(dup2(d, 20));
  install_info(SIGIO, on, 0);
  install_info(SIGRTMIN, on, 0);

  int f = MUST(open("d/f", O_RDWR));
  TRY(fcntl(f, F_NOTIFY, DN_CREATE));
  TRY(fcntl(99, F_NOTIFY, DN_CREATE));
  int place = MUST(open("d", O_PATH));
  TRY(fcntl(place, F_NOTIFY, DN_CREATE));

  say("once\n");
  TRY(fcntl(20, F_NOTIFY, DN_CREATE));
  say("owner %d\n", fcntl(20, F_GETOWN) == getpid());
  TOLD(mkdir("d/a", 0755));
  TOLD(mkdir("d/b", 0755));

  say("again and again\n");
  TRY(fcntl(20, F_NOTIFY, DN_CREATE | DN_MULTISHOT));
  TOLD(mkdir("d/c", 0755));
  TOLD(rmdir("d/c"));
  TRY(fcntl(20, F_NOTIFY, DN_DELETE | DN_MULTISHOT));
  TOLD(rmdir("d/b"));
  TOLD(write_file("d/g", "x"));
  TRY(fcntl(20, F_NOTIFY, 0));
  TOLD(rmdir("d/a"));

  say("all with particulars\n");
  TRY(fcntl(20, F_SETSIG, SIGRTMIN));
  TRY(fcntl(20, F_NOTIFY, DN_ACCESS | DN_MULTISHOT));
  char text[8];
  TOLD(read(f, text, 2));
  TOLD(write(f, "x", 1));
  TRY(fcntl(20, F_NOTIFY, 0));
  TRY(fcntl(20, F_NOTIFY, DN_MODIFY | DN_MULTISHOT));
  TOLD(write(f, "x", 1));
  TOLD(ftruncate(f, 0));
  TRY(fcntl(20, F_NOTIFY, 0));
  TRY(fcntl(20, F_NOTIFY, DN_ATTRIB | DN_MULTISHOT));
  TOLD(fchmod(f, 0600));
  TOLD(chmod("d", 0700));
  TRY(fcntl(20, F_NOTIFY, 0));
  TRY(fcntl(20, F_NOTIFY, DN_RENAME | DN_MULTISHOT));
  TOLD(rename("d/f", "d/h"));
  TOLD(rename("d/h", "e/h"));
  TOLD(rename("e/h", "d/h"));
  TRY(fcntl(20, F_NOTIFY, 0));
  TRY(fcntl(20, F_NOTIFY, DN_CREATE | DN_DELETE | DN_MULTISHOT));
  TOLD(rename("d/h", "e/h"));
  TOLD(rename("e/h", "d/h"));
  TOLD(link("d/h", "d/i"));
  TOLD(unlink("d/i"));

  say("until closed\n");
  close(d);
  close(20);
  TOLD(unlink("d/h"));
  return 0;
}
