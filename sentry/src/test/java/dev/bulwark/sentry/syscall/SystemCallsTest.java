package dev.bulwark.sentry.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.mm.FlatMemory;
import org.junit.jupiter.api.Test;

class SystemCallsTest {
  private static final long BUFFER = FlatMemory.BASE + 512;

  private final TestSandbox sandbox = new TestSandbox();
  private final Task task = sandbox.task;

  SystemCallsTest() {
    task.setCredentials(Credentials.of(0, 0, new int[0], Capability.ALL));
  }

  private String field(int index) {
    String text = sandbox.get(512 + 65L * index, 65);
    return text.substring(0, text.indexOf(0));
  }

  @Test
  void hostNameCanBeChanged() {
    long name = sandbox.put(0, "box");
    assertEquals(0, sandbox.call(Sys.SETHOSTNAME, name, 3));
    assertEquals(0, sandbox.call(Sys.SETDOMAINNAME, name, 2));
    assertEquals(0, sandbox.call(Sys.UNAME, BUFFER));
    assertEquals("Linux box x86_64 bo", String.join(" ", field(0), field(1), field(4), field(5)));
    assertEquals(-Errno.EINVAL, sandbox.call(Sys.SETHOSTNAME, name, 65));
    assertEquals(-Errno.EFAULT, sandbox.call(Sys.SETHOSTNAME, 8, 3));
    task.setCredentials(Credentials.of(1, 1, new int[0], Capability.ALL));
    assertEquals(-Errno.EPERM, sandbox.call(Sys.SETHOSTNAME, name, 65));
  }

  @Test
  void personalityNamesAnotherMachine() {
    assertEquals(0, sandbox.call(Sys.PERSONALITY, 8));
    assertEquals(8, sandbox.call(Sys.PERSONALITY, 0xffffffffL));
    assertEquals(0, sandbox.call(Sys.UNAME, BUFFER));
    assertEquals("i686", field(4));
  }

  @Test
  void randomBytesDiffer() {
    assertEquals(16, sandbox.call(Sys.GETRANDOM, BUFFER, 16, 0));
    long first = sandbox.getLong(512);
    assertNotEquals(first, sandbox.getLong(520));
    assertEquals(0, sandbox.call(Sys.GETRANDOM, 8, 0, 0));
    assertEquals(-Errno.EFAULT, sandbox.call(Sys.GETRANDOM, 8, 1, 0));
    assertEquals(-Errno.EINVAL, sandbox.call(Sys.GETRANDOM, BUFFER, 1, 6));
    assertEquals(-Errno.EINVAL, sandbox.call(Sys.GETRANDOM, BUFFER, 1, 8));
  }

  @Test
  void theLogNeedsAPrivilege() {
    assertEquals(0, sandbox.call(Sys.SYSLOG, 3, BUFFER, 100));
    task.setCredentials(Credentials.of(1, 1, new int[0], Capability.ALL));
    assertEquals(-Errno.EPERM, sandbox.call(Sys.SYSLOG, 3, BUFFER, 100));
  }

  @Test
  void raisingPriorityNeedsAPrivilege() {
    assertEquals(20, sandbox.call(Sys.GETPRIORITY, 0, 0));
    assertEquals(0, sandbox.call(Sys.SETPRIORITY, 0, 0, 100));
    assertEquals(1, sandbox.call(Sys.GETPRIORITY, 0, 0));
    task.setCredentials(Credentials.of(0, 0, new int[0], 0));
    assertEquals(-Errno.EACCES, sandbox.call(Sys.SETPRIORITY, 0, 0, 0));
    assertEquals(-Errno.ESRCH, sandbox.call(Sys.SETPRIORITY, 0, 4242, 0));
  }

  @Test
  void affinityTellsItsSize() {
    assertEquals(-Errno.EINVAL, sandbox.call(Sys.SCHED_GETAFFINITY, 0, 4, BUFFER));
    assertEquals(8, sandbox.call(Sys.SCHED_GETAFFINITY, 0, 128, BUFFER));
    assertEquals(0, sandbox.call(Sys.SCHED_SETAFFINITY, 0, 8, sandbox.putLongs(0, 1)));
    assertEquals(8, sandbox.call(Sys.SCHED_GETAFFINITY, 0, 8, BUFFER));
    assertEquals(1, sandbox.getLong(512));
    assertEquals(-Errno.EINVAL, sandbox.call(Sys.SCHED_SETAFFINITY, 0, 8, sandbox.putLongs(0, 0)));
  }
}
