package dev.bulwark.platform.systrap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.bulwark.linux.Errno;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.Event;
import dev.bulwark.platform.Fault;
import dev.bulwark.platform.Registers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** An application thread in a stub. */
final class SystrapContext implements Context, DeathWatcher.Kicked {
  /** The signal that stands for tampering in a stub's status: what seccomp would have used. */
  static final int TAMPERED = 31;

  /** Orders are short; a stub that has not carried one out after this many seconds never will. */
  private static final long OBEY_SECONDS = 30;

  /** How often a kicked thread is looked at, twice a second, before it is given up. */
  private static final int MOST_NAME = 15;

  private static final int LOOKS_AT_KICKED = 10;

  private static final MemorySegment OBEY_TIMEOUT = timespec(OBEY_SECONDS);
  private static final MemorySegment NO_FRAME = MemorySegment.NULL;

  private final SystrapPlatform platform;
  private final SystrapAddressSpace addressSpace;
  private final StubProcess stub;
  private final Slot slot;
  private final int tid;
  private final SpinBudget spin;
  private final Registers registers = new Registers();
  private final Fault fault = new Fault();
  private MemorySegment frame = NO_FRAME;
  private long number;
  private long seenFsBase;
  private long seenGsBase;
  private volatile long cpuTime;
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
  }

  private static MemorySegment timespec(long seconds) {
    MemorySegment time = Arena.global().allocate(16, 8);
    time.set(JAVA_LONG, 0, seconds);
    return time;
  }

  Slot slot() {
    return slot;
  }

  /** Waits for the first event of a new thread. */
  void awaitStart() throws IOException {
    await(true, true);
    if (slot.turn() != Layout.TURN_SENTRY
        || slot.getInt(Layout.EVENT) != Layout.EVENT_READY
        || !takeFrame()) {
      throw stub.neverStarted();
    }
    registers.fsBase = slot.getLong(Layout.FS_BASE);
    registers.gsBase = slot.getLong(Layout.GS_BASE);
    seenFsBase = registers.fsBase;
    seenGsBase = registers.gsBase;
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
    putRegisters();
    slot.putInt(Layout.SPIN, spin.stubSpin());
    platform.running().incrementAndGet();
    inApplication = true;
    try {
      if (kicked) { // whoever kicked before it could see that we are on our way
        kicked = false;
        return Event.KICKED;
      }
      await(false, slot.order(Layout.ORDER_RESUME));
    } finally {
      inApplication = false;
      platform.running().decrementAndGet();
    }
    return takeEvent();
  }

  /** Waits until the turn is the Sentry's or the stub is dead. */
  private void await(boolean limited, boolean stubSlept) {
    if (spin.spinNow()) {
      boolean seen = slot.spin(SpinBudget.nanos(stubSlept));
      spin.spun(seen);
      if (seen) {
        return;
      }
    }
    while (slot.turn() == Layout.TURN_STUB) {
      long result = slot.sleep(limited ? OBEY_TIMEOUT.address() : 0);
      if (result == -Errno.ETIMEDOUT) {
        stub.condemn(TAMPERED);
        limited = false; // the watcher ends this wait when the stub is gone
      }
    }
  }

  /**
   * Has the stopped thread carry out an order other than to resume.
   *
   * @return its result, which the application can forge; ESRCH negated when the stub has died
   */
  long obey(int order) {
    if (stub.dead()) {
      return -Errno.ESRCH;
    }
    slot.putInt(Layout.SPIN, spin.stubSpin());
    await(true, slot.order(order));
    return slot.turn() == Layout.TURN_SENTRY ? slot.getLong(Layout.RESULT) : -Errno.ESRCH;
  }

  private Event takeEvent() {
    if (slot.turn() != Layout.TURN_SENTRY) {
      if (!stub.dead()) {
        stub.condemn(TAMPERED); // the thread exited, or the application wrote the turn
      }
      return Event.DIED;
    }
    int event = slot.getInt(Layout.EVENT);
    if (!takeFrame()) {
      stub.condemn(TAMPERED);
      return Event.DIED;
    }
    getRegisters();
    return switch (event) {
      case Layout.EVENT_SYSCALL -> {
        number = slot.getLong(Layout.NUMBER);
        yield Event.SYSCALL;
      }
      case Layout.EVENT_FAULT -> {
        fault.signal = slot.getInt(Layout.SIGNAL);
        fault.code = slot.getInt(Layout.CODE);
        fault.address = slot.getLong(Layout.ADDRESS);
        fault.errorCode = frame.get(JAVA_LONG, Layout.UC_ERR);
        fault.trapNumber = frame.get(JAVA_LONG, Layout.UC_TRAPNO);
        yield Event.FAULT;
      }
      case Layout.EVENT_KICK -> {
        kicked = false;
        yield Event.KICKED;
      }
      default -> {
        stub.condemn(TAMPERED);
        yield Event.DIED;
      }
    };
  }

  /** Finds the signal frame in the slot; false when the stub points anywhere else. */
  private boolean takeFrame() {
    long offset = slot.getLong(Layout.FRAME) - slot.stubAddress();
    if (offset < Layout.BOOT_STACK_TOP
        || offset > Layout.SLOT_SIZE - Layout.UC_SIZE
        || (offset & 7) != 0) {
      return false;
    }
    frame = slot.part(offset, Layout.UC_SIZE);
    return true;
  }

  private void getRegisters() {
    for (int i = 0; i < Registers.COUNT; i++) {
      registers.set(i, frame.get(JAVA_LONG, Layout.UC_REGISTERS + 8L * i));
    }
    if ((slot.getInt(Layout.BASES) & Layout.BASES_READABLE) != 0) {
      registers.fsBase = slot.getLong(Layout.FS_BASE);
      registers.gsBase = slot.getLong(Layout.GS_BASE);
      seenFsBase = registers.fsBase;
      seenGsBase = registers.gsBase;
    }
  }

  private void putRegisters() {
    for (int i = 0; i < Registers.COUNT; i++) {
      frame.set(JAVA_LONG, Layout.UC_REGISTERS + 8L * i, registers.get(i));
    }
    int bases = slot.getInt(Layout.BASES) & Layout.BASES_READABLE;
    if (registers.fsBase != seenFsBase || registers.gsBase != seenGsBase) {
      slot.putLong(Layout.FS_BASE, registers.fsBase);
      slot.putLong(Layout.GS_BASE, registers.gsBase);
      seenFsBase = registers.fsBase;
      seenGsBase = registers.gsBase;
      bases |= Layout.BASES_CHANGED;
    }
    slot.putInt(Layout.BASES, bases);
  }

  @Override
  public Registers registers() {
    return registers;
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
    long offset = frame.get(JAVA_LONG, Layout.UC_FPSTATE) - slot.stubAddress();
    if (offset < Layout.BOOT_STACK_TOP || offset > Layout.SLOT_SIZE - FpState.SMALLEST) {
      offset = Layout.BOOT_STACK_TOP; // it harms only itself
    }
    return slot.part(offset, Layout.SLOT_SIZE - offset);
  }

  private MemorySegment fpImage() {
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
  }

  @Override
  public boolean writeFpState(byte[] from) {
    byte[] checked = platform.fpState().check(from);
    if (checked == null) {
      return false;
    }
    fpImage().copyFrom(MemorySegment.ofArray(checked));
    return true;
  }

  @Override
  public void resetFpState() {
    fpImage().copyFrom(platform.fpState().initial());
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
      stub.condemn(TAMPERED);
    }
    return false;
  }

  @Override
  public long cpuTimeNanos() {
    return cpuTime;
  }

  @Override
  public long sampleCpuTime() {
    long now = obey(Layout.ORDER_CPU_TIME);
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
    SystrapContext made = addressSpace.newThread(this);
    made.registers.copyFrom(registers);
    made.copyFpState(this);
    return made;
  }

  @Override
  public void close() {
    stub.leave(slot);
  }
}
