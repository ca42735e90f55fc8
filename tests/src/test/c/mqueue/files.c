/* The file system of queues. */
#include "queues.h"
#include <dirent.h>
#include <sys/mount.h>

/* Where the queues are; mounted here, for this program alone, where nobody has done so. */
static const char *place(void) {
  if (access("/dev/mqueue/.", F_OK) == 0) return "/dev/mqueue";
  scratch();
  MUST(mkdir("queues", 0755));
  MUST(unshare(CLONE_NEWNS));
  MUST(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
  MUST(mount("none", "queues", "mqueue", 0, NULL));
  return "queues";
}

int main(void) {
  char path[128];
  const char *base = place();
  snprintf(path, sizeof path, "%s%s", base, own_name(0));
  struct stat st;
  struct statfs fs;
  MUST(stat(base, &st));
  say("mode %o\n", st.st_mode);
  MUST(statfs(base, &fs));
  say("type %#lx\n", (long)fs.f_type);
  umask(022);
  int fd = MUST(open(path, O_CREAT | O_EXCL | O_RDWR, 0666));
  say_attributes(fd);
  TRY(mq_send(fd, "abc", 3, 4));
  mqd_t queue = MUST(mq_open(own_name(0), O_RDWR | O_NONBLOCK));
  say_attributes(queue);
  MUST(stat(path, &st));
  say("mode %o size %ld\n", st.st_mode, (long)st.st_size);
  DIR *directory = opendir(base);
  int seen = 0;
  for (struct dirent *e; (e = readdir(directory));) seen += !strcmp(e->d_name, own_name(0) + 1);
  say("seen %d\n", seen);
  char text[200] = "";
  TRY(read(fd, text, 10));
  TRY(read(fd, text, sizeof text));
  TRY(read(fd, text, sizeof text));
  TRY(chmod(path, 0600));
  char other[140];
  snprintf(other, sizeof other, "%s.x", path);
  TRY(link(path, other));
  TRY(mkdir(other, 0777));
  TRY(symlink(path, other));
  TRY(unlink(path));
  TRY(stat(path, &st));
  TRY(mq_unlink(own_name(0)));
  say_attributes(fd);
  closedir(directory);
  close(fd);
  mq_close(queue);
  umount2(base, MNT_DETACH);
  return 0;
}
