package dev.bulwark.platform.ptrace;

import static dev.bulwark.linux.HostCall.call;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.bulwark.linux.CallRule;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostPtrace;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.Registers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A host thread that the calling thread traces: requests of ptrace(2), which no other thread may
 * make. What they bring lies in memory of its own until the next request of the same kind.
 */
final class Tracee {
  /** Positions in {@code struct user_regs_struct}, in the order of {@link Registers}. */
  private static final int[] PLACES = {
    9, 8, 7, 6, 3, 2, 1, 0, 14, 13, 4, 5, 12, RegisterPlace.RAX, 11, 19, 16, 18
  };

  private static final int PTRACE_PEEKUSER = 3;
  private static final int PTRACE_POKEUSER = 6;
  private static final int PTRACE_GETREGS = 12;
  private static final int PTRACE_SETREGS = 13;
  private static final int PTRACE_DETACH = 17;
  private static final int PTRACE_GETSIGINFO = 0x4202;
  private static final int PTRACE_GETREGSET = 0x4204;
  private static final int PTRACE_SETREGSET = 0x4205;
  private static final int PTRACE_SETSIGMASK = 0x420b;
  private static final int PTRACE_GET_SYSCALL_INFO = 0x420e;
  private static final long USER_CODE = 0x33;
  private static final int NT_X86_XSTATE = 0x202;

  private static final long REGISTERS_SIZE = 27 * 8;

  private static final long CALL_SIZE = 80;

  /** No processor's image is larger. */
  static final int MOST_STATE = 64 << 10;

  /** The calls that are made here, besides those of {@link HostPtrace}. */
  static final List<CallRule> CALLS =
      List.of(
          CallRule.when(
              Sys.PTRACE,
              CallRule.oneOf(
                  0,
                  PTRACE_PEEKUSER,
                  PTRACE_POKEUSER,
                  PTRACE_GETREGS,
                  PTRACE_SETREGS,
                  PTRACE_DETACH,
                  PTRACE_GETSIGINFO,
                  PTRACE_GETREGSET,
                  PTRACE_SETREGSET,
                  PTRACE_SETSIGMASK,
                  PTRACE_GET_SYSCALL_INFO)));

  private final int tid;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment registers = arena.allocate(REGISTERS_SIZE, 16);
  private final MemorySegment call = arena.allocate(CALL_SIZE, 16);
  private final MemorySegment signal = arena.allocate(HostPtrace.SIGINFO_SIZE, 16);
  private final MemorySegment vector = arena.allocate(16, 8);
  private final MemorySegment state;
  private long stateSize;
  private long codeSelector;

  /** Positions that others need by name. */
  private static final class RegisterPlace {
    static final int RAX = 10;
    static final int RDX = 12;
    static final int ORIG_RAX = 15;
    static final int CS = 17;
    static final int FS_BASE = 21;
    static final int GS_BASE = 22;
  }

  private Tracee(int tid, int stateRoom) {
    this.tid = tid;
    state = arena.allocate(stateRoom, 64);
  }

  /**
   * Makes the calling thread the tracer of a thread for good, and stops it wherever it is, with no
   * signal blocked. The thread dies with its tracer.
   *
   * @param stateRoom how many bytes the host needs for a floating-point state, at most
   * @throws HostException EPERM when the host does not let it be traced, ESRCH when it is gone
   */
  static Tracee attach(int tid, int stateRoom) throws HostException {
    HostPtrace.seize(tid);
    Tracee tracee = new Tracee(tid, stateRoom);
    if (!tracee.stop()) {
      tracee.arena.close();
      throw new HostException("stopping a thread of a stub to trace it", Errno.ESRCH);
    }
    return tracee;
  }

  private boolean stop() {
    HostPtrace.interrupt(tid);
    for (int stop = await(); stop != HostPtrace.GONE; stop = await()) {
      if (HostPtrace.bare(stop)) {
        return unblockSignals() && getRegisters();
      }
      resume(HostPtrace.CONT, 0);
    }
    return false;
  }

  /** Lets the stopped thread go on with a signal, or 0; false when it is gone. */
  boolean resume(int how, int withSignal) {
    return HostPtrace.resume(tid, how, withSignal) == 0;
  }

  /** Waits for the next stop, as {@link HostPtrace#awaitStop}. */
  int await() {
    return HostPtrace.awaitStop(tid, signal);
  }

  private boolean unblockSignals() {
    vector.set(JAVA_LONG, 0, 0);
    return call(Sys.PTRACE, PTRACE_SETSIGMASK, tid, 8, vector.address()) == 0;
  }

  /**
   * Fetches the system call behind {@link HostPtrace#SYSCALL_STOP}; false when the thread is gone.
   */
  boolean getCall() {
    return call(Sys.PTRACE, PTRACE_GET_SYSCALL_INFO, tid, CALL_SIZE, call.address()) > 0;
  }

  /** The architecture by which a call was made, as audit(7) names it. */
  int callArchitecture() {
    return call.get(JAVA_INT, 4);
  }

  /** The address behind the instruction that made the call. */
  long callInstruction() {
    return call.get(JAVA_LONG, 8);
  }

  /** The call's number: of rax Linux looks at the lower half alone. */
  long callNumber() {
    return call.get(JAVA_LONG, 24);
  }

  /** An argument of the call. */
  long callArgument(int index) {
    return call.get(JAVA_LONG, 32 + 8L * index);
  }

  /** Fetches what stopped the thread, a signal; false when it is gone. */
  boolean getSignal() {
    return call(Sys.PTRACE, PTRACE_GETSIGINFO, tid, 0, signal.address()) == 0;
  }

  /** A part of the {@code siginfo} that was fetched. */
  int signalInt(long offset) {
    return signal.get(JAVA_INT, offset);
  }

  /** The address in the {@code siginfo} that was fetched. */
  long signalAddress() {
    return signal.get(JAVA_LONG, 16);
  }

  /** Fetches all registers; false when the thread is gone. */
  boolean getRegisters() {
    return call(Sys.PTRACE, PTRACE_GETREGS, tid, 0, registers.address()) == 0;
  }

  /** The registers that were fetched, which are the application's. */
  void copyRegistersTo(Registers to) {
    for (int i = 0; i < Registers.COUNT; i++) {
      to.set(i, registers.getAtIndex(JAVA_LONG, PLACES[i]));
    }
    to.fsBase = registers.getAtIndex(JAVA_LONG, RegisterPlace.FS_BASE);
    to.gsBase = registers.getAtIndex(JAVA_LONG, RegisterPlace.GS_BASE);
    codeSelector = registers.getAtIndex(JAVA_LONG, RegisterPlace.CS);
  }

  /** What rax, as fetched, was before the system call that the thread is stopped at. */
  long callerRax() {
    return registers.getAtIndex(JAVA_LONG, RegisterPlace.ORIG_RAX);
  }

  /** A register as fetched. */
  long register(int index) {
    return registers.getAtIndex(JAVA_LONG, PLACES[index]);
  }

  /**
   * Sets the application's registers, such that no system call is restarted. A base that the host
   * does not let a tracer set stays what it is, which only the application itself can have made it.
   */
  boolean putRegisters(Registers from) {
    return put(from, codeSelector);
  }

  /** Sets registers for code of the stub, whatever mode the application is in. */
  boolean putStubRegisters(Registers from) {
    return put(from, USER_CODE);
  }

  private boolean put(Registers from, long selector) {
    for (int i = 0; i < Registers.COUNT; i++) {
      registers.setAtIndex(JAVA_LONG, PLACES[i], from.get(i));
    }
    registers.setAtIndex(JAVA_LONG, RegisterPlace.ORIG_RAX, -1);
    registers.setAtIndex(JAVA_LONG, RegisterPlace.CS, selector);
    registers.setAtIndex(JAVA_LONG, RegisterPlace.FS_BASE, from.fsBase);
    registers.setAtIndex(JAVA_LONG, RegisterPlace.GS_BASE, from.gsBase);
    long result = call(Sys.PTRACE, PTRACE_SETREGS, tid, 0, registers.address());
    return result == 0 || result == -Errno.EIO;
  }

  /** Sets rax alone. */
  boolean putResult(long value) {
    return poke(RegisterPlace.RAX, value);
  }

  private boolean poke(int place, long value) {
    return call(Sys.PTRACE, PTRACE_POKEUSER, tid, 8L * place, value) == 0;
  }

  /** rdx, the third argument of a function: 0 when the thread is gone. */
  long thirdArgument() {
    vector.set(JAVA_LONG, 0, 0);
    call(Sys.PTRACE, PTRACE_PEEKUSER, tid, 8L * RegisterPlace.RDX, vector.address());
    return vector.get(JAVA_LONG, 0);
  }

  /** Fetches the floating-point state; false when the thread is gone. */
  boolean getState() {
    boolean got = transfer(PTRACE_GETREGSET, NT_X86_XSTATE, state, state.byteSize());
    stateSize = vector.get(JAVA_LONG, 8);
    return got;
  }

  /** How many bytes the host has to say of the state that was fetched. */
  int stateSize() {
    return (int) stateSize;
  }

  /** Copies the state that was fetched, as far as there is room. */
  void copyStateTo(byte[] to) {
    MemorySegment.copy(state, JAVA_BYTE, 0, to, 0, (int) Math.min(to.length, stateSize));
  }

  /** Sets the floating-point state to the first bytes of an image and zeroes. */
  boolean putState(byte[] image, int length) {
    state.fill((byte) 0);
    MemorySegment.copy(image, 0, state, JAVA_BYTE, 0, length);
    return transfer(PTRACE_SETREGSET, NT_X86_XSTATE, state, state.byteSize());
  }

  /**
   * Undoes that a signal was let through to its handler, but for the registers: the floating-point
   * state becomes what {@link #getState} fetched, and no signal is blocked.
   */
  boolean leaveHandler() {
    return transfer(PTRACE_SETREGSET, NT_X86_XSTATE, state, stateSize) && unblockSignals();
  }

  private boolean transfer(int request, int what, MemorySegment memory, long size) {
    vector.set(JAVA_LONG, 0, memory.address());
    vector.set(JAVA_LONG, 8, size);
    return call(Sys.PTRACE, request, tid, what, vector.address()) == 0;
  }

  /** Lets the thread run untraced. */
  void detach() {
    call(Sys.PTRACE, PTRACE_DETACH, tid, 0, 0);
    arena.close();
  }

  /** Frees what belongs to a thread that is dead. */
  void forget() {
    arena.close();
  }
}
