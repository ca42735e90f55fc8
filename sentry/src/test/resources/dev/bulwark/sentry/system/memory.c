#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <signal.h>
#include <setjmp.h>
#include <fcntl.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/uio.h>

#define P 4096L
#define AT ((char *) 0x10000000)
static sigjmp_buf jump;
static int signo, code; static char *where;
static void handler(int s, siginfo_t *i, void *c) { signo = s; code = i->si_code; where = i->si_addr; siglongjmp(jump, 1); }
static const char *name(long r) { static char b[64]; if (r >= 0) snprintf(b, 64, "%ld", r); else snprintf(b, 64, "%s", strerrorname_np(-r)); return b; }
static long err(long r) { return r == -1 ? -errno : r; }
#define SHOW(what, call) printf("%s: %s\n", what, name(err((long) (call))))
static void map(const char *what, void *a, long len, int prot, int flags, int fd, long off) {
  char *r = mmap(a, len, prot, flags, fd, off);
  if (r == MAP_FAILED) printf("mmap %s: %s\n", what, strerrorname_np(errno));
  else { printf("mmap %s: ok%s\n", what, r == a ? " there" : ""); munmap(r, len); }
}
static void probe(const char *what, char *a, int write) {
  if (sigsetjmp(jump, 1)) { printf("%s: signal %d code %d offset %ld\n", what, signo, code, (long) (where - a)); return; }
  if (write) { *(volatile char *) a = 7; printf("%s: stored\n", what); }
  else printf("%s: %d\n", what, *(volatile char *) a);
}
static int deep(int n) { volatile char b[8192]; b[0] = n; return n == 0 ? b[0] : deep(n - 1) + b[0] * 0; }
int main(int argc, char **argv) {
  const char *path = argv[1];
  setvbuf(stdout, NULL, _IOFBF, 1 << 16);
  struct sigaction sa = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &sa, 0); sigaction(SIGBUS, &sa, 0);
  int ap = MAP_PRIVATE | MAP_ANONYMOUS, rw = PROT_READ | PROT_WRITE;
  int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
  char page[P]; memset(page, 'a', P);
  for (int i = 0; i < 5; i++) { page[0] = '0' + i; if (write(fd, page, i == 4 ? 100 : P) < 0) perror("write"); }

  map("zero length", 0, 0, rw, ap, -1, 0);
  map("no type", 0, P, rw, MAP_ANONYMOUS, -1, 0);
  map("type 4", 0, P, rw, MAP_ANONYMOUS | 4, -1, 0);
  map("anon validate", 0, P, rw, MAP_ANONYMOUS | MAP_SHARED_VALIDATE, -1, 0);
  map("offset 1", 0, P, rw, ap, -1, 1);
  map("bad fd", 0, P, rw, MAP_PRIVATE, 99, 0);
  map("bad fd zero", 0, 0, rw, MAP_PRIVATE, 99, 0);
  map("anon with fd", 0, P, rw, ap, 99, 0);
  map("huge length", 0, 1L << 48, PROT_READ, ap | MAP_NORESERVE, -1, 0);
  map("negative length", 0, -1L, rw, ap, -1, 0);
  map("negative page", 0, -P, rw, ap, -1, 0);
  map("fixed unaligned", AT + 1, P, rw, ap | MAP_FIXED, -1, 0);
  map("fixed high", (void *) (-P), P, rw, ap | MAP_FIXED, -1, 0);
  map("fixed", AT, P, rw, ap | MAP_FIXED, -1, 0);
  map("noreplace", AT, P, rw, ap | MAP_FIXED_NOREPLACE, -1, 0);
  map("hint", AT, P, rw, ap, -1, 0);
  map("hint unaligned", AT + 5, P, rw, ap, -1, 0);
  map("hugetlb", 0, 2 << 20, rw, ap | MAP_HUGETLB, -1, 0);
  map("hugetlb file", 0, 2 << 20, rw, MAP_PRIVATE | MAP_HUGETLB, fd, 0);
  map("growsdown", 0, P, rw, ap | MAP_GROWSDOWN, -1, 0);
  map("growsdown shared", 0, P, rw, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0);
  map("growsdown file", 0, P, rw, MAP_PRIVATE | MAP_GROWSDOWN, fd, 0);
  map("shared anon", 0, P, rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  map("file", 0, P, rw, MAP_PRIVATE, fd, 0);
  map("file shared", 0, P, rw, MAP_SHARED, fd, 0);
  map("file validate", 0, P, rw, MAP_SHARED_VALIDATE, fd, 0);
  map("file sync", 0, P, rw, MAP_SHARED_VALIDATE | MAP_SYNC, fd, 0);
  map("file huge offset", 0, P, rw, MAP_SHARED, fd, 0x7ffffffffffff000L);
  map("file negative offset", 0, P, rw, MAP_SHARED, fd, -P);
  map("populate", 0, P, rw, ap | MAP_POPULATE, -1, 0);
  map("locked", 0, P, rw, ap | MAP_LOCKED, -1, 0);
  map("32bit", 0, P, rw, ap | MAP_32BIT, -1, 0);
  map("prot 8", 0, P, 8, ap, -1, 0);
  map("prot 0x100", 0, P, 0x100, ap, -1, 0);
  int p[2]; if (pipe(p)) perror("pipe");
  map("pipe", 0, P, PROT_READ, MAP_PRIVATE, p[0], 0);
  map("pipe write end", 0, P, PROT_READ, MAP_PRIVATE, p[1], 0);

  char *a = mmap(AT, 8 * P, rw, ap | MAP_FIXED, -1, 0);
  SHOW("munmap unaligned", munmap(a + 1, P));
  SHOW("munmap zero", munmap(a, 0));
  SHOW("munmap hole", munmap(a + 64 * P, P));
  SHOW("munmap huge", munmap(a, -1L));
  SHOW("munmap kernel", munmap((void *) (-P), P));
  SHOW("munmap middle", munmap(a + 3 * P, 1));
  probe("hole", a + 3 * P + 8, 0);
  probe("before", a + 2 * P, 1);
  SHOW("mprotect unaligned", mprotect(a + 1, P, rw));
  SHOW("mprotect zero", mprotect(a, 0, rw));
  SHOW("mprotect zero hole", mprotect(a + 3 * P, 0, rw));
  SHOW("mprotect bits", mprotect(a, P, 0x10));
  SHOW("mprotect bits hole", mprotect(a + 3 * P, P, 0x10));
  SHOW("mprotect sem", mprotect(a, P, rw | 8));
  SHOW("mprotect growsdown", mprotect(a, P, rw | PROT_GROWSDOWN));
  SHOW("mprotect growsup", mprotect(a, P, rw | PROT_GROWSUP));
  SHOW("mprotect both", mprotect(a, P, rw | PROT_GROWSUP | PROT_GROWSDOWN));
  SHOW("mprotect hole", mprotect(a + 2 * P, 2 * P, PROT_READ));
  SHOW("mprotect wrap", mprotect(a, -P, PROT_READ));
  SHOW("mprotect wrap2", mprotect(a, -2 * (long) a, PROT_READ));
  probe("read-only", a + 2 * P, 1);
  probe("read-only read", a + 2 * P, 0);
  SHOW("mprotect none", mprotect(a + 1 * P, P, PROT_NONE));
  probe("none", a + P + 3, 0);
  SHOW("mprotect write only", mprotect(a + 1 * P, P, PROT_WRITE));
  probe("write only", a + P + 3, 0);
  SHOW("mprotect exec only", mprotect(a + 1 * P, P, PROT_EXEC));
  SHOW("write to none", err(write(p[1], a + 3 * P, 1)));
  SHOW("read to read-only", err(write(p[1], "x", 1) + read(p[0], a + 2 * P, 1)));

  memset(a + 4 * P, 5, 4 * P);
  SHOW("mremap flags", mremap(a + 4 * P, P, P, 64));
  SHOW("mremap fixed only", mremap(a + 4 * P, P, P, MREMAP_FIXED, a));
  SHOW("mremap unaligned", mremap(a + 4 * P + 1, P, P, 0));
  SHOW("mremap new zero", mremap(a + 4 * P, P, 0, 0));
  SHOW("mremap old zero", mremap(a + 4 * P, 0, P, MREMAP_MAYMOVE));
  SHOW("mremap hole", mremap(a + 3 * P, P, 2 * P, MREMAP_MAYMOVE));
  SHOW("mremap too long", mremap(a + 4 * P, 8 * P, 16 * P, MREMAP_MAYMOVE));
  SHOW("mremap overlap", mremap(a + 4 * P, 2 * P, 2 * P, MREMAP_MAYMOVE | MREMAP_FIXED, a + 5 * P));
  SHOW("mremap to unaligned", mremap(a + 4 * P, 2 * P, 2 * P, MREMAP_MAYMOVE | MREMAP_FIXED, a + 64 * P + 1));
  SHOW("mremap to kernel", mremap(a + 4 * P, 2 * P, 2 * P, MREMAP_MAYMOVE | MREMAP_FIXED, (void *) (-2 * P)));
  SHOW("mremap dontunmap size", mremap(a + 4 * P, P, 2 * P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0));
  SHOW("mremap huge", mremap(a + 4 * P, P, -P, MREMAP_MAYMOVE));
  SHOW("mremap grow in the way", mremap(a + 4 * P, P, 2 * P, 0));
  char *b = mremap(a + 4 * P, 2 * P, 20 * P, MREMAP_MAYMOVE);
  printf("moved %d %d %d\n", b != a + 4 * P, b[P], b[19 * P]);
  probe("old place", a + 4 * P, 0);
  char *c = mremap(b, 20 * P, 2 * P, 0);
  printf("shrunk %d\n", c == b); probe("cut off", b + 2 * P, 0);
  c = mremap(b, 2 * P, 2 * P, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
  printf("kept %d %d %d\n", c != b, b[0], c[0]);
  c = mremap(c, 2 * P, 3 * P, MREMAP_MAYMOVE | MREMAP_FIXED, a + 40 * P);
  printf("fixed %d %d %d\n", c == a + 40 * P, c[P], c[2 * P]);
  char *s = mmap(0, 2 * P, rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  s[0] = 9; c = mremap(s, 0, 2 * P, MREMAP_MAYMOVE); printf("twin %d\n", c == MAP_FAILED ? -1 : c[0]);
  s[1] = 8; printf("twin %d\n", c[1]);
  c = mremap(s, 2 * P, 4 * P, MREMAP_MAYMOVE); probe("past shared", c + 3 * P, 0);

  SHOW("madvise unaligned", madvise(a + 1, P, MADV_DONTNEED));
  SHOW("madvise unknown", madvise(a, P, 999));
  SHOW("madvise negative", madvise(a, P, -1));
  SHOW("madvise 5", madvise(a, P, 5));
  SHOW("madvise hole", madvise(a + 2 * P, 2 * P, MADV_DONTNEED));
  SHOW("madvise zero", madvise(a, 0, MADV_DONTNEED));
  SHOW("madvise zero unknown", madvise(a, 0, 999));
  SHOW("madvise wrap", madvise(a, -P, MADV_DONTNEED));
  a = mmap(AT, 8 * P, rw, ap | MAP_FIXED, -1, 0); memset(a, 3, 8 * P);
  SHOW("madvise dontneed", madvise(a, P, MADV_DONTNEED)); printf("%d %d\n", a[0], a[P]);
  for (int i = 0; i <= 25; i++) { char n[32]; if (i == 21 || i == 25 || i == 8 || i==12 || i==13||i==14||i==15) continue; snprintf(n, 32, "advice %d", i); SHOW(n, madvise(a + 4 * P, P, i)); }
  SHOW("remove private", madvise(a, P, MADV_REMOVE));
  char *f = mmap(0, 5 * P, rw, MAP_PRIVATE, fd, 0);
  SHOW("free file", madvise(f, P, MADV_FREE));
  SHOW("wipe file", madvise(f, P, MADV_WIPEONFORK));
  f[0] = 'x'; printf("%c", f[0]); madvise(f, P, MADV_DONTNEED); printf("%c\n", f[0]);
  probe("file tail", f + 4 * P + 100, 0);
  char *g = mmap(0, 8 * P, PROT_READ, MAP_PRIVATE, fd, 0);
  probe("past file", g + 5 * P + 7, 0);
  SHOW("write past file", err(write(p[1], g + 6 * P, 1)));
  mprotect(g, 8 * P, rw); probe("past file write", g + 5 * P + 7, 1); probe("tail write", g + 4 * P, 1);
  char *h = mmap(0, 5 * P, rw, MAP_SHARED, fd, 0); h[P] = 'Z';
  pread(fd, page, 2, P); printf("shared store %c%c \n", page[0], page[1]);
  pwrite(fd, "Q", 1, 2 * P); printf("coherent %c\n", h[2 * P]);
  SHOW("msync", msync(h, P, MS_SYNC)); SHOW("msync both", msync(h, P, MS_SYNC | MS_ASYNC));
  SHOW("msync flags", msync(h, P, 8)); SHOW("msync unaligned", msync(h + 1, P, MS_SYNC));
  SHOW("msync hole", msync(AT + 64 * P, P, MS_SYNC)); SHOW("msync zero", msync(AT + 64 * P, 0, MS_SYNC));
  int ro = open(path, O_RDONLY);
  map("ro shared rw", 0, P, rw, MAP_SHARED, ro, 0);
  map("ro private rw", 0, P, rw, MAP_PRIVATE, ro, 0);
  char *q = mmap(0, P, PROT_READ, MAP_SHARED, ro, 0);
  SHOW("mprotect ro shared", mprotect(q, P, rw));
  int wo = open(path, O_WRONLY);
  map("wo", 0, P, PROT_READ, MAP_PRIVATE, wo, 0);
  map("wo none", 0, P, 0, MAP_SHARED, wo, 0);
  int dir = open("/", O_RDONLY); map("directory", 0, P, PROT_READ, MAP_PRIVATE, dir, 0);
  ftruncate(fd, P); probe("after truncation", h + 2 * P, 0); probe("still", h, 0);

  unsigned char v[8];
  a = mmap(AT, 8 * P, rw, ap | MAP_FIXED, -1, 0); a[0] = a[3 * P] = 1;
  SHOW("mincore", mincore(a, 8 * P, v)); for (int i = 0; i < 8; i++) printf("%d", v[i] & 1); puts("");
  SHOW("mincore unaligned", mincore(a + 1, P, v)); SHOW("mincore hole", mincore(AT + 64 * P, P, v));
  SHOW("mincore fault", mincore(a, P, (void *) 8)); SHOW("mincore huge", mincore(a, -1L, v));

  struct rlimit rl = {1 << 16, 1 << 16};
  SHOW("mlock", mlock(a, P)); SHOW("mlock hole", mlock(AT + 64 * P, P)); SHOW("munlock hole", munlock(AT + 64 * P, P));
  SHOW("mlock zero", mlock(a, 0)); SHOW("dontneed locked", madvise(a, P, MADV_DONTNEED)); SHOW("munlock", munlock(a, P));
  SHOW("mlock2", syscall(SYS_mlock2, a, P, 2)); SHOW("mlockall 0", mlockall(0)); SHOW("mlockall 8", mlockall(8)); SHOW("mlockall onfault", mlockall(4));
  SHOW("munlockall", munlockall()); (void) rl;

  char *top = sbrk(0); char *end = sbrk(3 * P); printf("brk %d\n", end == top); end[0] = 1; printf("%d\n", sbrk(-3 * P) == end + 3 * P); probe("below brk", (char *) (((long) end + P - 1) & -P), 0);
  printf("brk bad %d\n", (char *) syscall(SYS_brk, 1) == sbrk(0));
  printf("brk huge %d\n", (char *) syscall(SYS_brk, 0x7f0000000000) == sbrk(0));
  printf("deep %d\n", deep(700));

  s = mmap(0, P, rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0); a[0] = 1; s[0] = 1;
  char *w = mmap(0, P, rw, ap, -1, 0); w[0] = 4; madvise(w, P, MADV_WIPEONFORK);
  char *d = mmap(0, P, rw, ap, -1, 0); d[0] = 4; madvise(d, P, MADV_DONTFORK);
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) { printf("child %d %d %d\n", a[0], s[0], w[0]); a[0] = 2; s[0] = 2; probe("dontfork", d, 0); fflush(stdout); _exit(0); }
  waitpid(pid, 0, 0); printf("parent %d %d %d\n", a[0], s[0], w[0]);

  struct iovec l = {page, 8}, r = {a, 8};
  SHOW("vm_readv", process_vm_readv(getpid(), &l, 1, &r, 1, 0)); SHOW("vm flags", process_vm_readv(getpid(), &l, 1, &r, 1, 1));
  SHOW("vm pid", process_vm_readv(999999, &l, 1, &r, 1, 0)); r.iov_base = (void *) 16; SHOW("vm fault", process_vm_readv(getpid(), &l, 1, &r, 1, 0));
  SHOW("pkey_alloc flags", syscall(SYS_pkey_alloc, 1, 0)); SHOW("pkey_free", syscall(SYS_pkey_free, 77)); SHOW("pkey_mprotect", syscall(SYS_pkey_mprotect, a, P, rw, -1));
  SHOW("membarrier flags", syscall(SYS_membarrier, 0, 1, 0)); SHOW("membarrier bad", syscall(SYS_membarrier, 1 << 20, 0, 0));
  SHOW("remap_file_pages", syscall(SYS_remap_file_pages, a, P, 0, 0, 0)); SHOW("remap prot", syscall(SYS_remap_file_pages, a, P, 1, 0, 0));
  SHOW("mseal flags", syscall(462, a, P, 1)); SHOW("mseal unaligned", syscall(462, a + 1, P, 0)); SHOW("mseal hole", syscall(462, AT + 64 * P, P, 0));
  SHOW("mseal", syscall(462, a, P, 0)); SHOW("sealed munmap", munmap(a, P)); SHOW("sealed mprotect", mprotect(a, P, PROT_READ)); SHOW("sealed mremap", mremap(a, P, 2 * P, MREMAP_MAYMOVE));
  SHOW("sealed dontneed", madvise(a, P, MADV_DONTNEED));

  char *st = mmap(AT + 2048 * P, 4 * P, rw, ap | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
  probe("grow", st - 100, 1); probe("grow far", st - 20 * P, 1);
  struct rlimit as = {64 << 20, 64 << 20}; setrlimit(RLIMIT_AS, &as); map("beyond RLIMIT_AS", 0, 128 << 20, rw, ap, -1, 0);
  struct rlimit da = {8 << 20, 8 << 20}; setrlimit(RLIMIT_DATA, &da); map("beyond RLIMIT_DATA", 0, 16 << 20, rw, ap, -1, 0); map("no data", 0, 16 << 20, PROT_READ, ap, -1, 0);
  return 0;
}
