package dev.bulwark.platform.stub;

import static dev.bulwark.linux.HostCall.call;
import static dev.bulwark.linux.HostCall.check;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostClock;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.MemoryFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stub as the Sentry sees it: the process, its slots, its memory file and the socket to it. Its
 * monitor guards what can change. Thread-safe.
 */
public final class StubProcess implements DeathWatcher.Mourner {
  /** Sparse, so that a range of it can be reserved for every mapping there ever is. */
  private static final long MEMORY_SIZE = 1L << 45;

  private static final long SLOTS_SIZE = Layout.SLOT_SIZE * Layout.SLOT_COUNT;
  private static final int MFD_CLOEXEC = 1;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED_NORESERVE = 0x4001;
  private static final int SIGUSR1 = 10;
  private static final long NOT_WATCHED = 0;

  /** The signal that stands for tampering in a stub's status: what seccomp would have used. */
  public static final int TAMPERED = 31;

  /** Orders are short; a stub that has not carried one out after this many seconds never will. */
  private static final long OBEY_SECONDS = 30;

  private static final MemorySegment OBEY_TIMEOUT = timespec(OBEY_SECONDS);

  private final MemoryFile memory;
  private final MemorySegment slots;
  private final int socket;
  private final int bases;
  private final int pid;
  private final int pidFd;
  private final DeathWatcher watcher;

  /**
   * How many threads that an application does without any more are kept for the next ones. Each
   * costs the host some 20 kB and counts where it counts threads; the child of vfork(2) and the
   * threads of a program that has one for each small job need few at a time.
   */
  private static final int MOST_IDLE = 4;

  private final Map<Integer, Slot> inUse = new HashMap<>();

  /** Stopped threads without a context. */
  private final ArrayDeque<IdleThread> idle = new ArrayDeque<>();

  /** Slots of threads that were told to exit; usable again once the host has cleared their turn. */
  private final ArrayDeque<Slot> leaving = new ArrayDeque<>();

  private final List<Runnable> mourners = new ArrayList<>();
  private int nextIndex;
  private volatile boolean dead;
  private boolean released;
  private boolean freed;
  private long hangUp = NOT_WATCHED;
  private int status = -1;
  private long cpuTimeAtDeath;

  private StubProcess(
      MemoryFile memory,
      MemorySegment slots,
      int socket,
      Zygote zygote,
      DeathWatcher watcher,
      int pid)
      throws HostException {
    this.memory = memory;
    this.slots = slots;
    this.socket = socket;
    this.bases = zygote.bases();
    this.pid = pid;
    this.watcher = watcher;
    pidFd = watcher.watch(pid, this);
  }

  /** Makes a stub, which is on its way to its first event in slot 0. */
  public static StubProcess start(DeathWatcher watcher) throws HostException {
    Zygote zygote = watcher.zygote();
    MemoryFile memory = MemoryFile.create("bulwark-memory", MEMORY_SIZE);
    int slotsFd = -1;
    int[] pair = {-1, -1};
    try {
      slotsFd = slotsFile();
      long mapped =
          check(
              call(Sys.MMAP, 0, SLOTS_SIZE, PROT_READ_WRITE, MAP_SHARED_NORESERVE, slotsFd, 0),
              "mapping the slots of a stub");
      MemorySegment slots = MemorySegment.ofAddress(mapped).reinterpret(SLOTS_SIZE);
      new Slot(slots.asSlice(0, Layout.SLOT_SIZE), 0).prepare(zygote.bases());
      pair = Descriptors.socketPair();
      int pid = zygote.newStub(pair[1], slotsFd, memory);
      StubProcess stub = new StubProcess(memory, slots, pair[0], zygote, watcher, pid);
      pair[0] = -1;
      return stub;
    } catch (HostException e) {
      memory.close();
      throw e;
    } finally {
      for (int fd : new int[] {slotsFd, pair[0], pair[1]}) {
        if (fd >= 0) {
          Descriptors.close(fd);
        }
      }
    }
  }

  private static MemorySegment timespec(long seconds) {
    MemorySegment time = Arena.global().allocate(16, 8);
    time.set(JAVA_LONG, 0, seconds);
    return time;
  }

  private static int slotsFile() throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom("bulwark-slots").address();
      long fd = check(call(Sys.MEMFD_CREATE, name, MFD_CLOEXEC), "making the slots of a stub");
      check(call(Sys.FTRUNCATE, fd, SLOTS_SIZE), "sizing the slots of a stub");
      return (int) fd;
    }
  }

  /** The memory file that it alone may map writable. */
  public MemoryFile memory() {
    return memory;
  }

  /**
   * Sends the stub a descriptor, which it receives with the operation that needs it.
   *
   * @return 0, or an errno negated, with which the stub is condemned
   */
  public int hand(int fd) {
    long sent = Descriptors.send(socket, fd);
    if (sent < 0) {
      condemn(TAMPERED);
      return (int) sent;
    }
    return 0;
  }

  /** What to say of a stub that ended before it ran anything. */
  public HostException neverStarted() {
    return new HostException(
        "starting a stub (it ended with status "
            + status()
            + "; the host must allow seccomp filters, and addresses from 7fe000000000 on)",
        Errno.ENOEXEC);
  }

  /**
   * Takes a slot that no thread uses, with the turn given to the stub.
   *
   * @throws HostException EAGAIN when all are taken, ESRCH when the stub has died, ENOEXEC when it
   *     did so before its first thread
   */
  public synchronized Slot takeSlot() throws HostException {
    if (dead) {
      if (nextIndex == 0) {
        throw neverStarted();
      }
      throw new HostException("starting a thread in a stub that has died", Errno.ESRCH);
    }
    Slot slot = null;
    Slot oldest = leaving.peek();
    if (oldest != null && oldest.turn() == Layout.TURN_GONE) {
      slot = leaving.remove();
    } else if (nextIndex < Layout.SLOT_COUNT) {
      int index = nextIndex++;
      slot = new Slot(slots.asSlice(index * Layout.SLOT_SIZE, Layout.SLOT_SIZE), index);
    } else {
      throw new HostException("starting a thread: the address space has no room", Errno.EAGAIN);
    }
    if (slot.index() != 0) { // the first was prepared before the stub was made
      slot.prepare(bases);
    }
    inUse.put(slot.index(), slot);
    return slot;
  }

  /** Gives a slot back whose thread never came to be. */
  public void returnSlot(Slot slot) {
    synchronized (this) {
      inUse.remove(slot.index());
      slot.putInt(Layout.TURN, Layout.TURN_GONE);
      leaving.addFirst(slot);
    }
    freeIfUnused();
  }

  /**
   * Keeps a thread whose context is closed for another one, or tells it to exit.
   *
   * @param stopped the thread and how it was stopped
   */
  public void leave(IdleThread stopped) {
    Slot slot = stopped.slot();
    synchronized (this) {
      if (inUse.remove(slot.index()) != null && !dead) {
        if (idle.size() < MOST_IDLE && slot.turn() == Layout.TURN_SENTRY) {
          idle.push(stopped);
          slot.putInt(Layout.SPIN, 0);
          slot.order(Layout.ORDER_CPU_TIME);
        } else {
          leaving.add(slot);
          slot.order(Layout.ORDER_EXIT);
        }
      }
    }
    freeIfUnused();
  }

  /** Tells a thread whose context is closed to exit. */
  public void exit(Slot slot) {
    synchronized (this) {
      if (inUse.remove(slot.index()) != null && !dead) {
        leaving.add(slot);
        slot.order(Layout.ORDER_EXIT);
      }
    }
    freeIfUnused();
  }

  /** A thread that was kept, or null; its slot is in use then. */
  public synchronized @Nullable IdleThread takeIdle() {
    IdleThread thread = dead ? null : idle.poll();
    if (thread == null) {
      return null;
    }
    int turn = thread.slot().turn();
    if (turn == Layout.TURN_SENTRY) {
      inUse.put(thread.slot().index(), thread.slot());
      return thread;
    }
    if (turn == Layout.TURN_STUB) {
      idle.addLast(thread); // it still tells its CPU time, or the application has let it loose
    }
    return null;
  }

  /**
   * Waits in the futex of a slot until the turn is not the stub's any more, or the stub is dead.
   *
   * @param limited whether a stub that takes too long is condemned
   */
  public void awaitTurn(Slot slot, boolean limited) {
    boolean patient = !limited;
    while (slot.turn() == Layout.TURN_STUB && !dead) { // an order may have come after the last mark
      long result = slot.sleep(patient ? 0 : OBEY_TIMEOUT.address());
      if (result == -Errno.ETIMEDOUT) {
        condemn(TAMPERED);
        patient = true; // the watcher ends this wait when the stub is gone
      }
    }
  }

  /** Interrupts a thread of the stub, if there is one left. */
  public synchronized void kick(int tid) {
    if (!dead) {
      call(Sys.TGKILL, pid, tid == 0 ? pid : tid, SIGUSR1);
    }
  }

  /**
   * Has somebody told when all threads of the process have let go of their descriptors. Where
   * threads are traced this is the first sign of a death, since the process is not dead to its
   * parent before the tracers have reaped them.
   *
   * @param told once, on the watcher's thread; must not block
   */
  public synchronized void whenThreadsEnd(Runnable told) throws HostException {
    hangUp = watcher.watchHangUp(socket, told);
  }

  /** Waits until a process that is being killed is {@link #dead}. */
  public synchronized void awaitDeath() {
    boolean interrupted = false;
    while (!dead) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the process is gone, or as good as gone. */
  public boolean dead() {
    return dead;
  }

  /** How it ended, as wait4(2) says it; -1 while it lives. */
  public synchronized int status() {
    return status;
  }

  /** The process. */
  public int pid() {
    return pid;
  }

  /** CPU time of all its threads, in nanoseconds. */
  public synchronized long cpuTimeNanos() {
    return dead ? cpuTimeAtDeath : clock();
  }

  private long clock() {
    return Math.max(cpuTimeAtDeath, HostClock.processNanos(pid));
  }

  /**
   * Kills the process because it tampered with what it shares.
   *
   * @param signal what {@link #status} shall say
   */
  public synchronized void condemn(int signal) {
    if (!dead && status < 0) {
      status = signal;
      kill();
    }
  }

  /** Kills the process; {@link #died} follows on the watcher's thread. */
  public synchronized void kill() {
    if (!dead) {
      cpuTimeAtDeath = clock();
      DeathWatcher.kill(pidFd);
    }
  }

  /** Kills the process; its memory goes when it is dead and the last context is closed. */
  public void release() {
    synchronized (this) {
      kill();
      released = true;
    }
    freeIfUnused();
  }

  @Override
  public void died(int how) {
    List<Runnable> told;
    synchronized (this) {
      dead = true;
      if (status < 0) {
        status = how;
      }
      inUse.values().forEach(Slot::markDead);
      notifyAll();
      told = released ? List.of() : List.copyOf(mourners);
      mourners.clear();
    }
    told.forEach(Runnable::run);
    freeIfUnused();
  }

  /** As {@link AddressSpace#addMourner}. */
  public void addMourner(Runnable mourner) {
    synchronized (this) {
      if (!dead) {
        mourners.add(mourner);
        return;
      }
    }
    mourner.run();
  }

  /** As {@link AddressSpace#removeMourner}. */
  public synchronized void removeMourner(Runnable mourner) {
    mourners.remove(mourner);
  }

  private void freeIfUnused() {
    synchronized (this) {
      if (freed || !released || !dead || !inUse.isEmpty()) {
        return;
      }
      freed = true;
    }
    if (hangUp != NOT_WATCHED) {
      watcher.forget(hangUp);
    }
    Descriptors.close(socket);
    memory.close();
    call(Sys.MUNMAP, slots.address(), SLOTS_SIZE);
  }
}
