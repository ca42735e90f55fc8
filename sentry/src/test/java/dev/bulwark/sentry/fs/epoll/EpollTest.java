package dev.bulwark.sentry.fs.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.eventfd.EventCounter;
import dev.bulwark.sentry.io.UserBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.mm.FlatMemory;
import dev.bulwark.sentry.wait.PollEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EpollTest {
  private static final int ADD = 1;
  private static final int DEL = 2;
  private static final int MOD = 3;
  private static final int IN = PollEvents.IN;
  private static final long EVENTS = FlatMemory.BASE + 0x2000;

  private final TestSandbox box = new TestSandbox();

  @AfterEach
  void nothingIsWatchedAfterTheLastClose() {
    box.files.close();
    assertEquals(0, box.kernel.epolls().watches());
  }

  private int epoll() {
    return (int) box.call(Sys.EPOLL_CREATE1, 0);
  }

  private int eventfd(long count) {
    return (int) box.call(Sys.EVENTFD2, count, 04000);
  }

  private long ctl(int epfd, int operation, int fd, int events, long data) {
    box.putInts(0x1000, events, (int) data, (int) (data >>> 32));
    return box.call(Sys.EPOLL_CTL, epfd, operation, fd, FlatMemory.BASE + 0x1000);
  }

  private long look(int epfd) {
    return box.call(Sys.EPOLL_WAIT, epfd, EVENTS, 10, 0);
  }

  private EventCounter counter(int fd) {
    return (EventCounter) box.file(fd);
  }

  private void drain(int fd) {
    counter(fd).read(UserBuffer.of(box.memory, FlatMemory.BASE, 8), -1);
  }

  private void close(int fd) {
    try {
      box.files.remove(fd).close();
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void levelTriggeredReportsAsLongAsItHolds() {
    int epfd = epoll();
    int fd = eventfd(0);
    assertEquals(0, ctl(epfd, ADD, fd, IN, 0x1122334455667788L));
    assertEquals(0, look(epfd));
    counter(fd).add(1);
    assertEquals(1, look(epfd));
    assertEquals(1, look(epfd));
    assertEquals(IN, box.getInt(0x2000));
    assertEquals(0x1122334455667788L, box.getLong(0x2004));
    drain(fd);
    assertEquals(0, look(epfd));
  }

  @Test
  void edgeTriggeredReportsEachChangeOnce() {
    int epfd = epoll();
    int fd = eventfd(1);
    ctl(epfd, ADD, fd, IN | EpollEvents.EDGE, 0);
    assertEquals(1, look(epfd));
    assertEquals(0, look(epfd));
    counter(fd).add(1);
    assertEquals(1, look(epfd));
    assertEquals(0, look(epfd));
    assertEquals(0, ctl(epfd, MOD, fd, IN | EpollEvents.EDGE, 0));
    assertEquals(1, look(epfd));
  }

  @Test
  void oneShotIsSilentUntilChanged() {
    int epfd = epoll();
    int fd = eventfd(1);
    ctl(epfd, ADD, fd, IN | EpollEvents.ONESHOT, 0);
    assertEquals(1, look(epfd));
    counter(fd).add(1);
    assertEquals(0, look(epfd));
    ctl(epfd, MOD, fd, IN | EpollEvents.ONESHOT, 7);
    assertEquals(1, look(epfd));
    assertEquals(7, box.getLong(0x2004));
  }

  @Test
  void errorsAreThoseOfLinux() {
    int epfd = epoll();
    int fd = eventfd(0);
    assertEquals(-Errno.EINVAL, box.call(Sys.EPOLL_CREATE, 0));
    assertEquals(-Errno.EINVAL, box.call(Sys.EPOLL_CREATE1, 1));
    assertEquals(-Errno.EINVAL, box.call(Sys.EPOLL_WAIT, epfd, EVENTS, 0, 0));
    assertEquals(-Errno.EINVAL, box.call(Sys.EPOLL_WAIT, fd, EVENTS, 1, 0));
    assertEquals(-Errno.EBADF, box.call(Sys.EPOLL_WAIT, 99, EVENTS, 1, 0));
    assertEquals(-Errno.EFAULT, box.call(Sys.EPOLL_CTL, epfd, ADD, fd, 0));
    assertEquals(-Errno.EBADF, ctl(epfd, ADD, 99, IN, 0));
    assertEquals(-Errno.EINVAL, ctl(fd, ADD, epfd, IN, 0));
    assertEquals(-Errno.EINVAL, ctl(epfd, ADD, epfd, IN, 0));
    assertEquals(-Errno.EINVAL, ctl(epfd, 9, fd, IN, 0));
    assertEquals(-Errno.ENOENT, ctl(epfd, DEL, fd, IN, 0));
    assertEquals(-Errno.ENOENT, ctl(epfd, MOD, fd, IN, 0));
    assertEquals(0, ctl(epfd, ADD, fd, IN | EpollEvents.EXCLUSIVE, 0));
    assertEquals(-Errno.EEXIST, ctl(epfd, ADD, fd, IN, 0));
    assertEquals(-Errno.EINVAL, ctl(epfd, MOD, fd, IN, 0));
    assertEquals(0, ctl(epfd, DEL, fd, 0, 0));
  }

  @Test
  void chainsOfFiveAreTheLimitAndCyclesAreRefused() {
    int[] chain = new int[8];
    for (int i = 0; i < 8; i++) {
      chain[i] = epoll();
    }
    for (int i = 0; i < 7; i++) {
      assertEquals(i == 4 ? -Errno.ELOOP : 0, ctl(chain[i], ADD, chain[i + 1], IN, 0), "from " + i);
    }
    assertEquals(-Errno.ELOOP, ctl(chain[2], ADD, chain[0], IN, 0));
  }

  @Test
  void nestedReadinessReachesTheTop() {
    int top = epoll();
    int middle = epoll();
    int fd = eventfd(0);
    ctl(top, ADD, middle, IN, 1);
    ctl(middle, ADD, fd, IN, 2);
    assertEquals(0, look(top));
    CompletableFuture<Long> waiting =
        box.start(box.newTask(2), t -> box.call(t, Sys.EPOLL_WAIT, top, EVENTS, 1, -1));
    box.awaitWaiter(box.file(top));
    counter(fd).add(1);
    assertEquals(1, waiting.join());
    assertEquals(1, box.getLong(0x2004));
    drain(fd);
    assertEquals(0, look(top));
  }

  @Test
  void descriptionThatEndsIsForgotten() {
    int epfd = epoll();
    int fd = eventfd(1);
    ctl(epfd, ADD, fd, IN, 0);
    assertEquals(1, box.kernel.epolls().watches());
    close(fd);
    assertEquals(0, box.kernel.epolls().watches());
    assertEquals(0, look(epfd));
  }

  @Test
  void interruptEndsTheWaitWithEintr() {
    int epfd = epoll();
    Task waiter = box.newTask(2);
    CompletableFuture<Long> waiting =
        box.start(waiter, t -> box.call(t, Sys.EPOLL_WAIT, epfd, EVENTS, 1, -1));
    box.awaitWaiter(box.file(epfd));
    waiter.interrupt();
    assertEquals(-Errno.EINTR, waiting.join());
  }

  @Test
  void faultLeavesTheEventReady() {
    int epfd = epoll();
    int fd = eventfd(1);
    ctl(epfd, ADD, fd, IN | EpollEvents.EDGE, 0);
    assertEquals(-Errno.EFAULT, box.call(Sys.EPOLL_WAIT, epfd, 8, 1, 0));
    assertEquals(1, look(epfd));
  }

  @Test
  void everyEventReachesAWaiterUnderConcurrency() {
    int epfd = epoll();
    int files = 16;
    int rounds = 200;
    int[] fds = new int[files];
    for (int i = 0; i < files; i++) {
      fds[i] = (int) box.call(Sys.EVENTFD2, 0, 04000 | 1);
      ctl(epfd, ADD, fds[i], IN | EpollEvents.EDGE, i);
    }
    List<CompletableFuture<Long>> takers = new ArrayList<>();
    java.util.concurrent.atomic.AtomicInteger left =
        new java.util.concurrent.atomic.AtomicInteger(files * rounds);
    for (int n = 0; n < 3; n++) {
      long out = EVENTS + 0x1000L * n;
      takers.add(
          box.start(
              box.newTask(10 + n),
              t -> {
                while (left.get() > 0) {
                  long got = box.call(t, Sys.EPOLL_WAIT, epfd, out, 4, 50);
                  for (int i = 0; i < got; i++) {
                    int index = (int) box.getLong(out - FlatMemory.BASE + 12L * i + 4);
                    UserBuffer to = UserBuffer.of(box.memory, out + 0x800, 8);
                    while (counter(fds[index]).read(to, -1) == 8) {
                      left.decrementAndGet();
                      to = UserBuffer.of(box.memory, out + 0x800, 8);
                    }
                  }
                }
                return 0;
              }));
    }
    for (int round = 0; round < rounds; round++) {
      for (int fd : fds) {
        counter(fd).add(1);
      }
    }
    takers.forEach(CompletableFuture::join);
    assertEquals(0, left.get());
  }

  @Test
  void eventCounterBehavesAsTheManualSays() {
    int fd = eventfd(5);
    UserBuffer to = UserBuffer.of(box.memory, FlatMemory.BASE, 8);
    assertEquals(8, counter(fd).read(to, -1));
    assertEquals(5, box.getLong(0));
    assertEquals(-Errno.EAGAIN, counter(fd).add(-2) == 8 ? counter(fd).add(1) : 0);
    assertEquals(-Errno.EINVAL, counter(fd).add(-1));
    assertEquals(IN, counter(fd).poll());
    assertEquals(-Errno.EINVAL, box.call(Sys.EVENTFD2, 0, 2));
    int semaphore = (int) box.call(Sys.EVENTFD2, 2, 1);
    assertTrue(counter(semaphore).read(UserBuffer.of(box.memory, FlatMemory.BASE, 8), -1) == 8);
    assertEquals(1, box.getLong(0));
    assertEquals(IN | PollEvents.OUT, counter(semaphore).poll());
  }
}
