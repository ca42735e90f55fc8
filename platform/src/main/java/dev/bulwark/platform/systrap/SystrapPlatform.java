package dev.bulwark.platform.systrap;

import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Platform;
import dev.bulwark.platform.Vdso;
import dev.bulwark.platform.stub.DeathWatcher;
import dev.bulwark.platform.stub.FpState;
import dev.bulwark.platform.stub.Layout;
import dev.bulwark.platform.stub.StubPool;
import dev.bulwark.platform.stub.StubProcess;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The platform {@code systrap}. Thread-safe. */
public final class SystrapPlatform implements Platform {
  private final DeathWatcher watcher;
  private final FpState fpState;
  private final int patchAfter;
  private final AtomicInteger running = new AtomicInteger();
  private final Set<SystrapContext> contexts = ConcurrentHashMap.newKeySet();
  private final LongAdder patchedCalls = new LongAdder();
  private final LongAdder trappedCalls = new LongAdder();
  private final StubPool pool;
  private volatile boolean closed;

  /**
   * Starts the zygote and the first stub.
   *
   * @param patchAfter how often a call site traps before it is worth changing; 0 for never
   * @param failed told when the zygote dies while the platform is open: no process can be made any
   *     more
   * @throws IOException when the host refuses a process, or lacks seccomp filters
   */
  public SystrapPlatform(int patchAfter, Runnable failed) throws IOException {
    watcher =
        new DeathWatcher(
            () -> {
              if (!closed) {
                failed.run();
              }
            });
    boolean readable = (watcher.bases() & Layout.BASES_READABLE) != 0;
    this.patchAfter = readable ? patchAfter : 0;
    try {
      SystrapAddressSpace first = make();
      fpState = new FpState(first.firstContext().fpMemory());
      pool = new StubPool(this::make, first);
    } catch (IOException | RuntimeException e) {
      watcher.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return "systrap";
  }

  @Override
  public boolean keepsGsBase() {
    return patchAfter != 0;
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

  DeathWatcher watcher() {
    return watcher;
  }

  FpState fpState() {
    return fpState;
  }

  SpinBudget newSpinBudget() {
    return new SpinBudget(running, Runtime.getRuntime().availableProcessors());
  }

  /** How many contexts run application code now. */
  AtomicInteger running() {
    return running;
  }

  /**
   * How often a call site traps before it is changed; 0 when none can be, since the stub must be
   * able to read the base of gs.
   */
  int patchAfter() {
    return patchAfter;
  }

  /** Takes note of a context, whose calls are counted from now on. */
  void began(SystrapContext context) {
    contexts.add(context);
  }

  /** A context makes no calls any more. */
  void ended(SystrapContext context) {
    if (contexts.remove(context)) {
      patchedCalls.add(context.patchedCalls());
      trappedCalls.add(context.trappedCalls());
    }
  }

  @Override
  public Counts calls() {
    long patched = patchedCalls.sum();
    long trapped = trappedCalls.sum();
    for (SystrapContext context : contexts) {
      patched += context.patchedCalls();
      trapped += context.trappedCalls();
    }
    return new Counts(trapped, patched);
  }

  private SystrapAddressSpace make() throws IOException {
    return new SystrapAddressSpace(this, StubProcess.start(watcher));
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
