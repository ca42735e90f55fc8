#include "files.h"

#include <linux/fcntl.h>
#include <linux/stat.h>
#include <sys/syscall.h>

#include "calls.h"
#include "text.h"

#define EEXIST 17
#define EINTR 4
#define EBADMSG 74
#define ENAMETOOLONG 36
#define MNT_DETACH 2
#define LONGEST_PATH 4096

long make_directories(const char *path, uint64_t mode) {
  static char part[LONGEST_PATH];
  size_t length = length_of(path);
  if (length >= sizeof part) return -ENAMETOOLONG;
  for (size_t i = 1; i < length; i++) {
    if (path[i] != '/') continue;
    memcpy(part, path, i);
    part[i] = 0;
    call3(SYS_mkdir, part, 0755, 0);
  }
  long failed = call3(SYS_mkdir, path, mode, 0);
  return failed == -EEXIST ? 0 : failed;
}

long mount_file_system(struct reader *reader) {
  const char *source = get_string(reader);
  const char *target = get_string(reader);
  const char *type = get_string(reader);
  uint64_t flags = get(reader, 8);
  const char *data = get_string(reader);
  if (reader->bad) return -EBADMSG;
  if (call3(SYS_access, target, 0, 0) < 0) {
    long failed = make_directories(target, 0755);
    if (failed < 0) return failed;
  }
  return call6(SYS_mount, (long)source, (long)target, (long)type, (long)flags, (long)data, 0);
}

long unmount(struct reader *reader) {
  const char *target = get_string(reader);
  return reader->bad ? -EBADMSG : call3(SYS_umount2, target, MNT_DETACH, 0);
}

long make_directory(struct reader *reader) {
  const char *path = get_string(reader);
  uint64_t mode = get(reader, 4);
  return reader->bad ? -EBADMSG : make_directories(path, mode);
}

long write_piece(struct reader *reader) {
  const char *path = get_string(reader);
  uint64_t mode = get(reader, 4);
  uint64_t offset = get(reader, 8);
  if (reader->bad) return -EBADMSG;
  long fd = call3(SYS_open, path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (offset ? 0 : O_TRUNC), mode);
  if (fd < 0) return fd;
  long n = 0;
  while (reader->at < reader->end) {
    n = call4(SYS_pwrite64, fd, reader->at, reader->end - reader->at, offset);
    if (n == -EINTR) continue;
    if (n <= 0) break;
    reader->at += n;
    offset += (uint64_t)n;
  }
  call3(SYS_close, fd, 0, 0);
  return n < 0 ? n : 0;
}

void read_piece(uint32_t id, struct reader *reader) {
  static unsigned char bytes[MOST_PAYLOAD];
  const char *path = get_string(reader);
  uint64_t offset = get(reader, 8);
  uint64_t length = get(reader, 4);
  long n = -EBADMSG;
  if (!reader->bad) {
    n = call3(SYS_open, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
    if (n >= 0) {
      long fd = n;
      n = call4(SYS_pread64, fd, bytes, length < sizeof bytes ? length : sizeof bytes, offset);
      call3(SYS_close, fd, 0, 0);
    }
  }
  if (n < 0) {
    reply(id, n);
    return;
  }
  begin_frame(REPLY, id);
  put(0, 4);
  put_bytes(bytes, (size_t)n);
  end_frame();
}

void describe(uint32_t id, struct reader *reader) {
  struct statx file;
  const char *path = get_string(reader);
  long failed = reader->bad ? -EBADMSG : call6(SYS_statx, AT_FDCWD, (long)path, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, (long)&file, 0);
  if (failed < 0) {
    reply(id, failed);
    return;
  }
  begin_frame(REPLY, id);
  put(0, 4);
  put(file.stx_mode, 4);
  put(file.stx_uid, 4);
  put(file.stx_gid, 4);
  put(file.stx_size, 8);
  put((uint64_t)file.stx_mtime.tv_sec, 8);
  end_frame();
}
