package dev.bulwark.sentry.syscall.file;

import static dev.bulwark.sentry.syscall.file.FileSandbox.BUFFER;
import static dev.bulwark.sentry.syscall.file.FileSandbox.buffer;
import static dev.bulwark.sentry.syscall.file.FileSandbox.fails;
import static dev.bulwark.sentry.syscall.file.FileSandbox.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.OpenFlags;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InotifyCallsTest {
  private static final int ALL = 0xfff;
  private static final int CHANGES = ALL & ~(0x1 | 0x8 | 0x10 | 0x20);

  private final FileSandbox s = new FileSandbox();
  private int queue;

  @BeforeEach
  void init() throws ErrnoException {
    queue = (int) ok(s.call(Sys.INOTIFY_INIT1, OpenFlags.NONBLOCK));
    s.tree.mkdir("/d");
    s.tree.write("/d/f", "x");
  }

  @AfterEach
  void close() {
    s.box.files.close();
  }

  private int watch(String path, int mask) {
    return (int) ok(s.call(Sys.INOTIFY_ADD_WATCH, queue, s.path(path), mask));
  }

  /** What is in the queue, each event as its mask in hexadecimal and its name. */
  private List<String> events() {
    List<String> events = new ArrayList<>();
    long n = s.call(Sys.READ, queue, buffer(), 4096);
    for (long at = 0; at < n; ) {
      int length = s.box.getInt(BUFFER + at + 12);
      String name = s.box.get(BUFFER + at + 16, length);
      int end = name.indexOf('\0');
      events.add(
          Integer.toHexString(s.box.getInt(BUFFER + at + 4))
              + ":"
              + (end < 0 ? name : name.substring(0, end)));
      at += 16 + length;
    }
    return events;
  }

  @Test
  void directoryTellsWhatHappensInIt() throws ErrnoException {
    watch("/d", CHANGES);
    s.tree.write("/d/new", "x");
    s.tree.mkdir("/d/sub");
    s.tree.rename("/d/new", "/d/old", 0);
    ok(s.call(Sys.CHMOD, s.path("/d/old"), 0600));
    s.tree.unlink("/d/old");
    assertEquals(
        List.of("100:new", "2:new", "40000100:sub", "40:new", "80:old", "4:old", "200:old"),
        events());
  }

  @Test
  void openingReadingAndClosingAreTold() throws ErrnoException {
    watch("/d/f", ALL);
    assertEquals("x", s.tree.read("/d/f"));
    assertEquals(List.of("20:", "1:", "10:"), events());
  }

  @Test
  void watchEndsWithItsFile() throws ErrnoException {
    watch("/d/f", ALL);
    s.tree.unlink("/d/f");
    assertEquals(List.of("4:", "400:", "8000:"), events());
    int number = watch("/d", ALL);
    ok(s.call(Sys.INOTIFY_RM_WATCH, queue, number));
    assertEquals(List.of("8000:"), events());
    fails(Errno.EINVAL, s.call(Sys.INOTIFY_RM_WATCH, queue, number));
  }

  @Test
  void oneWatchForAFile() {
    int number = watch("/d", 0x100);
    assertEquals(number, watch("/d/../d", 0x20000200));
    fails(Errno.EEXIST, s.call(Sys.INOTIFY_ADD_WATCH, queue, s.path("/d"), 0x10000200));
    fails(Errno.ENOTDIR, s.call(Sys.INOTIFY_ADD_WATCH, queue, s.path("/d/f"), 0x01000200));
    fails(Errno.EAGAIN, s.call(Sys.READ, queue, buffer(), 100));
  }
}
