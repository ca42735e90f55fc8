/* Echo requests on raw sockets, for those who may have them. */
#include "inet.h"

static unsigned short checksum(const void *data, int length) {
  unsigned sum = 0;
  for (int i = 0; i < length / 2; i++) sum += ((const unsigned short *)data)[i];
  sum = (sum >> 16) + (sum & 0xffff);
  return ~(sum + (sum >> 16));
}

int main(void) {
  int s = MUST(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
  unsigned filter = ~(1u << ICMP_ECHOREPLY);
  TRY(setsockopt(s, 255, 1, &filter, sizeof filter));
  struct {
    struct icmphdr h;
    char data[16];
  } m = {.h = {.type = ICMP_ECHO}, .data = "payload"};
  m.h.un.echo.id = htons(7);
  m.h.un.echo.sequence = htons(1);
  m.h.checksum = checksum(&m, sizeof m);
  struct sockaddr_in to = loopback(0), from;
  TRY(sendto(s, &m, sizeof m, 0, (struct sockaddr *)&to, sizeof to));
  char buffer[256];
  socklen_t length = sizeof from;
  long n = TRY(recvfrom(s, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &length));
  struct icmphdr *h = (void *)(buffer + (buffer[0] & 15) * 4);
  say("%ld type %d id %d sequence %d %s\n", n, h->type, ntohs(h->un.echo.id), ntohs(h->un.echo.sequence),
      (char *)(h + 1));
  TRY(listen(s, 1));
  int six = MUST(socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6));
  say("protocol %d\n", option(six, SOL_SOCKET, SO_PROTOCOL));
  TRY(socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP));
  return 0;
}
