package dev.bulwark.sentry.fs.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.UserBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.mm.FlatMemory;
import dev.bulwark.sentry.signal.SignalSet;
import dev.bulwark.sentry.signal.Signals;
import dev.bulwark.sentry.syscall.Blocking;
import dev.bulwark.sentry.vfs.AnonymousInode;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.wait.PollEvents;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipeTest {
  private static final long DATA = FlatMemory.BASE + 0x1000;

  private final TestSandbox box = new TestSandbox();

  @AfterEach
  void allPagesComeBack() {
    box.files.close();
    assertEquals(0, box.kernel.pipes().pages().inUse());
    assertEquals(0, box.kernel.pipes().slots());
  }

  private PipeEnd[] pipe(int flags) {
    assertEquals(0, box.call(Sys.PIPE2, FlatMemory.BASE, flags));
    return new PipeEnd[] {(PipeEnd) box.file(box.getInt(0)), (PipeEnd) box.file(box.getInt(4))};
  }

  private void close(int fd) {
    try {
      box.files.remove(fd).close();
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  private long write(PipeEnd end, String text) {
    box.put(0x1000, text);
    return end.write(UserBuffer.of(box.memory, DATA, text.length()), -1);
  }

  private long write(PipeEnd end, long length) {
    return end.write(UserBuffer.of(box.memory, DATA, length), -1);
  }

  private long read(PipeEnd end, long length) {
    return end.read(UserBuffer.of(box.memory, DATA, length), -1);
  }

  @Test
  void bytesComeOutInOrderAndSmallWritesShareAPage() {
    PipeEnd[] ends = pipe(0);
    assertEquals(5, write(ends[1], "hello"));
    assertEquals(6, write(ends[1], " world"));
    assertEquals(1, box.kernel.pipes().pages().inUse());
    assertEquals(11, ends[0].pipe().available());
    assertEquals(11, read(ends[0], 100));
    assertEquals("hello world", box.get(0x1000, 11));
    assertEquals(-Errno.EAGAIN, read(ends[0], 1));
    assertEquals(0, read(ends[0], 0));
  }

  @Test
  void badArgumentsLeaveNoDescriptors() {
    assertEquals(-Errno.EINVAL, box.call(Sys.PIPE2, FlatMemory.BASE, OpenFlags.APPEND));
    assertEquals(-Errno.EFAULT, box.call(Sys.PIPE2, 0, 0));
    assertEquals(0, box.files.descriptors().length);
  }

  @Test
  void fullPipeTakesNothingMoreAndIsWritableOnlyAfterAWholePage() {
    PipeEnd[] ends = pipe(0);
    assertEquals(65536, write(ends[1], 70000));
    assertEquals(-Errno.EAGAIN, write(ends[1], 1));
    assertEquals(0, ends[1].poll());
    assertEquals(4095, read(ends[0], 4095));
    assertEquals(0, ends[1].poll());
    assertEquals(1, read(ends[0], 1));
    assertEquals(PollEvents.OUT | PollEvents.WRNORM, ends[1].poll());
  }

  @Test
  void smallWriteIsAllOrNothing() {
    PipeEnd[] ends = pipe(0);
    assertEquals(65536, write(ends[1], 65536));
    assertEquals(100, read(ends[0], 100));
    assertEquals(-Errno.EAGAIN, write(ends[1], 50));
  }

  @Test
  void packetsAreReadOneAtATimeAndTheRestIsDropped() {
    PipeEnd[] ends = pipe(OpenFlags.DIRECT);
    write(ends[1], "first");
    write(ends[1], "second");
    assertEquals(2, read(ends[0], 2));
    assertEquals("fi", box.get(0x1000, 2));
    assertEquals(6, read(ends[0], 100));
    assertEquals(4096 + 10, write(ends[1], 4106));
    assertEquals(4096, read(ends[0], 9000));
    assertEquals(10, read(ends[0], 9000));
  }

  @Test
  void closedEndsShowInPollAndResults() {
    PipeEnd[] ends = pipe(0);
    write(ends[1], "x");
    close(1);
    assertEquals(PollEvents.IN | PollEvents.RDNORM | PollEvents.HUP, ends[0].poll());
    assertEquals(1, read(ends[0], 10));
    assertEquals(PollEvents.HUP, ends[0].poll());
    assertEquals(0, read(ends[0], 10));
  }

  @Test
  void writeWithoutReadersSendsSigpipe() throws ErrnoException {
    box.task.signals().setMask(SignalSet.of(Signals.SIGPIPE));
    PipeEnd[] ends = pipe(0);
    close(0);
    assertEquals(PollEvents.OUT | PollEvents.WRNORM | PollEvents.ERR, ends[1].poll());
    UserBuffer one = UserBuffer.of(box.memory, DATA, 1);
    assertEquals(-Errno.EPIPE, Blocking.write(box.task, ends[1], one, -1));
    assertEquals(SignalSet.of(Signals.SIGPIPE), box.task.signals().ownPending());
  }

  @Test
  void capacityRoundsUpAndKeepsWhatIsQueued() {
    PipeEnd[] ends = pipe(0);
    assertEquals(65536, ends[0].fcntl(box.task, 1032, 0));
    assertEquals(131072, ends[0].fcntl(box.task, 1031, 65537));
    write(ends[1], 9000);
    assertEquals(-Errno.EBUSY, ends[0].fcntl(box.task, 1031, 4096));
    assertEquals(16384, ends[0].fcntl(box.task, 1031, 9000));
    assertEquals(-Errno.EPERM, ends[0].fcntl(box.task, 1031, (1 << 20) + 1));
    assertEquals(-Errno.EINVAL, ends[0].fcntl(box.task, 1031, -1));
    assertEquals(4096, pipe(0)[0].fcntl(box.task, 1031, 0));
  }

  @Test
  void blockedWriterGoesOnUntilAllIsWritten() throws ErrnoException {
    PipeEnd[] ends = pipe(0);
    Task writer = box.newTask(2);
    CompletableFuture<Long> written =
        box.start(
            writer,
            t -> {
              try {
                return Blocking.write(t, ends[1], UserBuffer.of(box.memory, DATA, 200000), -1);
              } catch (ErrnoException e) {
                return -e.errno();
              }
            });
    long total = 0;
    while (total < 200000) {
      UserBuffer to = UserBuffer.of(box.memory, DATA + (1 << 20), 7000);
      long n = Blocking.read(box.task, ends[0], to, -1);
      assertTrue(n > 0, "read " + n);
      total += n;
    }
    assertEquals(200000, written.join());
  }

  @Test
  void interruptEndsABlockedReadAndAPartialWriteCounts() {
    PipeEnd[] ends = pipe(0);
    Task writer = box.newTask(2);
    CompletableFuture<Long> written =
        box.start(
            writer,
            t -> {
              try {
                return Blocking.write(t, ends[1], UserBuffer.of(box.memory, DATA, 70000), -1);
              } catch (ErrnoException e) {
                return -e.errno();
              }
            });
    box.awaitWaiter(ends[1]);
    writer.interrupt();
    assertEquals(65536, written.join());
    assertTrue(ends[1].waitQueue().isEmpty());
  }

  @Test
  void teeAndSpliceMovePagesBetweenPipes() {
    PipeEnd[] from = pipe(0);
    PipeEnd[] to = pipe(0);
    write(from[1], "abcdef");
    assertEquals(4, box.call(Sys.TEE, 0, 3, 4, 0));
    assertEquals(-Errno.EINVAL, box.call(Sys.TEE, 0, 1, 4, 0));
    assertEquals(6, box.call(Sys.SPLICE, 0, 0, 3, 0, 100, 0));
    assertEquals(-Errno.EAGAIN, box.call(Sys.SPLICE, 0, 0, 3, 0, 100, 2));
    assertEquals(1, write(to[1], "!"));
    assertEquals(11, read(to[0], 100));
    assertEquals("abcdabcdef!", box.get(0x1000, 11));
    assertTrue(from[0].pipe().isEmpty());
    close(1);
    assertEquals(0, box.call(Sys.SPLICE, 0, 0, 3, 0, 100, 0));
  }

  @Test
  void spliceChecksInLinuxOrder() {
    pipe(0);
    assertEquals(0, box.call(Sys.SPLICE, 99, 0, 99, 0, 0, 0));
    assertEquals(-Errno.EINVAL, box.call(Sys.SPLICE, 99, 0, 99, 0, 1, 16));
    assertEquals(-Errno.EBADF, box.call(Sys.SPLICE, 99, 0, 1, 0, 1, 0));
    assertEquals(-Errno.ESPIPE, box.call(Sys.SPLICE, 0, DATA, 1, 0, 1, 0));
    assertEquals(-Errno.EBADF, box.call(Sys.SPLICE, 1, 0, 0, 0, 1, 0));
    assertEquals(-Errno.EINVAL, box.call(Sys.SPLICE, 0, 0, 1, 0, 1, 0));
  }

  @Test
  void vmspliceCopiesBothWays() {
    PipeEnd[] ends = pipe(0);
    box.put(0x2000, "vector");
    long vector = box.putLongs(0x3000, FlatMemory.BASE + 0x2000, 3, FlatMemory.BASE + 0x2003, 3);
    assertEquals(6, box.call(Sys.VMSPLICE, 1, vector, 2, 0));
    long target = box.putLongs(0x3000, FlatMemory.BASE + 0x4000, 100);
    assertEquals(6, box.call(Sys.VMSPLICE, 0, target, 1, 0));
    assertEquals("vector", box.get(0x4000, 6));
    assertTrue(ends[0].pipe().isEmpty());
  }

  @Test
  void fifoOpensMeetEachOther() throws ErrnoException {
    Fifo fifo = new Fifo(box.kernel.pipes());
    AnonymousInode inode = AnonymousInode.pipe(1, box.task.credentials());
    assertEquals(
        Errno.ENXIO,
        assertThrows(
                ErrnoException.class,
                () -> fifo.open(box.task, OpenFlags.WRONLY | OpenFlags.NONBLOCK, inode))
            .errno());
    PipeEnd[] reader = new PipeEnd[1];
    CompletableFuture<Long> opened =
        box.start(
            box.newTask(2),
            t -> {
              try {
                reader[0] = fifo.open(t, OpenFlags.RDONLY, inode);
                return 0;
              } catch (ErrnoException e) {
                return -e.errno();
              }
            });
    PipeEnd writer = fifo.open(box.task, OpenFlags.WRONLY, inode);
    assertEquals(0, opened.join());
    writer.close();
    assertEquals(PollEvents.HUP, reader[0].poll());
    reader[0].close();
  }

  @Test
  void nonBlockingFifoReaderSeesNoHangupBeforeTheFirstWriter() throws ErrnoException {
    Fifo fifo = new Fifo(box.kernel.pipes());
    AnonymousInode inode = AnonymousInode.pipe(1, box.task.credentials());
    PipeEnd reader = fifo.open(box.task, OpenFlags.RDONLY | OpenFlags.NONBLOCK, inode);
    assertEquals(0, reader.poll());
    assertEquals(0, read(reader, 1));
    fifo.open(box.task, OpenFlags.WRONLY, inode).close();
    assertEquals(PollEvents.HUP, reader.poll());
    PipeEnd both = fifo.open(box.task, OpenFlags.RDWR, inode);
    assertEquals(1, write(both, "x"));
    assertEquals(1, read(both, 5));
    assertFalse(reader.poll() == PollEvents.HUP);
    both.close();
    reader.close();
  }

  @Test
  void interruptedFifoOpenLeavesNothingBehind() {
    Fifo fifo = new Fifo(box.kernel.pipes());
    Task opener = box.newTask(2);
    opener.interrupt();
    opener.adopt();
    assertEquals(
        Errno.ERESTARTSYS,
        assertThrows(
                ErrnoException.class,
                () ->
                    fifo.open(
                        opener, OpenFlags.WRONLY, AnonymousInode.pipe(1, box.task.credentials())))
            .errno());
  }
}
