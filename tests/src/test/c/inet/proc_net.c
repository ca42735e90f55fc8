/* /proc/net: this process's own sockets are found there by their inode numbers. */
#include "inet.h"

static void find(const char *path, int fd) {
  struct stat st;
  MUST(fstat(fd, &st));
  FILE *f = fopen(path, "r");
  if (!f) {
    say("%s: %s\n", path, error_name(errno));
    return;
  }
  char line[512], found[64] = "no";
  while (fgets(line, sizeof line, f)) {
    unsigned state, uid;
    unsigned long inode;
    if (sscanf(line, "%*d: %*s %*s %x %*s %*s %*s %u %*s %lu", &state, &uid, &inode) == 3 && inode == st.st_ino)
      snprintf(found, sizeof found, "state %u uid %u", state, uid);
  }
  fclose(f);
  say("%s: %s\n", path, found);
}

static void first_line(const char *path) {
  FILE *f = fopen(path, "r");
  char line[512] = "none\n";
  if (f && !fgets(line, sizeof line, f)) strcpy(line, "empty\n");
  if (f) fclose(f);
  say("%s: %s", path, line);
}

int main(void) {
  int server = listener(), u = bound(SOCK_DGRAM);
  find("/proc/net/tcp", server);
  find("/proc/net/udp", u);
  int c = connect_to(server);
  find("/proc/self/net/tcp", c);
  first_line("/proc/net/tcp");
  first_line("/proc/net/tcp6");
  first_line("/proc/net/udp");
  first_line("/proc/net/udp6");
  first_line("/proc/net/dev");
  first_line("/proc/net/route");
  first_line("/proc/net/arp");
  first_line("/proc/net/if_inet6");
  first_line("/proc/sys/net/ipv4/ip_local_port_range");
  first_line("/proc/sys/net/ipv4/ip_unprivileged_port_start");
  return 0;
}
