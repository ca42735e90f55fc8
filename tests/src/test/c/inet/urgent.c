/* Urgent data: MSG_OOB, POLLPRI, SIOCATMARK, SO_OOBINLINE. */
#include "inet.h"

int main(void) {
  int s[2];
  char text[16] = "";
  tcp_pair(s);
  TRY(recv(s[1], text, 1, MSG_OOB));
  TRY(send(s[0], "ab!", 3, MSG_OOB));
  say_poll("urgent", s[1], POLLPRI);
  TRY(send(s[0], "cd", 2, 0));
  until_readable(s[1], 2);
  TRY(recv(s[1], text, 16, MSG_OOB | MSG_PEEK));
  TRY(recv(s[1], text, 16, MSG_OOB));
  say("%c\n", text[0]);
  TRY(recv(s[1], text, 16, MSG_OOB));
  int mark = -1;
  TRY(ioctl(s[1], SIOCATMARK, &mark));
  say("at mark %d\n", mark);
  long n = TRY(recv(s[1], text, 16, 0));
  say("%.*s\n", (int)n, text);
  TRY(ioctl(s[1], SIOCATMARK, &mark));
  say("at mark %d\n", mark);
  n = TRY(recv(s[1], text, 16, 0));
  say("%.*s\n", (int)n, text);
  TRY(set_option(s[1], SOL_SOCKET, SO_OOBINLINE, 1));
  TRY(send(s[0], "x", 1, MSG_OOB));
  say_poll("inline", s[1], POLLPRI | POLLIN);
  TRY(recv(s[1], text, 16, MSG_OOB));
  TRY(recv(s[1], text, 16, 0));
  int u[2];
  udp_pair(u);
  TRY(send(u[0], "x", 1, MSG_OOB));
  return 0;
}
