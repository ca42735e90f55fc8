/* sendfile(2) and splice(2) to and from TCP sockets. */
#include "inet.h"

int main(void) {
  scratch();
  MUST(write_file("f", "0123456789abcdef"));
  int f = MUST(open("f", O_RDONLY)), s[2], p[2];
  tcp_pair(s);
  MUST(pipe(p));
  char text[32] = "";
  TRY(sendfile(s[0], f, NULL, 10));
  off_t at = 4;
  TRY(sendfile(s[0], f, &at, 100));
  say("at %ld\n", (long)at);
  TRY(recv(s[1], text, 22, MSG_WAITALL));
  say("%.22s\n", text);
  MUST(write(p[1], "through", 7));
  TRY(splice(p[0], NULL, s[0], NULL, 100, 0));
  until_readable(s[1], 7);
  TRY(splice(s[1], NULL, p[1], NULL, 100, 0));
  TRY(read(p[0], text, 32));
  say("%.7s\n", text);
  TRY(sendfile(s[0], s[1], NULL, 10));
  TRY(fcntl(s[0], F_SETFL, O_NONBLOCK));
  say("%#x\n", fcntl(s[0], F_GETFL));
  return 0;
}
