package dev.bulwark.platform.ptrace;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostPtrace;
import dev.bulwark.linux.HostWait;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.Event;
import dev.bulwark.platform.Fault;
import dev.bulwark.platform.Registers;
import dev.bulwark.platform.stub.Layout;
import dev.bulwark.platform.stub.Operation;
import dev.bulwark.platform.stub.Slot;
import dev.bulwark.platform.stub.StubContext;
import dev.bulwark.platform.stub.StubProcess;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * An application thread in a stub, which its first {@link #run} attaches to the calling thread.
 * Before, it waits in its slot for orders, and registers and floating-point state are kept here.
 */
final class PtraceContext implements StubContext {
  private static final int AUDIT_ARCH_X86_64 = 0xc000003e;
  private static final int SYS_SECCOMP = 1;
  private static final long SIGINFO_CODE = 8;
  private static final long SIGINFO_ARCHITECTURE = 28;
  private static final int SIGILL = 4;
  private static final int SIGTRAP = 5;
  private static final int SIGBUS = 7;
  private static final int SIGFPE = 8;
  private static final int SIGUSR1 = 10;
  private static final int SIGSEGV = 11;
  private static final int SIGCHLD = 17;
  private static final int SIGCONT = 18;
  private static final int SIGSTOP = 19;
  private static final int SIGTTOU = 22;
  private static final int SIGSYS = 31;
  private static final int MOST_NAME = 15;
  private static final long USUAL_FLAGS = 0x202;

  /** Results with which the host would restart the call, had the thread a signal pending. */
  private static final long RESTARTS_FROM = -516;

  private static final long RESTARTS_TO = -512;

  private final PtracePlatform platform;
  private final PtraceAddressSpace addressSpace;
  private final StubProcess stub;
  private final Slot slot;
  private final int tid;
  private final TracedCalls calls = new TracedCalls(this);
  private final Registers registers = new Registers();
  private final Fault fault = new Fault();
  private final long[] arguments = new long[6];

  /** The attached thread, from the first run on. */
  private @Nullable Tracee tracee;

  /** What the thread is to have in its floating-point registers when it is attached. */
  private byte @Nullable [] initialState;

  /** {@link #registers} holds what the thread is to have; else they are fetched when needed. */
  private boolean loaded = true;

  private boolean inCall;
  private boolean answered;
  private long number;
  private long result;
  private long instruction;
  private long trappedCalls;
  private volatile long cpuTime;
  private volatile boolean kicked;
  private volatile boolean inApplication;

  /** Whether the host keeps the dead thread for its tracer; guarded by this object's monitor. */
  private boolean unreaped;

  /**
   * A context whose thread is on its way to its first event.
   *
   * @param tid its host thread identifier
   */
  PtraceContext(
      PtracePlatform platform,
      PtraceAddressSpace addressSpace,
      StubProcess stub,
      Slot slot,
      int tid) {
    this.platform = platform;
    this.addressSpace = addressSpace;
    this.stub = stub;
    this.slot = slot;
    this.tid = tid;
    registers.set(Registers.EFLAGS, USUAL_FLAGS);
    platform.began(this);
  }

  /** Waits until the new thread is ready for orders. */
  void awaitStart() throws IOException {
    stub.awaitTurn(slot, true);
    if (slot.turn() != Layout.TURN_SENTRY
        || Layout.event(slot.getInt(Layout.MESSAGE)) != Layout.EVENT_READY) {
      throw stub.neverStarted();
    }
  }

  @Override
  public Slot slot() {
    return slot;
  }

  StubProcess stub() {
    return stub;
  }

  /** Memory from the start of the first signal frame's floating-point state to the slot's end. */
  MemorySegment firstFpMemory() {
    long frame = slot.getLong(Layout.FRAME) - slot.stubAddress();
    long state = slot.part(frame, Layout.UC_SIZE).get(JAVA_LONG, Layout.UC_FPSTATE);
    long offset = state - slot.stubAddress();
    return slot.part(offset, Layout.SLOT_SIZE - offset);
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
    Tracee traced = tracee;
    if (traced == null) {
      traced = attach();
      if (traced == null) {
        return died();
      }
    }
    if (!putState(traced)) {
      return died();
    }
    inApplication = true;
    try {
      if (kicked) { // whoever kicked before it could see that we are on our way
        kicked = false;
        return Event.KICKED;
      }
      return goOn(traced);
    } finally {
      inApplication = false;
    }
  }

  /** Makes the calling thread the tracer; null when the stub is dead or not as it should be. */
  private @Nullable Tracee attach() {
    try {
      addressSpace.traced(this);
      Tracee traced = seize();
      traced.copyRegistersTo(new Registers()); // for its mode
      byte[] state = initialState;
      if (state != null) {
        traced.putState(state, platform.fpStateSize() - 4);
        initialState = null;
      }
      tracee = traced;
      return traced;
    } catch (HostException refused) {
      stub.condemn(StubProcess.TAMPERED);
      return null;
    }
  }

  private Tracee seize() throws HostException {
    try {
      return Tracee.attach(tid, platform.stateRoom());
    } finally {
      synchronized (this) {
        unreaped = tid != stub.pid();
      }
    }
  }

  /** Gives the thread what it goes on with. */
  private boolean putState(Tracee traced) {
    if (!loaded) {
      if (!inCall) {
        return true;
      }
      if (answered && (result < RESTARTS_FROM || result > RESTARTS_TO)) {
        return traced.putResult(result);
      }
      load(traced);
    }
    return traced.putRegisters(registers);
  }

  private Event goOn(Tracee traced) {
    loaded = false;
    inCall = false;
    int signal = 0;
    while (true) {
      if (!traced.resume(HostPtrace.SYSEMU, signal)) {
        return died();
      }
      int stop = traced.await();
      signal = 0;
      if (stop == HostPtrace.SYSCALL_STOP) {
        return traced.getCall() ? takeCall(traced) : died();
      }
      if (stop == HostPtrace.GONE) {
        return died();
      }
      if (HostPtrace.bare(stop)) {
        continue;
      }
      switch (stop) {
        case SIGUSR1 -> {
          if (kicked) {
            kicked = false;
            return Event.KICKED;
          }
        }
        case SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS -> {
          return takeFault(traced, stop);
        }
        case SIGCHLD, SIGCONT -> {}
        default -> {
          // Whoever on the host wants to end a stub may; nobody stops one.
          if (stop < SIGSTOP || stop > SIGTTOU) {
            signal = stop;
          }
        }
      }
    }
  }

  private Event takeCall(Tracee traced) {
    boolean known = traced.callArchitecture() == AUDIT_ARCH_X86_64;
    beginCall(known ? traced.callNumber() : -1, traced.callInstruction());
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = traced.callArgument(i);
    }
    return Event.SYSCALL;
  }

  private void beginCall(long callNumber, long returnAddress) {
    trappedCalls++;
    inCall = true;
    number = callNumber;
    answered = false;
    instruction = returnAddress;
  }

  private Event takeFault(Tracee traced, int signal) {
    if (!traced.getSignal()) {
      return died();
    }
    fault.signal = signal;
    fault.code = traced.signalInt(SIGINFO_CODE);
    fault.address = traced.signalAddress();
    fault.errorCode = 0;
    fault.trapNumber = 0;
    if (signal == SIGSYS && fault.code == SYS_SECCOMP) {
      return takeTrappedCall(traced, traced.signalInt(SIGINFO_ARCHITECTURE));
    }
    load(traced);
    if (fault.code > 0 && !askFrame(traced, signal)) {
      stub.condemn(StubProcess.TAMPERED);
      return died();
    }
    return Event.FAULT;
  }

  /** A call that the filter sees but not the tracer: one by way of the vsyscall page. */
  private Event takeTrappedCall(Tracee traced, int architecture) {
    load(traced);
    beginCall(architecture == AUDIT_ARCH_X86_64 ? registers.rax() : -1, registers.rip());
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = StubContext.super.argument(i);
    }
    return Event.SYSCALL;
  }

  /**
   * Learns error code and vector of a fault from the signal frame that the host makes of it. The
   * registers are loaded, and put back when the thread goes on.
   */
  private boolean askFrame(Tracee traced, int signal) {
    if (!traced.getState()
        || !traced.resume(HostPtrace.SINGLESTEP, signal)
        || traced.await() != SIGTRAP) {
      return false;
    }
    long offset = traced.thirdArgument() - slot.stubAddress();
    if (offset < Layout.BOOT_STACK_TOP || offset > Layout.SLOT_SIZE - Layout.UC_SIZE) {
      return false;
    }
    fault.errorCode = slot.getLong(offset + Layout.UC_ERR);
    fault.trapNumber = slot.getLong(offset + Layout.UC_TRAPNO);
    return traced.leaveHandler();
  }

  /** Fetches the registers, as they are after what the Sentry has answered. */
  private void load(Tracee traced) {
    if (!traced.getRegisters()) {
      loaded = true; // those of a dead thread matter to nobody
      return;
    }
    traced.copyRegistersTo(registers);
    if (inCall) {
      registers.set(Registers.RAX, answered ? result : traced.callerRax());
    }
    loaded = true;
  }

  /** The attached and stopped thread; its registers are loaded, since they are about to change. */
  @Nullable Tracee borrow() {
    Tracee traced = tracee;
    if (traced != null) {
      registers();
    }
    return traced;
  }

  /** Sees to it that a dying stub is dead before anybody hears of it. */
  private Event died() {
    stub.kill();
    reap();
    stub.awaitDeath();
    return Event.DIED;
  }

  /**
   * Lets the host forget a traced thread that is dying. Any thread; waits for the end of the death.
   */
  synchronized void reap() {
    if (unreaped) {
      unreaped = false;
      HostWait.traced(tid);
    }
  }

  @Override
  public Registers registers() {
    Tracee traced = tracee;
    if (!loaded && traced != null) {
      load(traced);
    }
    return registers;
  }

  @Override
  public long syscallNumber() {
    return number;
  }

  @Override
  public long argument(int index) {
    return arguments[index];
  }

  @Override
  public void setResult(long value) {
    if (loaded || !inCall) {
      registers().set(Registers.RAX, value);
    } else {
      result = value;
      answered = true;
    }
  }

  @Override
  public long instructionPointer() {
    return loaded || !inCall ? registers().rip() : instruction;
  }

  @Override
  public Fault fault() {
    return fault;
  }

  @Override
  public void readFpState(byte[] to) {
    Tracee traced = tracee;
    byte[] kept = initialState;
    if (traced != null && traced.getState()) {
      byte[] image = new byte[platform.fpStateSize()];
      traced.copyStateTo(image);
      platform.fpState().describe(image);
      System.arraycopy(image, 0, to, 0, image.length);
    } else if (kept != null) {
      System.arraycopy(kept, 0, to, 0, kept.length);
    } else {
      MemorySegment initial = platform.fpState().initial();
      MemorySegment.copy(initial, JAVA_BYTE, 0, to, 0, (int) initial.byteSize());
    }
  }

  @Override
  public boolean writeFpState(byte[] from) {
    byte[] checked = platform.fpState().check(from);
    if (checked == null) {
      return false;
    }
    setState(checked);
    return true;
  }

  @Override
  public void resetFpState() {
    setState(platform.fpState().initial().toArray(JAVA_BYTE));
  }

  private void setState(byte[] image) {
    Tracee traced = tracee;
    if (traced == null) {
      initialState = image;
    } else {
      traced.putState(image, image.length - 4);
    }
  }

  @Override
  public void copyFpState(Context from) {
    byte[] image = new byte[platform.fpStateSize()];
    from.readFpState(image);
    if (!writeFpState(image)) {
      resetFpState();
    }
  }

  /**
   * A signal that finds the thread stopped waits until it goes on, so none is lost; and an
   * application cannot block it, since no call of its own is ever made.
   */
  @Override
  public void kick() {
    if (!kicked) {
      kicked = true;
      if (inApplication) {
        stub.kick(tid);
      }
    }
  }

  @Override
  public int operate(StubProcess process, Queue<Operation> queue) {
    return tracee == null
        ? StubContext.super.operate(process, queue)
        : calls.operate(queue.remove());
  }

  @Override
  public long cloneInto(Slot child) {
    return tracee == null ? StubContext.super.cloneInto(child) : calls.cloneInto(child);
  }

  @Override
  public long obey(int order) {
    if (stub.dead()) {
      return -Errno.ESRCH;
    }
    slot.order(order);
    stub.awaitTurn(slot, true);
    return slot.turn() == Layout.TURN_SENTRY ? slot.getLong(Layout.RESULT) : -Errno.ESRCH;
  }

  @Override
  public long cpuTimeNanos() {
    return cpuTime;
  }

  @Override
  public long sampleCpuTime() {
    long now = tracee == null ? obey(Layout.ORDER_CPU_TIME) : calls.cpuTime();
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
    if (tracee == null) {
      obey(Layout.ORDER_NAME);
    } else {
      calls.setName();
    }
  }

  @Override
  public AddressSpace addressSpace() {
    return addressSpace;
  }

  @Override
  public Context newThread() throws IOException {
    Context made = addressSpace.newThread(this);
    made.registers().copyFrom(registers());
    made.copyFpState(this);
    return made;
  }

  /** Calls that stopped the thread; about exact to other threads. */
  long trappedCalls() {
    return trappedCalls;
  }

  @Override
  public void close() {
    platform.ended(this);
    Tracee traced = tracee;
    if (traced == null) {
      stub.exit(slot);
      return;
    }
    tracee = null;
    addressSpace.untraced(this);
    boolean leaves = !stub.dead() && TracedCalls.prepareExit(traced);
    stub.exit(slot); // before the thread can end, which frees the slot
    if (leaves) {
      synchronized (this) {
        unreaped = false;
      }
      traced.detach();
    } else {
      stub.kill();
      reap();
      traced.forget();
    }
  }
}
