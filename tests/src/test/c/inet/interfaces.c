/* Interfaces as ioctl(2), getifaddrs(3) and if_nameindex(3) tell them. */
#include "inet.h"

static void ask(int s, const char *what, int request) {
  struct ifreq r = {.ifr_name = "lo"};
  if (ioctl(s, request, &r) != 0)
    say("%s: %s\n", what, error_name(errno));
  else
    say("%s: family %d flags %#x value %d address %#x\n", what, r.ifr_addr.sa_family,
        request == SIOCGIFFLAGS ? r.ifr_flags & 0xffff : 0,
        request == SIOCGIFMTU || request == SIOCGIFINDEX ? r.ifr_mtu : 0,
        request == SIOCGIFADDR || request == SIOCGIFNETMASK
            ? ntohl(((struct sockaddr_in *)&r.ifr_addr)->sin_addr.s_addr) : 0);
}

int main(void) {
  int s = MUST(socket(AF_INET, SOCK_DGRAM, 0)), u = MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
  ask(s, "flags", SIOCGIFFLAGS);
  ask(s, "address", SIOCGIFADDR);
  ask(s, "mask", SIOCGIFNETMASK);
  ask(s, "mtu", SIOCGIFMTU);
  ask(u, "index", SIOCGIFINDEX);
  ask(s, "hardware", SIOCGIFHWADDR);
  struct ifreq r = {.ifr_ifindex = 1};
  TRY(ioctl(s, SIOCGIFNAME, &r));
  say("%s\n", r.ifr_name);
  r = (struct ifreq){.ifr_name = "none"};
  TRY(ioctl(s, SIOCGIFFLAGS, &r));
  TRY(ioctl(s, SIOCGIFFLAGS, BAD));
  struct ifconf c = {0};
  TRY(ioctl(s, SIOCGIFCONF, &c));
  say("all %d\n", c.ifc_len);
  char buffer[400];
  c = (struct ifconf){.ifc_len = sizeof buffer, .ifc_buf = buffer};
  TRY(ioctl(u, SIOCGIFCONF, &c));
  say("got %d %s\n", c.ifc_len, c.ifc_req[0].ifr_name);
  c = (struct ifconf){.ifc_len = 39, .ifc_buf = buffer};
  TRY(ioctl(s, SIOCGIFCONF, &c));
  say("cut %d\n", c.ifc_len);
  struct ifaddrs *all, *i;
  MUST(getifaddrs(&all));
  for (i = all; i; i = i->ifa_next) {
    char text[64] = "", mask[64] = "";
    if (i->ifa_addr->sa_family == AF_INET) {
      inet_ntop(AF_INET, &((struct sockaddr_in *)i->ifa_addr)->sin_addr, text, 64);
      inet_ntop(AF_INET, &((struct sockaddr_in *)i->ifa_netmask)->sin_addr, mask, 64);
    } else if (i->ifa_addr->sa_family == AF_INET6) {
      inet_ntop(AF_INET6, &((struct sockaddr_in6 *)i->ifa_addr)->sin6_addr, text, 64);
    }
    say("%s family %d flags %#x %s %s\n", i->ifa_name, i->ifa_addr->sa_family, i->ifa_flags, text, mask);
  }
  freeifaddrs(all);
  struct if_nameindex *names = if_nameindex();
  for (int n = 0; names && names[n].if_name; n++) say("%u %s\n", names[n].if_index, names[n].if_name);
  say("%u\n", if_nametoindex("lo"));
  char name[IF_NAMESIZE];
  say("%s\n", if_indextoname(1, name));
  return 0;
}
