/* fsync and its kin on what can and cannot be synced. */
#include "case.h"

int main(void) {
  scratch();
  int fd = MUST(open("f", O_RDWR | O_CREAT, 0644)), ends[2], dir = MUST(open(".", O_RDONLY));
  MUST(pipe(ends));
  TRY(fsync(fd));
  TRY(fdatasync(fd));
  TRY(fsync(dir));
  TRY(fsync(ends[0]));
  TRY(fsync(99));
  TRY(syncfs(fd));
  TRY(syncfs(99));
  TRY(sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE));
  TRY(sync_file_range(fd, 0, 0, 64));
  TRY(sync_file_range(ends[0], 0, 0, 0));
  TRY(posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL));
  TRY(posix_fadvise(fd, 0, 0, 99));
  TRY(posix_fadvise(ends[0], 0, 0, POSIX_FADV_NORMAL));
  TRY(readahead(fd, 0, 10));
  return 0;
}
