/* sendmmsg(2) and recvmmsg(2) over UDP. */
#include "inet.h"

int main(void) {
  int s[2];
  udp_pair(s);
  char text[4][8] = {"one", "two", "three", ""};
  struct iovec v[4];
  struct mmsghdr m[4];
  memset(m, 0, sizeof m);
  for (int i = 0; i < 4; i++) {
    v[i] = (struct iovec){text[i], strlen(text[i])};
    m[i].msg_hdr = (struct msghdr){.msg_iov = &v[i], .msg_iovlen = 1};
  }
  TRY(sendmmsg(s[0], m, 4, 0));
  for (int i = 0; i < 4; i++) say("sent %u\n", m[i].msg_len);
  for (int i = 0; i < 4; i++) {
    memset(text[i], 0, 8);
    v[i].iov_len = i == 2 ? 3 : 8;
  }
  TRY(recvmmsg(s[1], m, 4, MSG_WAITFORONE, NULL));
  for (int i = 0; i < 4; i++) say("got %u %#x %s\n", m[i].msg_len, m[i].msg_hdr.msg_flags, text[i]);
  TRY(recvmmsg(s[1], m, 4, MSG_DONTWAIT, NULL));
  v[2].iov_base = BAD;
  v[2].iov_len = 4;
  TRY(sendmmsg(s[0], m, 4, 0));
  TRY(recvmmsg(s[1], m, 2, 0, &(struct timespec){5, 0}));
  return 0;
}
