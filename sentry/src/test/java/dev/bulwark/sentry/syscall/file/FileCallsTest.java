package dev.bulwark.sentry.syscall.file;

import static dev.bulwark.sentry.syscall.file.FileSandbox.BUFFER;
import static dev.bulwark.sentry.syscall.file.FileSandbox.CREATE;
import static dev.bulwark.sentry.syscall.file.FileSandbox.buffer;
import static dev.bulwark.sentry.syscall.file.FileSandbox.fails;
import static dev.bulwark.sentry.syscall.file.FileSandbox.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Tree;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FileCallsTest {
  private final FileSandbox s = new FileSandbox();

  @BeforeEach
  void plant() throws ErrnoException {
    s.tree.mkdir("/d");
    s.tree.write("/f", "hello");
    s.tree.symlink("f", "/link");
  }

  @AfterEach
  void closeAll() {
    s.box.files.close();
  }

  @Test
  void readsAndWritesMoveThePosition() {
    int fd = s.open("/f", OpenFlags.RDWR);
    assertEquals("hel", s.read(fd, 3));
    assertEquals(2, s.write(fd, "p!"));
    assertEquals(5, s.call(Sys.LSEEK, fd, 0, 1));
    assertEquals(0, s.call(Sys.LSEEK, fd, 0, 0));
    assertEquals("help!", s.read(fd, 100));
    fails(Errno.EINVAL, s.call(Sys.LSEEK, fd, -1, 0));
    fails(Errno.EINVAL, s.call(Sys.LSEEK, fd, 0, 5));
    fails(Errno.EINVAL, s.call(Sys.PREAD64, fd, buffer(), 1, -1));
    assertEquals(2, s.call(Sys.PREAD64, fd, buffer(), 2, 3));
    assertEquals("p!", s.box.get(BUFFER, 2));
    fails(Errno.EFAULT, s.call(Sys.PREAD64, fd, 1, 2, 0));
  }

  @Test
  void accessModeIsChecked() {
    int reading = s.open("/f", OpenFlags.RDONLY);
    int writing = s.open("/f", OpenFlags.WRONLY);
    int place = s.open("/f", OpenFlags.PATH);
    fails(Errno.EBADF, s.write(reading, "x"));
    fails(Errno.EBADF, s.call(Sys.READ, writing, buffer(), 1));
    fails(Errno.EBADF, s.call(Sys.READ, place, buffer(), 1));
    fails(Errno.EBADF, s.call(Sys.FCHMOD, place, 0));
    assertEquals(0, s.call(Sys.FSTAT, place, buffer()));
    fails(Errno.EISDIR, s.call(Sys.READ, s.open("/d", OpenFlags.RDONLY), buffer(), 1));
    fails(Errno.EBADF, s.call(Sys.READ, 99, buffer(), 1));
  }

  @Test
  void vectorsAreFilledInOrder() {
    int fd = s.open("/f", OpenFlags.RDONLY);
    long vector = s.box.putLongs(0x20000, buffer(), 2, buffer() + 16, 100);
    assertEquals(5, s.call(Sys.READV, fd, vector, 2));
    assertEquals("he", s.box.get(BUFFER, 2));
    assertEquals("llo", s.box.get(BUFFER + 16, 3));
    fails(Errno.EINVAL, s.call(Sys.READV, fd, vector, 1025));
    assertEquals(5, s.call(Sys.PREADV2, fd, vector, 2, 0, 0, 0));
    assertEquals(0, s.call(Sys.PREADV2, fd, vector, 2, -1, 0, 0));
    fails(Errno.EOPNOTSUPP, s.call(Sys.PREADV2, fd, vector, 2, 0, 0, 1 << 20));
  }

  @Test
  void statTellsTheSameInAllForms() {
    ok(s.call(Sys.STAT, s.path("/link"), buffer()));
    long inode = s.box.getLong(BUFFER + 8);
    assertEquals(5, s.box.getLong(BUFFER + 48));
    assertEquals(0100644, s.box.getInt(BUFFER + 24));
    ok(s.call(Sys.LSTAT, s.path("/link"), buffer()));
    assertEquals(0120777, s.box.getInt(BUFFER + 24));
    int fd = s.open("/f", OpenFlags.RDONLY);
    ok(s.call(Sys.NEWFSTATAT, fd, s.path(""), buffer(), At.EMPTY_PATH));
    assertEquals(inode, s.box.getLong(BUFFER + 8));
    ok(s.call(Sys.STATX, At.FDCWD, s.path("f"), 0, 0xfff, buffer()));
    assertEquals(inode, s.box.getLong(BUFFER + 32));
    assertEquals(5, s.box.getLong(BUFFER + 40));
    fails(Errno.ENOENT, s.call(Sys.STAT, s.path(""), buffer()));
    fails(Errno.EINVAL, s.call(Sys.NEWFSTATAT, fd, s.path("f"), buffer(), 1));
    fails(Errno.ENOTDIR, s.call(Sys.NEWFSTATAT, fd, s.path("f"), buffer(), 0));
  }

  @Test
  void directoriesAreListedAcrossSmallBuffers() throws ErrnoException {
    for (int i = 0; i < 10; i++) {
      s.tree.write("/d/name" + i, "");
    }
    int fd = s.open("/d", OpenFlags.RDONLY | OpenFlags.DIRECTORY);
    List<String> names = new ArrayList<>();
    for (long n = list(fd, 64); n > 0; n = list(fd, 64)) {
      for (long at = 0; at < n; ) {
        int length = s.box.getInt(BUFFER + at + 16) & 0xffff;
        String name = s.box.get(BUFFER + at + 19, length - 19);
        names.add(name.substring(0, name.indexOf('\0')));
        at += length;
      }
    }
    assertEquals(12, names.size());
    assertEquals(List.of(".", "..", "name0"), names.subList(0, 3));
    ok(s.call(Sys.LSEEK, fd, 0, 0));
    fails(Errno.EINVAL, list(fd, 8));
    fails(Errno.ENOTDIR, list(s.open("/f", OpenFlags.RDONLY), 64));
  }

  private long list(int fd, int size) {
    return s.call(Sys.GETDENTS64, fd, buffer(), size);
  }

  @Test
  void descriptorsAreDuplicatedWithinTheLimit() {
    int fd = s.open("/f", OpenFlags.RDONLY);
    assertEquals(7, s.call(Sys.DUP2, fd, 7));
    assertEquals("he", s.read(7, 2));
    assertEquals("llo", s.read(fd, 9));
    assertEquals(fd, s.call(Sys.DUP2, fd, fd));
    fails(Errno.EINVAL, s.call(Sys.DUP3, fd, fd, 0));
    fails(Errno.EBADF, s.call(Sys.DUP2, fd, 1024));
    assertEquals(10, s.call(Sys.FCNTL, fd, 1030, 10));
    assertEquals(1, s.call(Sys.FCNTL, 10, 1));
    fails(Errno.EINVAL, s.call(Sys.FCNTL, fd, 0, 1024));
    s.box.task.process().limits().set(Limits.NOFILE, 1, 1);
    fails(Errno.EMFILE, s.call(Sys.DUP, fd));
    fails(Errno.EMFILE, s.call(Sys.OPEN, s.path("/f"), 0));
    ok(s.call(Sys.CLOSE_RANGE, 1, 0xffffffffL, 0));
    assertEquals(1, s.box.files.descriptors().length);
  }

  @Test
  void openat2IsStrict() {
    s.box.putLongs(0x20000, 0, 0, 8);
    long how = s.box.putLongs(0x20000, OpenFlags.RDONLY, 0, 8);
    ok(s.call(Sys.OPENAT2, At.FDCWD, s.path("f"), how, 24));
    fails(Errno.EXDEV, s.call(Sys.OPENAT2, At.FDCWD, s.path("/f"), how, 24));
    fails(Errno.EINVAL, s.call(Sys.OPENAT2, At.FDCWD, s.path("f"), how, 23));
    s.box.putLongs(0x20000, OpenFlags.RDONLY, 0644, 0, 0, 1);
    fails(Errno.EINVAL, s.call(Sys.OPENAT2, At.FDCWD, s.path("f"), how, 24));
    fails(Errno.E2BIG, s.call(Sys.OPENAT2, At.FDCWD, s.path("f"), how, 40));
  }

  @Test
  void sizeLimitCutsAndThenRefuses() {
    s.box.task.process().limits().set(Limits.FSIZE, 8, -1);
    int fd = s.open("/f", OpenFlags.RDWR | OpenFlags.APPEND);
    assertEquals(3, s.write(fd, "123456"));
    fails(Errno.EFBIG, s.write(fd, "x"));
    fails(Errno.EFBIG, s.call(Sys.FTRUNCATE, fd, 9));
    ok(s.call(Sys.FTRUNCATE, fd, 8));
  }

  @Test
  void modesAndOwnersFollowTheRules() {
    s.box.task.setCredentials(Tree.USER);
    fails(Errno.EPERM, s.call(Sys.CHMOD, s.path("/f"), 0777));
    fails(Errno.EPERM, s.call(Sys.CHOWN, s.path("/f"), 1000, -1));
    fails(Errno.EACCES, s.call(Sys.UTIMENSAT, At.FDCWD, s.path("/f"), 0, 0));
    fails(Errno.EACCES, s.call(Sys.ACCESS, s.path("/f"), 2));
    ok(s.call(Sys.ACCESS, s.path("/f"), 4));
    s.box.task.setCredentials(Tree.ROOT);
    ok(s.call(Sys.CHMOD, s.path("/f"), 06755));
    ok(s.call(Sys.CHOWN, s.path("/f"), 1000, 1000));
    ok(s.call(Sys.STAT, s.path("/f"), buffer()));
    assertEquals(0100755, s.box.getInt(BUFFER + 24));
    fails(Errno.EOPNOTSUPP, s.call(Sys.FCHMODAT2, At.FDCWD, s.path("/link"), 0, 0x100));
    s.box.task.setCredentials(Tree.USER);
    long times = s.box.putLongs(0x20000, 100, 5, 0, 0x3ffffffe);
    ok(s.call(Sys.UTIMENSAT, At.FDCWD, s.path("/f"), times, 0));
    ok(s.call(Sys.STAT, s.path("/f"), buffer()));
    assertEquals(100, s.box.getLong(BUFFER + 72));
    assertEquals(5, s.box.getLong(BUFFER + 80));
  }

  @Test
  void namesComeAndGo() {
    fails(Errno.EEXIST, s.call(Sys.MKDIR, s.path("/d"), 0755));
    ok(s.call(Sys.MKDIRAT, s.open("/d", 0), s.path("sub"), 0777));
    ok(s.call(Sys.STAT, s.path("/d/sub"), buffer()));
    assertEquals(040755, s.box.getInt(BUFFER + 24));
    fails(Errno.ENOTEMPTY, s.call(Sys.RMDIR, s.path("/d")));
    ok(s.call(Sys.UNLINKAT, At.FDCWD, s.path("/d/sub"), At.REMOVEDIR));
    ok(s.call(Sys.LINK, s.path("/f"), s.path("/g")));
    ok(s.call(Sys.RENAME, s.path("/g"), s.path("/d/g")));
    assertEquals(1, s.call(Sys.READLINK, s.path("/link"), buffer(), 100));
    fails(Errno.EINVAL, s.call(Sys.READLINK, s.path("/f"), buffer(), 100));
    ok(s.call(Sys.CHDIR, s.path("/d")));
    assertEquals(3, s.call(Sys.GETCWD, buffer(), 100));
    assertEquals("/d\0", s.box.get(BUFFER, 3));
    fails(Errno.ERANGE, s.call(Sys.GETCWD, buffer(), 2));
    fails(Errno.EPERM, s.call(Sys.MKNOD, s.path("/x"), 0040755, 0));
  }

  @Test
  void attributesExtendedNeedTheirRights() {
    long name = s.path("user.k");
    long value = s.box.put(BUFFER, "value");
    ok(s.call(Sys.SETXATTR, s.path("/f"), name, value, 5, 0));
    assertEquals(5, s.call(Sys.GETXATTR, s.path("/f"), name, 0, 0));
    fails(Errno.ERANGE, s.call(Sys.GETXATTR, s.path("/f"), name, buffer(), 4));
    assertEquals(7, s.call(Sys.LISTXATTR, s.path("/f"), buffer(), 100));
    fails(Errno.EPERM, s.call(Sys.LSETXATTR, s.path("/link"), name, value, 5, 0));
    fails(Errno.EOPNOTSUPP, s.call(Sys.GETXATTR, s.path("/f"), s.path("bad.k"), 0, 0));
    fails(Errno.ENODATA, s.call(Sys.REMOVEXATTR, s.path("/f"), s.path("user.z")));
    ok(s.call(Sys.SETXATTR, s.path("/f"), s.path("trusted.k"), value, 5, 0));
    assertEquals(5, s.call(Sys.GETXATTR, s.path("/f"), s.path("trusted.k"), 0, 0));
    s.box.task.setCredentials(Tree.USER);
    name = s.path("user.k");
    fails(Errno.EACCES, s.call(Sys.SETXATTR, s.path("/f"), name, value, 5, 0));
    fails(Errno.EPERM, s.call(Sys.SETXATTR, s.path("/f"), s.path("trusted.k"), value, 5, 0));
    fails(Errno.ENODATA, s.call(Sys.GETXATTR, s.path("/f"), s.path("trusted.k"), 0, 0));
  }

  @Test
  void filesAreCopiedInTheKernel() {
    int from = s.open("/f", OpenFlags.RDONLY);
    int to = s.open("/copy", CREATE);
    assertEquals(5, s.call(Sys.SENDFILE, to, from, 0, 100));
    assertEquals(0, s.call(Sys.SENDFILE, to, from, 0, 100));
    long offset = s.box.putLongs(0x20000, 1);
    assertEquals(3, s.call(Sys.COPY_FILE_RANGE, from, offset, to, 0, 3, 0));
    assertEquals(4, s.box.getLong(0x20000));
    ok(s.call(Sys.LSEEK, to, 0, 0));
    assertEquals("helloell", s.read(to, 100));
    fails(Errno.EBADF, s.call(Sys.COPY_FILE_RANGE, to, 0, from, 0, 3, 0));
    s.box.putLongs(0x20000, 0);
    long other = s.box.putLongs(0x20010, 2);
    fails(Errno.EINVAL, s.call(Sys.COPY_FILE_RANGE, to, offset, to, other, 3, 0));
  }

  @Test
  void memoryFilesCanBeSealed() {
    int fd = (int) ok(s.call(Sys.MEMFD_CREATE, s.path("x"), 2));
    assertEquals(4, s.write(fd, "data"));
    assertEquals("/memfd:x (deleted)", s.box.file(fd).describe());
    ok(s.call(Sys.FCNTL, fd, 1033, 2 | 4));
    assertEquals(6, s.call(Sys.FCNTL, fd, 1034));
    fails(Errno.EPERM, s.call(Sys.FTRUNCATE, fd, 3));
    fails(Errno.EPERM, s.write(fd, "more"));
    int unsealed = (int) ok(s.call(Sys.MEMFD_CREATE, s.path("y"), 0));
    fails(Errno.EPERM, s.call(Sys.FCNTL, unsealed, 1033, 2));
    fails(Errno.EINVAL, s.call(Sys.FCNTL, s.open("/d", 0), 1034));
    fails(Errno.EINVAL, s.call(Sys.MEMFD_CREATE, s.path("y"), 4));
  }

  @Test
  void mountsNeedACapabilityAndCanBeTakenAway() {
    s.box
        .kernel
        .fileSystemTypes()
        .register("tmpfs", options -> dev.bulwark.sentry.fs.tmpfs.Tmpfs.mount(options, 1 << 20));
    long type = s.path("tmpfs");
    fails(Errno.ENODEV, s.call(Sys.MOUNT, type, s.path("/d"), s.path("nofs"), 0, 0));
    ok(s.call(Sys.MOUNT, type, s.path("/d"), type, 1, s.path("size=64k")));
    fails(Errno.EROFS, s.call(Sys.MKDIR, s.path("/d/x"), 0755));
    ok(s.call(Sys.MOUNT, 0, s.path("/d"), 0, 32 | 4096, 0));
    ok(s.call(Sys.MKDIR, s.path("/d/x"), 0755));
    int fd = s.open("/d/x", OpenFlags.RDONLY);
    fails(Errno.EBUSY, s.call(Sys.UMOUNT2, s.path("/d"), 0));
    ok(s.call(Sys.CLOSE, fd));
    ok(s.call(Sys.UMOUNT2, s.path("/d"), 0));
    fails(Errno.EINVAL, s.call(Sys.UMOUNT2, s.path("/d"), 0));
    ok(s.call(Sys.MKDIR, s.path("/e"), 0755));
    ok(s.call(Sys.MKDIR, s.path("/d/y"), 0755));
    ok(s.call(Sys.MOUNT, s.path("/d"), s.path("/e"), 0, 4096, 0));
    ok(s.call(Sys.ACCESS, s.path("/e/y"), 0));
    s.box.task.setCredentials(Tree.USER);
    fails(Errno.EPERM, s.call(Sys.UMOUNT2, s.path("/e"), 0));
  }
}
