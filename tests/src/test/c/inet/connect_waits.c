/* Connections that take time, because the listener's queue is full: waiting, giving up, interruption, restarting. */
#include "inet.h"

static void nothing(int signal) {}

static int server;

static pid_t signal_parent(int then_accept) {
  pid_t child = MUST(fork());
  if (child == 0) {
    until_asleep(getppid());
    kill(getppid(), SIGUSR1);
    pause_ms(20);
    if (then_accept) {
      until_asleep(getppid());
      close(MUST(accept(server, NULL, NULL)));
    }
    _exit(0);
  }
  return child;
}

int main(void) {
  server = bound(SOCK_STREAM);
  MUST(listen(server, 0));
  struct sockaddr_in a = name_of(server);
  connect_to(server);
  char text[4];
  int s = MUST(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
  TRY(connect(s, (struct sockaddr *)&a, sizeof a));
  TRY(connect(s, (struct sockaddr *)&a, sizeof a));
  say_poll("connecting", s, 0);
  TRY(send(s, "x", 1, 0));
  TRY(recv(s, text, 4, 0));
  TRY(getpeername(s, (struct sockaddr *)&a, &(socklen_t){sizeof a}));
  say("error %d\n", option(s, SOL_SOCKET, SO_ERROR));
  TRY(shutdown(s, SHUT_WR));
  TRY(close(s));
  s = MUST(socket(AF_INET, SOCK_STREAM, 0));
  struct timeval t = {0, 50000};
  MUST(setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t));
  TRY(connect(s, (struct sockaddr *)&a, sizeof a));
  TRY(connect(s, (struct sockaddr *)&a, sizeof a));
  close(s);
  MUST(install(SIGUSR1, nothing, 0));
  s = MUST(socket(AF_INET, SOCK_STREAM, 0));
  pid_t child = signal_parent(0);
  TRY(connect(s, (struct sockaddr *)&a, sizeof a));
  reap("child", child);
  close(s);
  MUST(install(SIGUSR1, nothing, SA_RESTART));
  s = MUST(socket(AF_INET, SOCK_STREAM, 0));
  child = signal_parent(1);
  TRY(connect(s, (struct sockaddr *)&a, sizeof a));
  reap("child", child);
  say_poll("connected", s, POLLOUT);
  return 0;
}
