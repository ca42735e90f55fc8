/* sendmmsg and recvmmsg. */
#include "case.h"

int main(void) {
  int s[2];
  MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, s));
  struct mmsghdr m[3];
  struct iovec v[3] = {{"a", 1}, {"bb", 2}, {"ccc", 3}};
  memset(m, 0, sizeof m);
  for (int i = 0; i < 3; i++) {
    m[i].msg_hdr.msg_iov = &v[i];
    m[i].msg_hdr.msg_iovlen = 1;
  }
  TRY(sendmmsg(s[0], m, 3, 0));
  say("%u %u %u\n", m[0].msg_len, m[1].msg_len, m[2].msg_len);
  char text[4][8] = {""};
  for (int i = 0; i < 3; i++) v[i] = (struct iovec){text[i], 8};
  TRY(recvmmsg(s[1], m, 2, 0, NULL));
  TRY(recvmmsg(s[1], m + 2, 1, MSG_DONTWAIT, NULL));
  say("%s %s %s\n", text[0], text[1], text[2]);
  TRY(recvmmsg(s[1], m, 3, MSG_DONTWAIT, NULL));
  return 0;
}
