package dev.bulwark.sentry.fs.mqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.MountNamespace;
import org.junit.jupiter.api.Test;

class MqueueCallsTest {
  private static final int READ_WRITE_CREATE = 0102;

  private final TestSandbox sandbox = new TestSandbox();

  MqueueCallsTest() {
    sandbox.task.setFs(
        FsContext.at(new MountNamespace(sandbox.kernel.mqueues(), 0, "none").root()));
  }

  private long open(String name) {
    return sandbox.call(Sys.MQ_OPEN, sandbox.put(0, name + "\0"), READ_WRITE_CREATE, 0600, 0);
  }

  private long unlink(String name) {
    return sandbox.call(Sys.MQ_UNLINK, sandbox.put(0, name + "\0"));
  }

  @Test
  void closedQueuesGiveBackWhatTheyTook() {
    for (int i = 0; i < 1000; i++) {
      long fd = open("queue");
      assertTrue(fd >= 0, "round " + i + ": " + fd);
      assertEquals(0, unlink("queue"));
      assertEquals(0, sandbox.call(Sys.CLOSE, fd));
    }
  }

  @Test
  void queuesOfAUserAreBounded() {
    int count = 0;
    long result = 0;
    while (result >= 0) {
      result = open("queue" + count);
      count++;
    }
    assertEquals(-Errno.EMFILE, result);
    assertEquals(0, unlink("queue3"));
    assertEquals(-Errno.EMFILE, open("another"), "it is open still");
    assertEquals(0, sandbox.call(Sys.CLOSE, 3));
    assertTrue(open("another") >= 0);
  }

  @Test
  void allQueuesTogetherAreBounded() {
    long result = 0;
    for (int uid = 1; result != -Errno.ENOSPC && result != -Errno.ENOMEM; uid++) {
      sandbox.task.setCredentials(Credentials.of(uid, uid, new int[0], 0));
      result = 0;
      for (int i = 0; result >= 0; i++) {
        result = open("queue" + uid + "." + i);
      }
      assertTrue(uid < 1000);
    }
    sandbox.task.setCredentials(Credentials.of(0, 0, new int[0], 1L << Capability.SYS_RESOURCE));
    sandbox.task.process().limits().set(dev.bulwark.sentry.kernel.Limits.MSGQUEUE, -1, -1);
    for (int i = 0; result != -Errno.ENOMEM; i++) {
      result = open("more" + i);
      assertTrue(i < 10_000);
    }
  }
}
