/* Sockets of the host seen from a container: "serve DIR" makes them, "use DIR USER" is the client, which prints the same on the
   host and in a container. "pass DIR" shows what becomes of files that are to cross. */
#include "case.h"

static const char *directory;

static struct sockaddr_un address(const char *name) {
  struct sockaddr_un a = {.sun_family = AF_UNIX};
  snprintf(a.sun_path, sizeof a.sun_path, "%s/%s", directory, name);
  return a;
}

static int bound(const char *name, int type, int mode) {
  struct sockaddr_un a = address(name);
  int s = socket(AF_UNIX, type, 0);
  if (bind(s, (void *)&a, sizeof a) || chmod(a.sun_path, mode)) exit(99);
  return s;
}

static void send_file(int s) {
  int file = open("/dev/null", O_RDONLY);
  union { struct cmsghdr h; char room[CMSG_SPACE(sizeof(int))]; } c = {.h = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
  memcpy(CMSG_DATA(&c.h), &file, sizeof file);
  struct iovec v = {"file", 4};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = &c, .msg_controllen = sizeof c};
  long n = sendmsg(s, &m, MSG_NOSIGNAL);
  printf("sendmsg with a file: %s\n", n < 0 ? strerrorname_np(errno) : "sent");
}

static void greet_and_echo(int s) {
  struct ucred c;
  socklen_t size = sizeof c;
  char text[100000];
  getsockopt(s, SOL_SOCKET, SO_PEERCRED, &c, &size);
  long n = snprintf(text, sizeof text, "you are %d:%d", c.uid, c.gid);
  send(s, text, n, MSG_NOSIGNAL);
  while ((n = recv(s, text, sizeof text, 0)) > 0) {
    if (n == 4 && !memcmp(text, "file", 4)) send_file(s);
    else
      for (long done = 0; done < n;) done += send(s, text + done, n - done, MSG_NOSIGNAL);
  }
  send(s, "bye", 3, MSG_NOSIGNAL);
  _exit(0);
}

static void serve(void) {
  int on = 1, listeners[] = {bound("stream", SOCK_STREAM, 0777), bound("packet", SOCK_SEQPACKET, 0777)};
  int datagrams = bound("datagram", SOCK_DGRAM, 0777), full = bound("full", SOCK_DGRAM, 0777);
  int backlog = bound("backlog", SOCK_STREAM, 0777), closed = bound("closed", SOCK_STREAM, 0600);
  setsockopt(datagrams, SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
  close(bound("dead", SOCK_STREAM, 0777));
  if (listen(listeners[0], 9) || listen(listeners[1], 9) || listen(backlog, 0) || listen(closed, 9)) exit(99);
  signal(SIGCHLD, SIG_IGN);
  printf("ready\n");
  struct pollfd p[] = {{0, POLLIN, 0}, {listeners[0], POLLIN, 0}, {listeners[1], POLLIN, 0}, {datagrams, POLLIN, 0}};
  while (poll(p, 4, -1) > 0 && !p[0].revents) {
    for (int i = 1; i <= 2; i++) {
      if (!p[i].revents) continue;
      int s = accept(p[i].fd, NULL, NULL);
      if (!fork()) greet_and_echo(s);
      close(s);
    }
    if (p[3].revents) {
      char text[1000];
      union { struct cmsghdr h; char room[CMSG_SPACE(sizeof(struct ucred))]; } c;
      struct iovec v = {text, sizeof text};
      struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = &c, .msg_controllen = sizeof c};
      long n = recvmsg(datagrams, &m, 0);
      struct ucred *from = (void *)CMSG_DATA(&c.h);
      printf("datagram '%.*s' of %d:%d\n", (int)n, text, from->uid, from->gid);
    }
  }
  (void)full;
}

static int connected(const char *name, int type) {
  struct sockaddr_un a = address(name);
  int s = socket(AF_UNIX, type, 0);
  int r = connect(s, (void *)&a, sizeof a);
  printf("connect %s: %s\n", name, r < 0 ? strerrorname_np(errno) : "0");
  return s;
}

static void show(const char *what, long r) {
  printf("%s: %ld%s%s\n", what, r < 0 ? -1 : r, r < 0 ? " " : "", r < 0 ? strerrorname_np(errno) : "");
}

static int events(int fd) {
  struct pollfd p = {fd, POLLIN | POLLOUT | POLLRDHUP, 0};
  poll(&p, 1, 0);
  return p.revents;
}

static void use_stream(void) {
  char text[100000] = "";
  int s = connected("stream", SOCK_STREAM);
  if (events(s) & POLLHUP) return;
  struct ucred c;
  struct sockaddr_un peer = {0};
  socklen_t size = sizeof c;
  getsockopt(s, SOL_SOCKET, SO_PEERCRED, &c, &size);
  printf("server %d:%d\n", c.uid, c.gid);
  size = sizeof peer;
  show("getpeername", getpeername(s, (void *)&peer, &size));
  printf("peer is %s\n", strrchr(peer.sun_path, '/'));
  size = sizeof peer;
  show("getsockname", getsockname(s, (void *)&peer, &size));
  printf("own name of %d bytes\n", size);
  long n = recv(s, text, sizeof text, 0);
  printf("%.*s\n", (int)n, text);
  show("nothing yet", recv(s, text, sizeof text, MSG_DONTWAIT));
  printf("events %x\n", events(s));
  int epoll = epoll_create1(0);
  struct epoll_event e = {EPOLLIN | EPOLLET, {.u32 = 7}};
  epoll_ctl(epoll, EPOLL_CTL_ADD, s, &e);
  show("epoll", epoll_wait(epoll, &e, 1, 0));
  show("write", write(s, "hello", 5));
  show("epoll", epoll_wait(epoll, &e, 1, 5000));
  show("epoll again", epoll_wait(epoll, &e, 1, 0));
  int waiting = 0;
  ioctl(s, FIONREAD, &waiting);
  printf("waiting %d\n", waiting);
  show("peek", recv(s, text, 3, MSG_PEEK));
  show("read", read(s, text, sizeof text));
  printf("%.5s\n", text);
  memset(text, 'x', sizeof text);
  long sent = 0, got = 0;
  fcntl(s, F_SETFL, O_NONBLOCK);
  while (got < 1000000) {
    struct pollfd p = {s, POLLIN | (sent < 1000000 ? POLLOUT : 0), 0};
    poll(&p, 1, -1);
    if ((p.revents & POLLOUT) && (n = write(s, text, sizeof text < 1000000 - sent ? sizeof text : 1000000 - sent)) > 0) sent += n;
    if ((p.revents & POLLIN) && (n = read(s, text, sizeof text)) > 0) got += n;
  }
  printf("sent %ld got %ld\n", sent, got);
  fcntl(s, F_SETFL, 0);
  struct sockaddr_un a = address("stream");
  show("connect again", connect(s, (void *)&a, sizeof a));
  show("shutdown", shutdown(s, SHUT_WR));
  show("write", send(s, "x", 1, MSG_NOSIGNAL));
  for (got = 0; (n = read(s, text + got, 10)) > 0;) got += n;
  printf("%.*s\n", (int)got, text);
  printf("events %x\n", events(s));
  int error = 7;
  size = sizeof error;
  getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &size);
  printf("error %d\n", error);
  close(s);
  close(epoll);
}

static void use_packets(void) {
  char text[1000];
  int s = connected("packet", SOCK_SEQPACKET);
  long n = recv(s, text, sizeof text, 0);
  printf("%.*s\n", (int)n, text);
  show("send", send(s, "one", 3, 0));
  show("send", send(s, "second", 6, 0));
  show("recv", recv(s, text, sizeof text, 0));
  struct iovec v = {text, 2};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
  show("recvmsg", recvmsg(s, &m, 0));
  printf("%.2s flags %x\n", text, m.msg_flags);
  show("writev", writev(s, (struct iovec[]){{"ab", 2}, {"cd", 2}}, 2));
  show("whole length", recv(s, text, 1, MSG_TRUNC));
  close(s);
  connected("stream", SOCK_SEQPACKET);
  connected("packet", SOCK_DGRAM);
}

static void use_datagrams(void) {
  static char big[1 << 20];
  int s = connected("datagram", SOCK_DGRAM);
  show("send", send(s, "connected", 9, 0));
  show("send too much", send(s, big, sizeof big, 0));
  struct sockaddr_un a = address("datagram");
  int t = socket(AF_UNIX, SOCK_DGRAM, 0);
  show("sendto", sendto(t, "addressed", 9, 0, (void *)&a, sizeof a));
  show("send unconnected", send(t, "x", 1, 0));
  struct sockaddr none = {.sa_family = AF_UNSPEC};
  show("disconnect", connect(s, &none, sizeof none));
  show("send disconnected", send(s, "x", 1, 0));
  int f = connected("full", SOCK_DGRAM), count = 0;
  while (send(f, "x", 1, MSG_DONTWAIT) == 1) count++;
  printf("%d fit, then %s, events %x\n", count, strerrorname_np(errno), events(f));
  struct timeval limit = {0, 50000};
  setsockopt(f, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  show("send with a time limit", send(f, "x", 1, 0));
  int b, more = 0;
  struct sockaddr_un busy = address("backlog");
  do {
    b = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    more++;
  } while (more < 10 && connect(b, (void *)&busy, sizeof busy) == 0);
  printf("%d connections, then %s\n", more - 1, strerrorname_np(errno));
  fcntl(b, F_SETFL, 0);
  setsockopt(b, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  show("connect with a time limit", connect(b, (void *)&busy, sizeof busy));
}

static void pass(void) {
  char text[100], room[100];
  int s = connected("stream", SOCK_STREAM);
  show("greeting", recv(s, text, sizeof text, 0) > 0);
  send_file(s);
  show("send", send(s, "file", 4, 0));
  struct iovec v = {text, sizeof text};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
  show("recvmsg", recvmsg(s, &m, 0));
  printf("control %zu flags %x\n", m.msg_controllen, m.msg_flags);
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  directory = argv[2];
  if (!strcmp(argv[1], "serve")) {
    serve();
    return 0;
  }
  if (argc > 3 && geteuid() != (uid_t)atoi(argv[3])) {
    int user = atoi(argv[3]);
    if (setgroups(0, NULL) || setresgid(user, user, user) || setresuid(user, user, user)) return 99;
  }
  if (!strcmp(argv[1], "pass")) {
    pass();
    return 0;
  }
  use_stream();
  use_packets();
  use_datagrams();
  connected("closed", SOCK_STREAM);
  connected("dead", SOCK_STREAM);
  connected("missing", SOCK_STREAM);
  return 0;
}
