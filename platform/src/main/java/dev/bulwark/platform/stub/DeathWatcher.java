package dev.bulwark.platform.stub;

import static dev.bulwark.linux.HostCall.call;
import static dev.bulwark.linux.HostCall.check;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.Vdso;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The thread that starts the zygote and reaps every stub, so that none dies unnoticed. It sleeps in
 * epoll and uses no CPU. Thread-safe.
 */
public final class DeathWatcher implements AutoCloseable {
  private static final int EPOLL_CLOEXEC = 02000000;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLLIN = 1;
  private static final long DESCRIPTOR = 0xffffffffL;
  private static final int EVENT_SIZE = 12;
  private static final int EVENTS = 16;
  private static final int EFD_CLOEXEC = 02000000;
  private static final int P_PIDFD = 3;
  private static final int WEXITED = 4;
  private static final int SIGKILL = 9;

  /** Between two looks at what was kicked. */
  private static final int KICK_MILLIS = 500;

  private static final int CLD_EXITED = 1;
  private static final int CLD_DUMPED = 3;
  private static final int SIGINFO_SIZE = 128;
  private static final int SIGINFO_CODE = 8;
  private static final int SIGINFO_STATUS = 24;

  /** Told when a watched process is gone and reaped. */
  interface Mourner {
    /**
     * Called on the watcher's thread; must not block.
     *
     * @param status as wait4(2) reports it
     */
    void died(int status);
  }

  /** Somebody who was asked to stop soon. */
  public interface Kicked {
    /**
     * Called on the watcher's thread a while later; must not block.
     *
     * @return whether the matter is settled; else the call comes again
     */
    boolean settled();
  }

  private record Watched(int pidFd, Mourner mourner) {}

  private final int epoll;
  private final int wakeEvent;
  private final ConcurrentHashMap<Integer, Watched> watched = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Kicked> kicked = new ConcurrentLinkedQueue<>();
  private final ConcurrentHashMap<Long, Runnable> hangUps = new ConcurrentHashMap<>();
  private final AtomicInteger hangUpCount = new AtomicInteger();
  private final Thread thread;
  private volatile @Nullable Zygote zygote;
  private volatile boolean stopping;

  /**
   * Starts the thread and the zygote.
   *
   * @param zygoteDied told when the zygote dies
   */
  public DeathWatcher(Runnable zygoteDied) throws IOException {
    epoll = (int) check(call(Sys.EPOLL_CREATE1, EPOLL_CLOEXEC), "making an epoll for stubs");
    wakeEvent = (int) check(call(Sys.EVENTFD2, 0, EFD_CLOEXEC), "making an eventfd for stubs");
    add(wakeEvent, EPOLLIN, wakeEvent);
    CompletableFuture<Zygote> started = new CompletableFuture<>();
    thread =
        Thread.ofPlatform()
            .name("stub-watcher")
            .daemon()
            .start(
                () -> {
                  try {
                    started.complete(Zygote.start());
                  } catch (IOException | RuntimeException e) {
                    started.completeExceptionally(e);
                    return;
                  }
                  watchForEver();
                });
    try {
      Zygote made = started.get();
      zygote = made;
      watch(made.pid(), _ -> zygoteEnded(zygoteDied));
    } catch (ExecutionException e) {
      throw new IOException("starting the stub zygote failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the stub zygote started", e);
    }
  }

  /** The end that {@link #close} asked for is nobody's misfortune. */
  private void zygoteEnded(Runnable zygoteDied) {
    if (!stopping) {
      zygoteDied.run();
    }
  }

  Zygote zygote() {
    return java.util.Objects.requireNonNull(zygote);
  }

  /** Whether user code can read and write the bases of fs and gs: the {@code BASES_} bits. */
  public int bases() {
    return zygote().bases();
  }

  /** The host's vdso as all stubs have it, or null. */
  public @Nullable Vdso vdso() {
    return zygote().vdso();
  }

  private void add(int fd, int events, long key) throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(EVENT_SIZE, 4);
      event.set(JAVA_INT, 0, events);
      event.set(JAVA_LONG_UNALIGNED, 4, key);
      check(call(Sys.EPOLL_CTL, epoll, EPOLL_CTL_ADD, fd, event.address()), "watching a stub");
    }
  }

  /**
   * Watches a child of this process.
   *
   * @return a pidfd of it, which stays open until it has died and been reaped
   */
  int watch(int pid, Mourner mourner) throws HostException {
    int pidFd = (int) check(call(Sys.PIDFD_OPEN, pid, 0), "watching the stub process " + pid);
    watched.put(pidFd, new Watched(pidFd, mourner));
    add(pidFd, EPOLLIN, pidFd);
    return pidFd;
  }

  /**
   * Watches a connected socket until the other side has closed it.
   *
   * @param told once, on the watcher's thread; must not block
   * @return what {@link #forget} takes
   */
  long watchHangUp(int socket, Runnable told) throws HostException {
    // A number of its own, since an event may be on its way when the descriptor is used again.
    long key = (long) hangUpCount.incrementAndGet() << 32 | socket;
    hangUps.put(key, told);
    add(socket, 0, key);
    return key;
  }

  /** Ends what {@link #watchHangUp} began; to be called before the socket is closed. */
  void forget(long key) {
    if (hangUps.remove(key) != null) {
      call(Sys.EPOLL_CTL, epoll, EPOLL_CTL_DEL, key & DESCRIPTOR, 0);
    }
  }

  private void hungUp(long key) {
    Runnable told = hangUps.remove(key);
    if (told != null) {
      call(Sys.EPOLL_CTL, epoll, EPOLL_CTL_DEL, key & DESCRIPTOR, 0);
      told.run();
    }
  }

  /** Looks after a thread that was kicked, until it has stopped. */
  public void expect(Kicked who) {
    boolean first = kicked.isEmpty();
    kicked.add(who);
    if (first) {
      wake();
    }
  }

  private void wake() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment one = arena.allocate(8, 8);
      one.set(JAVA_LONG, 0, 1);
      call(Sys.WRITE, wakeEvent, one.address(), 8);
    }
  }

  /** Kills a watched process. One that is dead already is no error. */
  static void kill(int pidFd) {
    call(Sys.PIDFD_SEND_SIGNAL, pidFd, SIGKILL, 0, 0);
  }

  private void watchForEver() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment events = arena.allocate(EVENT_SIZE * EVENTS, 8);
      MemorySegment info = arena.allocate(SIGINFO_SIZE, 8);
      while (!(stopping && watched.isEmpty())) {
        long timeout = kicked.isEmpty() ? -1 : KICK_MILLIS;
        long n = call(Sys.EPOLL_WAIT, epoll, events.address(), EVENTS, timeout);
        if (n == 0) {
          kicked.removeIf(Kicked::settled);
        }
        if (n < 0 && n != -Errno.EINTR) {
          throw new IllegalStateException("epoll_wait: " + Errno.describe((int) -n));
        }
        for (int i = 0; i < n; i++) {
          long key = events.get(JAVA_LONG_UNALIGNED, (long) i * EVENT_SIZE + 4);
          if (key >>> 32 != 0) {
            hungUp(key);
          } else if (key == wakeEvent) {
            call(Sys.READ, wakeEvent, info.address(), 8);
          } else {
            reap((int) key, info);
          }
        }
      }
    }
    Descriptors.close(wakeEvent);
    Descriptors.close(epoll);
  }

  private void reap(int pidFd, MemorySegment info) {
    Watched process = watched.remove(pidFd);
    if (process == null) {
      return;
    }
    int status = 0;
    if (call(Sys.WAITID, P_PIDFD, pidFd, info.address(), WEXITED, 0) == 0) {
      int code = info.get(JAVA_INT_UNALIGNED, SIGINFO_CODE);
      int value = info.get(JAVA_INT_UNALIGNED, SIGINFO_STATUS);
      status = code == CLD_EXITED ? value << 8 : value | (code == CLD_DUMPED ? 0x80 : 0);
    }
    process.mourner.died(status);
    Descriptors.close(pidFd);
  }

  /** Kills whatever is still watched, the zygote too, and ends the thread when all are reaped. */
  @Override
  public void close() {
    Zygote started = zygote;
    if (started == null) {
      return;
    }
    zygote = null;
    stopping = true;
    started.close();
    watched.values().forEach(process -> kill(process.pidFd));
    wake();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
