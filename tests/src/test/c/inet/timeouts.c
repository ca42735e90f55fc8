/* SO_RCVTIMEO and SO_SNDTIMEO end calls with EAGAIN; signals interrupt or restart them. */
#include "inet.h"

static void nothing(int signal) {}

int main(void) {
  int s[2];
  tcp_pair(s);
  struct timeval t = {0, 50000};
  char text[8];
  MUST(setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
  TRY(recv(s[0], text, 8, 0));
  TRY(read(s[0], text, 8));
  MUST(setsockopt(s[0], SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t));
  static char junk[1 << 20];
  long n;
  while ((n = send(s[0], junk, sizeof junk, 0)) > 0) continue;
  say("send: %s\n", error_name(errno));
  while ((n = write(s[0], junk, sizeof junk)) > 0) continue;
  say("write: %s\n", error_name(errno));
  int server = listener();
  MUST(setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
  TRY(accept(server, NULL, NULL));
  t.tv_sec = 5;
  MUST(setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
  MUST(install(SIGUSR1, nothing, SA_RESTART));
  int u[2];
  udp_pair(u);
  pid_t child = MUST(fork());
  if (child == 0) {
    until_asleep(getppid());
    kill(getppid(), SIGUSR1);
    pause_ms(20);
    until_asleep(getppid());
    MUST(send(u[0], "go", 2, 0));
    _exit(0);
  }
  // Without a limit the call is restarted; with one it is not.
  TRY(recv(u[1], text, 8, 0));
  reap("child", child);
  child = MUST(fork());
  if (child == 0) {
    until_asleep(getppid());
    kill(getppid(), SIGUSR1);
    _exit(0);
  }
  TRY(recv(s[0], text, 8, 0));
  reap("child", child);
  return 0;
}
