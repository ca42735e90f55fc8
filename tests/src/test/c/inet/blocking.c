/* Calls that wait: accept, connect, receive, send; threads and processes on both sides. */
#include "inet.h"

static int server;

static void *late_client(void *unused) {
  until_asleep(getpid());
  int c = connect_to(server);
  until_asleep(getpid());
  MUST(send(c, "late", 4, 0));
  return (void *)(long)c;
}

int main(void) {
  server = listener();
  pthread_t t;
  pthread_create(&t, NULL, late_client, NULL);
  int s = OK(accept(server, NULL, NULL));
  struct pollfd p = {s, POLLIN, 0};
  void *c;
  char text[8] = "";
  TRY(poll(&p, 1, 5000));
  TRY(recv(s, text, 8, 0));
  say("%s\n", text);
  pthread_join(t, &c);
  // A sender that fills the buffers waits for the reader.
  pid_t child = MUST(fork());
  if (child == 0) {
    static char junk[1 << 20];
    long n = 0;
    for (int i = 0; i < 8; i++) n += send((int)(long)c, junk, sizeof junk, 0);
    say("sent %ld\n", n);
    _exit(0);
  }
  close((int)(long)c);
  static char in[1 << 18];
  long all = 0, n;
  while ((n = recv(s, in, sizeof in, 0)) > 0) all += n;
  reap("sender", child);
  say("received %ld\n", all);
  // A closed socket does not end the wait of another thread, but its shutdown does.
  int u[2];
  tcp_pair(u);
  child = MUST(fork());
  if (child == 0) {
    until_asleep(getppid());
    shutdown(u[0], SHUT_RD);
    _exit(0);
  }
  TRY(recv(u[0], text, 8, 0));
  reap("shutter", child);
  return 0;
}
