package dev.bulwark.platform.ptrace;

import dev.bulwark.linux.CallRule;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostPtrace;
import dev.bulwark.linux.HostWait;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Event;
import dev.bulwark.platform.Platform;
import dev.bulwark.platform.Registers;
import dev.bulwark.platform.Vdso;
import dev.bulwark.platform.stub.DeathWatcher;
import dev.bulwark.platform.stub.FpState;
import dev.bulwark.platform.stub.Layout;
import dev.bulwark.platform.stub.StubPool;
import dev.bulwark.platform.stub.StubProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The platform {@code ptrace}. Thread-safe. */
public final class PtracePlatform implements Platform {
  private final DeathWatcher watcher;
  private final FpState fpState;
  private final int stateRoom;
  private final StubPool pool;
  private final Set<PtraceContext> contexts = ConcurrentHashMap.newKeySet();
  private final LongAdder trappedCalls = new LongAdder();
  private volatile boolean closed;

  /**
   * Starts the zygote and the first stub, and traces another to see whether that works here.
   *
   * @param failed told when the zygote dies while the platform is open: no process can be made any
   *     more
   * @throws IOException when the host refuses a process, lacks seccomp filters, or lets nobody
   *     trace
   */
  public PtracePlatform(Runnable failed) throws IOException {
    watcher =
        new DeathWatcher(
            () -> {
              if (!closed) {
                failed.run();
              }
            });
    try {
      PtraceAddressSpace first = make();
      fpState = new FpState(first.firstContext().firstFpMemory());
      stateRoom = probeState();
      probeCalls();
      pool = new StubPool(this::make, first);
    } catch (IOException | RuntimeException e) {
      watcher.close();
      throw e;
    }
  }

  /** How many bytes a floating-point state has for this host's ptrace(2). */
  private int probeState() throws IOException {
    try (PtraceAddressSpace space = make();
        PtraceContext context = space.firstContext()) {
      Tracee tracee = Tracee.attach(space.hostPid(), Tracee.MOST_STATE);
      try {
        if (!tracee.getState() || tracee.stateSize() < fpState.size() - 4) {
          throw new IOException("the host's ptrace(2) tells no floating-point state of a thread");
        }
        return tracee.stateSize();
      } finally {
        context.stub().kill();
        tracee.forget();
      }
    }
  }

  /** A call that the filter would kill for must come here instead. */
  private void probeCalls() throws IOException {
    try (PtraceAddressSpace space = make();
        PtraceContext context = space.firstContext()) {
      context.registers().set(Registers.RIP, Layout.TRACED_CALL);
      context.registers().set(Registers.RAX, Sys.GETPID);
      if (context.run() != Event.SYSCALL || context.syscallNumber() != Sys.GETPID) {
        throw new IOException("the host has no PTRACE_SYSEMU that precedes seccomp filters");
      }
    }
  }

  @Override
  public String name() {
    return "ptrace";
  }

  @Override
  public long minimumAddress() {
    return Layout.APPLICATION_START;
  }

  @Override
  public long maximumAddress() {
    return Layout.APPLICATION_END;
  }

  @Override
  public @Nullable Vdso vdso() {
    return watcher.vdso();
  }

  @Override
  public int fpStateSize() {
    return fpState.size();
  }

  @Override
  public List<CallRule> hostCalls() {
    List<CallRule> rules = new ArrayList<>(HostPtrace.CALLS);
    rules.addAll(Tracee.CALLS);
    rules.addAll(HostWait.CALLS_FOR_TRACED);
    return rules;
  }

  FpState fpState() {
    return fpState;
  }

  /** The bytes of a floating-point state as ptrace(2) gives and takes it. */
  int stateRoom() {
    return stateRoom;
  }

  /** Takes note of a context, whose calls are counted from now on. */
  void began(PtraceContext context) {
    contexts.add(context);
  }

  /** A context makes no calls any more. */
  void ended(PtraceContext context) {
    if (contexts.remove(context)) {
      trappedCalls.add(context.trappedCalls());
    }
  }

  @Override
  public Counts calls() {
    long trapped = trappedCalls.sum();
    for (PtraceContext context : contexts) {
      trapped += context.trappedCalls();
    }
    return new Counts(trapped, 0);
  }

  private PtraceAddressSpace make() throws HostException, IOException {
    return new PtraceAddressSpace(this, StubProcess.start(watcher));
  }

  @Override
  public AddressSpace newAddressSpace() throws IOException {
    return pool.take();
  }

  @Override
  public void close() {
    closed = true;
    pool.close();
    watcher.close();
    pool.discard();
  }
}
