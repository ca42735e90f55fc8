/* Where segments can be attached, and what detaches them. */
#include "ipc.h"

static unsigned long attached(int id) {
  struct shmid_ds ds;
  MUST(shmctl(id, IPC_STAT, &ds));
  return ds.shm_nattch;
}

#define AT(address, flags)                                                    \
  ({                                                                          \
    errno = 0;                                                                \
    char *r_ = shmat(id, address, flags);                                     \
    say("shmat(%s, %s): %s %ld\n", #address, #flags,                          \
        r_ == (void *)-1 ? error_name(errno) : "ok", r_ == (void *)-1 ? 0 : (long)(r_ - area)); \
    r_;                                                                       \
  })

int main(void) {
  int id = MUST(shmget(IPC_PRIVATE, 3 * 4096, 0700));
  char *area = mmap(NULL, 64 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  MUST(munmap(area + 16 * 4096, 32 * 4096));
  AT(area, 0);
  AT(area + 13 * 4096, 0);
  AT(area + 14 * 4096, 0);
  char *a = AT(area + 16 * 4096, 0);
  AT(area + 20 * 4096 + 5, 0);
  char *b = AT(area + 20 * 4096 + 5, SHM_RND);
  AT(area + 17 * 4096, 0);
  char *c = AT(area + 2 * 4096, SHM_REMAP);
  AT((void *)100, SHM_RND | SHM_REMAP);
  AT(NULL, SHM_REMAP);
  AT((void *)0xfffffffffffff000, 0);
  say("attached %lu\n", attached(id));
  strcpy(a, "text");
  say("%s %s\n", b, c);
  TRY(shmdt(a + 1));
  TRY(shmdt(a + 4096));
  TRY(shmdt(area + 40 * 4096));
  TRY(munmap(a, 4096));
  TRY(shmdt(a));
  say("attached %lu\n", attached(id));
  TRY(munmap(b, 3 * 4096));
  say("attached %lu\n", attached(id));
  TRY(mprotect(c, 4096, PROT_READ));
  TRY(shmdt(c));
  say("attached %lu\n", attached(id));
  char *d = (char *)MUST((long)shmat(id, NULL, SHM_EXEC));
  memcpy(d, "\xb8\x2a\0\0\0\xc3", 6);
  say("executed %d\n", ((int (*)(void))d)());
  char *e = (char *)MUST((long)shmat(id, NULL, SHM_RDONLY));
  TRY(mprotect(e, 4096, PROT_READ | PROT_WRITE));
  int pipes[2];
  MUST(pipe(pipes));
  TRY(write(pipes[1], d, 3));
  TRY(read(pipes[0], e, 3));
  MUST(shmctl(id, IPC_RMID, NULL));
  char line[512];
  FILE *maps = fopen("/proc/self/maps", "r");
  while (fgets(line, sizeof line, maps)) {
    char name[256] = "", modes[8] = "";
    unsigned long inode = 0;
    sscanf(line, "%*s %7s %*s %*s %lu %255[^\n]", modes, &inode, name);
    if (strstr(name, "SYSV")) say("%s %d %s\n", modes, inode == (unsigned long)id, name);
  }
  return 0;
}
