/* A server and a client in two processes, with more data than the buffers hold. */
#include "inet.h"

#define TOTAL (3 << 20)

int main(void) {
  int server = listener();
  pid_t child = MUST(fork());
  if (child == 0) {
    struct sockaddr_in peer = {0};
    socklen_t length = sizeof peer;
    int c = MUST(accept(server, (struct sockaddr *)&peer, &length));
    static char buffer[70000];
    long n;
    while ((n = read(c, buffer, sizeof buffer)) > 0)
      for (long done = 0; done < n;) done += MUST(write(c, buffer + done, n - done));
    say("accepted: length %u family %d from loopback %d\n", length, peer.sin_family,
        peer.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
    _exit(n == 0 ? 0 : 1);
  }
  int c = connect_to(server);
  struct sockaddr_in peer = {0};
  socklen_t length = sizeof peer;
  TRY(getpeername(c, (struct sockaddr *)&peer, &length));
  say("peer is the server: %d\n", peer.sin_port == name_of(server).sin_port);
  pid_t writer = MUST(fork());
  if (writer == 0) {
    static unsigned char out[100000];
    for (long sent = 0; sent < TOTAL;) {
      long part = TOTAL - sent < (long)sizeof out ? TOTAL - sent : (long)sizeof out;
      for (long i = 0; i < part; i++) out[i] = (unsigned char)((sent + i) * 7 >> 3);
      if (write(c, out, part) != part) _exit(1);
      sent += part;
    }
    shutdown(c, SHUT_WR);
    _exit(0);
  }
  static unsigned char in[50001];
  long got = 0, n, wrong = 0;
  while ((n = read(c, in, sizeof in)) > 0)
    for (long i = 0; i < n; i++, got++) wrong += in[i] != (unsigned char)(got * 7 >> 3);
  say("echoed %ld, wrong %ld, end %ld\n", got, wrong, n);
  reap("writer", writer);
  reap("server", child);
  return 0;
}
