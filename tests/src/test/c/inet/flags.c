/* MSG_PEEK, MSG_TRUNC, MSG_WAITALL, MSG_MORE, vectors and bad pointers on TCP. */
#include "inet.h"

int main(void) {
  int s[2];
  tcp_pair(s);
  char text[32] = "";
  TRY(send(s[0], "one", 3, MSG_MORE));
  TRY(send(s[0], "two", 3, 0));
  until_readable(s[1], 6);
  TRY(recv(s[1], text, 6, MSG_PEEK | MSG_WAITALL));
  say("%s\n", text);
  TRY(recv(s[1], NULL, 2, MSG_TRUNC));
  TRY(recv(s[1], text, 32, 0));
  say("%.4s\n", text);
  struct iovec v[3] = {{"ab", 2}, {"", 0}, {"cdef", 4}};
  TRY(writev(s[0], v, 3));
  until_readable(s[1], 6);
  char one[3] = "", two[9] = "";
  struct iovec in[2] = {{one, 2}, {two, 8}};
  TRY(readv(s[1], in, 2));
  say("%s %s\n", one, two);
  pid_t child = MUST(fork());
  if (child == 0) {
    MUST(send(s[0], "12345", 5, 0));
    until_asleep(getppid());
    MUST(send(s[0], "67890", 5, 0));
    _exit(0);
  }
  TRY(recv(s[1], text, 10, MSG_WAITALL));
  say("%.10s\n", text);
  reap("sender", child);
  TRY(recv(s[1], text, 5, MSG_DONTWAIT));
  TRY(recv(s[1], text, 5, MSG_ERRQUEUE));
  TRY(send(s[0], BAD, 4, 0));
  TRY(send(s[0], "", 0, 0));
  TRY(recv(s[1], text, 0, MSG_DONTWAIT));
  TRY(read(s[1], text, 0));
  TRY(send(s[0], "xy", 2, 0));
  until_readable(s[1], 2);
  TRY(recv(s[1], BAD, 2, 0));
  TRY(recv(s[1], text, 0, 0));
  struct sockaddr_in from;
  socklen_t length = sizeof from;
  TRY(recvfrom(s[1], text, 2, 0, (struct sockaddr *)&from, &length));
  say("address of a stream: %u\n", length);
  TRY(pread(s[1], text, 1, 0));
  TRY(lseek(s[1], 0, SEEK_SET));
  int unsent = -1;
  TRY(ioctl(s[0], SIOCOUTQ, &unsent));
  say("unsent %d\n", unsent);
  TRY(ioctl(s[0], 0x12345, &unsent));
  struct stat st;
  TRY(fstat(s[0], &st));
  say("mode %o\n", st.st_mode);
  return 0;
}
