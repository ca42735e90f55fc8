#include "machine.h"

#include <linux/fcntl.h>
#include <linux/time_types.h>
#include <sys/syscall.h>

#include "calls.h"
#include "text.h"

#define CLOCK_REALTIME 0
#define CLOCK_BOOTTIME 7
#define RNDADDENTROPY 0x40085203
#define RNDRESEEDCRNG 0x5207
#define EBADMSG 74
#define ENOENT 2
#define NANOSECONDS 1000000000UL
#define MOST_SEED 256
#define MOST_PARTS 4096

static long add_entropy(const unsigned char *seed, size_t length) {
  struct {
    int bits, bytes;
    unsigned char seed[MOST_SEED];
  } pool;
  if (length > MOST_SEED) length = MOST_SEED;
  pool.bits = (int)(8 * length);
  pool.bytes = (int)length;
  memcpy(pool.seed, seed, length);
  long fd = call3(SYS_open, "/dev/urandom", O_RDWR | O_CLOEXEC, 0);
  if (fd < 0) return fd;
  long failed = call3(SYS_ioctl, fd, RNDADDENTROPY, &pool);
  if (failed >= 0) failed = call3(SYS_ioctl, fd, RNDRESEEDCRNG, 0);
  call3(SYS_close, fd, 0, 0);
  return failed;
}

long resumed(struct reader *reader) {
  uint64_t time = get(reader, 8);
  const char *name = get_string(reader);
  if (reader->bad) return -EBADMSG;
  struct __kernel_timespec clock = {(long long)(time / NANOSECONDS), (long long)(time % NANOSECONDS)};
  long failed = call3(SYS_clock_settime, CLOCK_REALTIME, &clock, 0);
  if (failed >= 0 && *name) failed = call3(SYS_sethostname, name, length_of(name), 0);
  if (failed >= 0 && reader->at < reader->end) failed = add_entropy(reader->at, (size_t)(reader->end - reader->at));
  return failed;
}

/* Sets the numbered parts below a directory of sysfs online; returns how many took that. */
static uint64_t set_online(const char *directory, const char *file, const char *value) {
  uint64_t count = 0;
  for (unsigned i = 0; i < MOST_PARTS; i++) {
    char path[128];
    put_string(put_number(put_string(path, directory), i), file);
    long failed = write_file(path, value);
    count += failed == 0;
    /* Blocks of memory have gaps between them; processors have none, but the first cannot be switched. */
    if (failed == -ENOENT && *value == '1' && i > 0) break;
  }
  return count;
}

void online(uint32_t id) {
  uint64_t processors = set_online("/sys/devices/system/cpu/cpu", "/online", "1");
  uint64_t blocks = set_online("/sys/devices/system/memory/memory", "/state", "online");
  begin_frame(REPLY, id);
  put(0, 4);
  put(processors, 4);
  put(blocks, 4);
  end_frame();
}

static uint64_t now(int clock) {
  struct __kernel_timespec time = {0, 0};
  call3(SYS_clock_gettime, clock, &time, 0);
  return (uint64_t)time.tv_sec * NANOSECONDS + (uint64_t)time.tv_nsec;
}

void ping(uint32_t id) {
  uint64_t random = 0;
  call3(SYS_getrandom, &random, sizeof random, 0);
  begin_frame(REPLY, id);
  put(0, 4);
  put(now(CLOCK_BOOTTIME), 8);
  put(now(CLOCK_REALTIME), 8);
  put(random, 8);
  end_frame();
}
