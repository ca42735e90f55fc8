package dev.bulwark.platform.systrap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.bulwark.linux.Errno;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.CallSites;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.Event;
import dev.bulwark.platform.Fault;
import dev.bulwark.platform.Registers;
import dev.bulwark.platform.stub.DeathWatcher;
import dev.bulwark.platform.stub.FpState;
import dev.bulwark.platform.stub.IdleThread;
import dev.bulwark.platform.stub.Layout;
import dev.bulwark.platform.stub.Slot;
import dev.bulwark.platform.stub.StubContext;
import dev.bulwark.platform.stub.StubProcess;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** An application thread in a stub. */
final class SystrapContext implements StubContext, DeathWatcher.Kicked {
  private static final int MOST_NAME = 15;

  /** How often a kicked thread is looked at, twice a second, before it is given up. */
  private static final int LOOKS_AT_KICKED = 10;

  private static final long TRAP_FLAG = 0x100;

  /** No address, so none that a base could have. */
  private static final long UNKNOWN_BASE = 1L << 62;

  private final SystrapPlatform platform;
  private final SystrapAddressSpace addressSpace;
  private final StubProcess stub;
  private final Slot slot;
  private final int tid;
  private final SpinBudget spin;
  private final Registers registers = new Registers();
  private final Fault fault = new Fault();

  /** Where the general registers of the stopped thread lie in the slot. */
  private long registersAt;

  private final long[] arguments = new long[6];
  private long number;
  private long result;
  private boolean answered;

  /** Stopped in a call from a patched site: there is no signal frame. */
  private boolean patched;

  /** What a patched call left in the processor is in the slot too. */
  private boolean saved;

  /** What the slot holds of it is not what the processor holds. */
  private boolean fpChanged;

  /** {@link #registers} holds what the frame says; else they are read when somebody asks. */
  private boolean loaded;

  /** The thread has its slot in the base of gs while the application says nothing of it. */
  private boolean ownsGs;

  private long hotCallSite;
  private int stubSpin = -1;

  /** Guarded by this object's monitor. */
  private boolean closed;

  private long seenFsBase;
  private long seenGsBase;

  /** Counted by this thread; whoever else looks may be late. */
  private long patchedCalls;

  private long trappedCalls;
  private volatile long cpuTime;

  /** What the host's thread had used before it was this context's. */
  private long earlierCpuTime;

  private volatile boolean kicked;
  private volatile boolean inApplication;
  private volatile boolean expected;
  private int looksSinceKick;

  /**
   * A context whose thread is on its way to its first event.
   *
   * @param tid its host thread identifier, or 0 for the stub's first thread
   */
  SystrapContext(
      SystrapPlatform platform,
      SystrapAddressSpace addressSpace,
      StubProcess stub,
      Slot slot,
      int tid) {
    this.platform = platform;
    this.addressSpace = addressSpace;
    this.stub = stub;
    this.slot = slot;
    this.tid = tid;
    this.spin = platform.newSpinBudget();
    platform.began(this);
  }

  /** A context that takes over a thread which another one has left. */
  SystrapContext(
      SystrapPlatform platform,
      SystrapAddressSpace addressSpace,
      StubProcess stub,
      IdleThread thread) {
    this(platform, addressSpace, stub, thread.slot(), thread.tid());
    patched = thread.patched();
    registersAt = thread.registersAt();
    earlierCpuTime = Math.max(0, slot.getLong(Layout.RESULT));
    slot.putInt(Layout.PID, 0);
    slot.putInt(Layout.KICKED, 0);
    ownsGs = patched;
    saved = true; // all of it is written anew
    loaded = true;
    seenFsBase = UNKNOWN_BASE;
    seenGsBase = patched ? slot.stubAddress() : UNKNOWN_BASE;
  }

  @Override
  public Slot slot() {
    return slot;
  }

  /** Waits for the first event of a new thread. */
  void awaitStart() throws IOException {
    await(true, spin.spinForStub());
    if (slot.turn() != Layout.TURN_SENTRY
        || Layout.event(slot.getInt(Layout.MESSAGE)) != Layout.EVENT_READY
        || !takeFrame()) {
      throw stub.neverStarted();
    }
    getBases();
    loaded = true;
  }

  @Override
  public Event run() {
    if (kicked) {
      kicked = false;
      return Event.KICKED;
    }
    if (addressSpace.commit(this) != 0 || stub.dead()) {
      return Event.DIED;
    }
    int order = putState();
    setStubSpin(spin.stubSpin());
    AtomicInteger running = platform.running();
    running.incrementAndGet();
    inApplication = true;
    try {
      if (kicked) { // whoever kicked before it could see that we are on our way
        kicked = false;
        return Event.KICKED;
      }
      slot.order(order);
      awaitEvent();
    } finally {
      inApplication = false;
      running.decrementAndGet();
    }
    return takeEvent();
  }

  private void awaitEvent() {
    boolean spins = spin.spinNow();
    boolean seen = await(false, spins);
    if (!seen || !spins) {
      spin.ran(slot.getInt(Layout.MESSAGE) >>> Layout.RAN_SHIFT, spins);
    } else {
      spin.spun(true);
    }
  }

  @Override
  public void waits() {
    setStubSpin(0);
  }

  /** The stub's patience changes seldom, and its cache line is better left alone. */
  private void setStubSpin(int wanted) {
    if (wanted != stubSpin) {
      stubSpin = wanted;
      slot.putInt(Layout.SPIN, wanted);
    }
  }

  /**
   * Tells the stub with what the application goes on.
   *
   * @return the order for it
   */
  private int putState() {
    if (patched && fpChanged) {
      registers(); // which go with it
    }
    if (patched && loaded && needsTrap()) {
      stopAfterCall();
    }
    if (!patched) {
      if (loaded) {
        putRegisters();
        putBases();
      } else if (answered) {
        slot.putLong(registersAt + 8L * Registers.RAX, result);
      }
      return Layout.ORDER_RESUME;
    }
    if (loaded) {
      putPatched();
      putBases();
      return Layout.ORDER_RESUME_ALL;
    }
    slot.putLong(Layout.NUMBER, answered ? result : number);
    CallSites sites = addressSpace.callSites();
    if (sites != null && sites.anyRemoved()) {
      long at = Layout.SAVED + 8L * Registers.RIP;
      slot.putLong(at, sites.returnFrom(slot.getLong(at)));
    }
    return Layout.ORDER_RESUME;
  }

  private void putPatched() {
    putRegisters();
    slot.putLong(Layout.ARGUMENT, fpChanged ? platform.fpState().features() : 0);
  }

  /** What the way back from a patched call cannot set. */
  private boolean needsTrap() {
    return gsBase() != seenGsBase || (registers.get(Registers.EFLAGS) & TRAP_FLAG) != 0;
  }

  /**
   * Waits until the turn is the Sentry's or the stub is dead.
   *
   * @param limited whether the stub carries out an order, which takes no time
   * @param spins whether to look for it before sleeping
   * @return whether that was enough
   */
  private boolean await(boolean limited, boolean spins) {
    if (spins && slot.spin(SpinBudget.NANOS)) {
      return true;
    }
    stub.awaitTurn(slot, limited);
    return false;
  }

  @Override
  public long obey(int order) {
    if (stub.dead()) {
      return -Errno.ESRCH;
    }
    setStubSpin(spin.stubSpin());
    slot.order(order);
    boolean spins = spin.spinForStub();
    boolean seen = await(true, spins);
    if (spins) {
      spin.spun(seen);
    }
    return slot.turn() == Layout.TURN_SENTRY ? slot.getLong(Layout.RESULT) : -Errno.ESRCH;
  }

  private Event takeEvent() {
    if (slot.turn() != Layout.TURN_SENTRY) {
      if (!stub.dead()) {
        stub.condemn(StubProcess.TAMPERED); // the thread exited, or the application wrote the turn
      }
      return Event.DIED;
    }
    int event = Layout.event(slot.getInt(Layout.MESSAGE));
    answered = false;
    loaded = false;
    saved = false;
    fpChanged = false;
    patched = event == Layout.EVENT_PATCHED;
    if (patched) {
      registersAt = Layout.SAVED;
      takeCall();
      patchedCalls++;
      return Event.SYSCALL;
    }
    if (!takeFrame()) {
      stub.condemn(StubProcess.TAMPERED);
      return Event.DIED;
    }
    return switch (event) {
      case Layout.EVENT_SYSCALL, Layout.EVENT_BARE -> {
        takeCall();
        trapped(event == Layout.EVENT_BARE);
        yield Event.SYSCALL;
      }
      case Layout.EVENT_FAULT -> {
        if (jumpedToMoved()) {
          yield Event.KICKED; // nothing has happened; the next run goes on in the trampoline
        }
        fault.signal = slot.getInt(Layout.SIGNAL);
        fault.code = slot.getInt(Layout.CODE);
        fault.address = slot.getLong(Layout.ADDRESS);
        fault.errorCode = slot.getLong(frame() + Layout.UC_ERR);
        fault.trapNumber = slot.getLong(frame() + Layout.UC_TRAPNO);
        yield Event.FAULT;
      }
      case Layout.EVENT_KICK -> {
        kicked = false;
        yield Event.KICKED;
      }
      default -> {
        stub.condemn(StubProcess.TAMPERED);
        yield Event.DIED;
      }
    };
  }

  private void takeCall() {
    number = slot.getLong(Layout.NUMBER);
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = slot.getLong(Layout.ARGUMENTS + 8L * i);
    }
  }

  /**
   * Looks at a call that raised a signal.
   *
   * @param bare whether it came from a patched site, and the base of gs alone is missing
   */
  private void trapped(boolean bare) {
    trappedCalls++;
    CallSites sites = addressSpace.callSites();
    if (sites == null) {
      return;
    }
    if (bare) {
      ownsGs = true;
      load();
    } else {
      long returnAddress = rip();
      hotCallSite = sites.trapped(returnAddress) ? returnAddress : 0;
    }
  }

  private boolean jumpedToMoved() {
    CallSites sites = addressSpace.callSites();
    if (sites == null || !sites.moved(rip())) {
      return false;
    }
    load();
    return true;
  }

  /** The instruction pointer as it is. */
  private long rip() {
    return slot.getLong(registersAt + 8L * Registers.RIP);
  }

  /** Where the signal frame lies in the slot, where there is one. */
  private long frame() {
    return registersAt - Layout.UC_REGISTERS;
  }

  @Override
  public long hotCallSite() {
    long hot = hotCallSite;
    hotCallSite = 0;
    return hot;
  }

  /** Finds the signal frame in the slot; false when the stub points anywhere else. */
  private boolean takeFrame() {
    long offset = slot.getLong(Layout.FRAME) - slot.stubAddress();
    if (offset < Layout.BOOT_STACK_TOP
        || offset > Layout.SLOT_SIZE - Layout.UC_SIZE
        || (offset & 7) != 0) {
      return false;
    }
    registersAt = offset + Layout.UC_REGISTERS;
    return true;
  }

  private void load() {
    for (int i = 0; i < Registers.COUNT; i++) {
      registers.set(i, slot.getLong(registersAt + 8L * i));
    }
    CallSites sites = addressSpace.callSites();
    if (sites != null) {
      registers.set(Registers.RIP, sites.shown(registers.rip()));
    }
    if (patched) { // as the processor does it
      registers.set(Registers.RAX, number);
      registers.set(Registers.RCX, registers.rip());
      registers.set(Registers.R11, registers.get(Registers.EFLAGS));
    }
    if ((slot.getInt(Layout.BASES) & Layout.BASES_READABLE) != 0) {
      getBases();
    }
    if (answered) {
      registers.set(Registers.RAX, result);
    }
    loaded = true;
  }

  private void getBases() {
    seenFsBase = slot.getLong(Layout.FS_BASE);
    seenGsBase = slot.getLong(Layout.GS_BASE);
    registers.fsBase = seenFsBase;
    registers.gsBase = seenGsBase == slot.stubAddress() ? 0 : seenGsBase;
  }

  private void putRegisters() {
    CallSites sites = addressSpace.callSites();
    for (int i = 0; i < Registers.COUNT; i++) {
      slot.putLong(registersAt + 8L * i, registers.get(i));
    }
    if (sites != null) {
      slot.putLong(registersAt + 8L * Registers.RIP, sites.real(registers.rip()));
    }
  }

  private long gsBase() {
    return ownsGs && registers.gsBase == 0 ? slot.stubAddress() : registers.gsBase;
  }

  private void putBases() {
    // A kick may have come between the last time and the order to go on.
    int bases = slot.getInt(Layout.BASES) & (Layout.BASES_READABLE | Layout.BASES_CHANGED);
    long gsBase = gsBase();
    if (registers.fsBase != seenFsBase || gsBase != seenGsBase) {
      slot.putLong(Layout.FS_BASE, registers.fsBase);
      slot.putLong(Layout.GS_BASE, gsBase);
      seenFsBase = registers.fsBase;
      seenGsBase = gsBase;
      bases |= Layout.BASES_CHANGED;
    }
    slot.putInt(Layout.BASES, bases);
  }

  /**
   * Has a thread that is in a patched call finish it with the registers and the floating-point
   * state that it is to go on with, and stop at once with a signal frame.
   */
  private void stopAfterCall() {
    putPatched();
    slot.putInt(Layout.KICKED, 1);
    obey(Layout.ORDER_RESUME_ALL);
    patched = false;
    if (slot.turn() != Layout.TURN_SENTRY || !takeFrame()) {
      stub.condemn(StubProcess.TAMPERED); // which the next run tells
    }
  }

  /** Fetches what a patched call left in the processor. */
  private void save() {
    if (patched && !saved) {
      slot.putLong(Layout.ARGUMENT, platform.fpState().features());
      obey(Layout.ORDER_SAVE);
      saved = true;
    }
  }

  @Override
  public Registers registers() {
    if (!loaded) {
      save();
      load();
    }
    return registers;
  }

  @Override
  public long argument(int index) {
    return arguments[index];
  }

  @Override
  public void setResult(long value) {
    if (loaded) {
      registers.set(Registers.RAX, value);
    } else {
      result = value;
      answered = true;
    }
  }

  @Override
  public long instructionPointer() {
    if (loaded) {
      return registers.rip();
    }
    long at = rip();
    CallSites sites = addressSpace.callSites();
    return sites == null ? at : sites.shown(at);
  }

  @Override
  public synchronized void setIdentity(int pid, int threadId) {
    if (!closed) { // else the slot is another thread's
      slot.putInt(Layout.TID, threadId);
      slot.putInt(Layout.PID, pid);
    }
  }

  /** Calls of this thread that did not trap, besides those that the stub answered itself. */
  long patchedCalls() {
    return patchedCalls;
  }

  /** Calls of this thread that raised a signal. */
  long trappedCalls() {
    return trappedCalls;
  }

  @Override
  public long syscallNumber() {
    return number;
  }

  @Override
  public Fault fault() {
    return fault;
  }

  /**
   * Memory from the start of the floating-point state to the end of the slot. Where it starts is
   * the application's word, but never outside the slot.
   */
  MemorySegment fpMemory() {
    long offset = patched ? Layout.FP_STATE : frameFpState();
    return slot.part(offset, Layout.SLOT_SIZE - offset);
  }

  private long frameFpState() {
    long offset = slot.getLong(frame() + Layout.UC_FPSTATE) - slot.stubAddress();
    return offset < Layout.BOOT_STACK_TOP || offset > Layout.SLOT_SIZE - FpState.SMALLEST
        ? Layout.BOOT_STACK_TOP // it harms only itself
        : offset;
  }

  private MemorySegment fpImage() {
    save();
    MemorySegment memory = fpMemory();
    int size = platform.fpStateSize();
    return memory.byteSize() >= size
        ? memory.asSlice(0, size)
        : slot.part(Layout.BOOT_STACK_TOP, size);
  }

  @Override
  public void readFpState(byte[] to) {
    MemorySegment image = fpImage();
    MemorySegment.copy(image, JAVA_BYTE, 0, to, 0, (int) image.byteSize());
    if (patched) {
      platform.fpState().describe(to);
    }
  }

  @Override
  public boolean writeFpState(byte[] from) {
    byte[] checked = platform.fpState().check(from);
    if (checked == null) {
      return false;
    }
    fpImage().copyFrom(MemorySegment.ofArray(checked));
    fpChanged = true;
    return true;
  }

  @Override
  public void resetFpState() {
    fpImage().copyFrom(platform.fpState().initial());
    fpChanged = true;
  }

  @Override
  public void copyFpState(Context from) {
    byte[] image = new byte[platform.fpStateSize()];
    from.readFpState(image);
    if (!writeFpState(image)) {
      resetFpState();
    }
  }

  @Override
  public void kick() {
    if (!kicked) {
      kicked = true;
      if (inApplication) {
        stub.kick(tid);
        if (!expected) {
          expected = true;
          looksSinceKick = 0;
          platform.watcher().expect(this);
        }
      }
    }
  }

  /**
   * An application that runs code of the stub with forged registers can block the kick's signal.
   * Nothing else would ever stop such a thread, so its stub must go.
   */
  @Override
  public boolean settled() {
    if (!inApplication || !kicked || stub.dead()) {
      expected = false;
      return true;
    }
    if (++looksSinceKick >= LOOKS_AT_KICKED) {
      stub.condemn(StubProcess.TAMPERED);
    }
    return false;
  }

  @Override
  public long cpuTimeNanos() {
    return cpuTime;
  }

  @Override
  public long sampleCpuTime() {
    long now = obey(Layout.ORDER_CPU_TIME) - earlierCpuTime;
    if (now > cpuTime) {
      cpuTime = now;
    }
    return cpuTime;
  }

  @Override
  public void setName(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    MemorySegment to = slot.part(Layout.OPERATIONS, MOST_NAME + 1);
    to.fill((byte) 0);
    MemorySegment.copy(bytes, 0, to, JAVA_BYTE, 0, Math.min(bytes.length, MOST_NAME));
    obey(Layout.ORDER_NAME);
  }

  @Override
  public AddressSpace addressSpace() {
    return addressSpace;
  }

  @Override
  public Context newThread() throws IOException {
    SystrapContext made = (SystrapContext) addressSpace.newThread(this);
    made.ownsGs |= ownsGs;
    made.registers.copyFrom(registers());
    made.copyFpState(this);
    return made;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    stubSpin = 0; // whoever waits now has no slot to say so in
    platform.ended(this);
    stub.leave(new IdleThread(slot, tid, patched, registersAt));
  }
}
