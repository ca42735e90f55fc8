package dev.bulwark.sentry.syscall.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.mm.FlatMemory;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Tree;

/** A process with a tree of files in memory, and short ways to make its calls. */
final class FileSandbox {
  static final long BUFFER = 0x10000;
  static final int CREATE = OpenFlags.RDWR | OpenFlags.CREAT;

  final TestSandbox box = new TestSandbox();
  final Tree tree = new Tree();
  private long strings;

  FileSandbox() {
    adopt(box.task);
  }

  private void adopt(Task task) {
    task.setFs(tree.fs);
    task.setCredentials(Tree.ROOT);
  }

  /** Another task with the same files. */
  Task newTask(int tid) {
    Task made = box.newTask(tid);
    adopt(made);
    return made;
  }

  long call(int number, long... arguments) {
    return box.call(number, arguments);
  }

  /** A string in application memory; the oldest are overwritten. */
  long path(String text) {
    strings = (strings + 1) % 8;
    return box.put(strings * 0x1000, text + '\0');
  }

  int open(String path, int flags) {
    return (int) ok(call(Sys.OPEN, path(path), flags, 0644));
  }

  long write(int fd, String text) {
    return call(Sys.WRITE, fd, box.put(BUFFER, text), text.length());
  }

  String read(int fd, int size) {
    long n = ok(call(Sys.READ, fd, buffer(), size));
    return box.get(BUFFER, n);
  }

  static long buffer() {
    return FlatMemory.BASE + BUFFER;
  }

  /** A result that must not be an errno. */
  static long ok(long result) {
    assertTrue(result >= 0, () -> Errno.describe((int) -result));
    return result;
  }

  /** A result that must be an errno. */
  static void fails(int errno, long result) {
    assertEquals(
        "-" + Errno.name(errno), result < 0 ? "-" + Errno.name((int) -result) : result + "");
  }

  /** Returns once somebody waits for a lock on the file. */
  static void awaitLocker(FileDescription file) {
    while (file.locks().queue().isEmpty()) {
      Thread.onSpinWait();
    }
  }
}
