package dev.bulwark.linux;

import java.util.ArrayList;
import java.util.List;

/**
 * A seccomp filter that admits what {@link CallRule}s list. Every other call is never made: whoever
 * holds the filter's listener is told of it, and its thread waits (seccomp_unotify(2)). Not
 * thread-safe.
 */
public final class CallFilter {
  static {
    NativeLibrary.load();
  }

  private static final int PR_SET_NO_NEW_PRIVS = 38;

  private static final int AUDIT_ARCH_X86_64 = 0xc000003e;
  private static final int RET_ALLOW = 0x7fff0000;
  private static final int RET_ERRNO = 0x00050000;
  private static final int RET_USER_NOTIF = 0x7fc00000;

  /** Of struct seccomp_data. */
  private static final int NUMBER_AT = 0;

  private static final int ARCHITECTURE_AT = 4;
  private static final int ARGUMENTS_AT = 16;

  private static final int LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
  private static final int JUMP_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  private static final int JUMP_SET = 0x45; // BPF_JMP | BPF_JSET | BPF_K
  private static final int AND = 0x54; // BPF_ALU | BPF_AND | BPF_K
  private static final int RETURN = 0x06; // BPF_RET | BPF_K

  /** What a struct sock_filter holds. */
  private record Instruction(int code, int whenTrue, int whenFalse, int operand) {}

  private final List<Instruction> program = new ArrayList<>();

  /**
   * A filter that admits what rules say.
   *
   * @throws IllegalArgumentException when a rule has so many conditions that jumps do not reach
   */
  public CallFilter(List<CallRule> rules) {
    emit(LOAD, 0, 0, ARCHITECTURE_AT);
    emit(JUMP_EQUAL, 1, 0, AUDIT_ARCH_X86_64);
    emit(RETURN, 0, 0, RET_USER_NOTIF);
    emit(LOAD, 0, 0, NUMBER_AT);
    for (CallRule rule : rules) {
      add(rule);
    }
    emit(RETURN, 0, 0, RET_USER_NOTIF);
  }

  private void emit(int code, int whenTrue, int whenFalse, int operand) {
    program.add(new Instruction(code, whenTrue, whenFalse, operand));
  }

  private void add(CallRule rule) {
    List<Instruction> checks = new ArrayList<>();
    for (CallRule.Condition condition : rule.conditions()) {
      add(condition, checks);
    }
    int length = checks.size();
    int behind = length + 1 + (length > 0 ? 1 : 0);
    if (behind > 255) {
      throw new IllegalArgumentException("a rule for call " + rule.number() + " is too long");
    }
    emit(JUMP_EQUAL, 0, behind, rule.number());
    // A condition that does not hold goes on behind the RETURN, where the number is loaded again.
    for (int i = 0; i < length; i++) {
      Instruction each = checks.get(i);
      int out = length - i;
      emit(
          each.code,
          each.whenTrue == OUT ? out : each.whenTrue,
          each.whenFalse == OUT ? out : each.whenFalse,
          each.operand);
    }
    emit(RETURN, 0, 0, rule.errno() == 0 ? RET_ALLOW : RET_ERRNO | rule.errno());
    if (length > 0) {
      emit(LOAD, 0, 0, NUMBER_AT);
    }
  }

  /** A jump to the end of the rule. */
  private static final int OUT = -1;

  /** Not a switch over types, whose code Java would have to make at each start. */
  private static void add(CallRule.Condition condition, List<Instruction> to) {
    int low = ARGUMENTS_AT + 8 * condition.argument();
    to.add(new Instruction(LOAD, 0, 0, low));
    if (condition instanceof CallRule.OneOf oneOf) {
      int left = oneOf.values().size();
      for (int value : oneOf.values()) {
        left--;
        to.add(new Instruction(JUMP_EQUAL, left, left == 0 ? OUT : 0, value));
      }
    } else if (condition instanceof CallRule.Within within) {
      to.add(new Instruction(JUMP_SET, OUT, 0, ~(int) within.mask()));
      to.add(new Instruction(LOAD, 0, 0, low + 4));
      to.add(new Instruction(JUMP_SET, OUT, 0, ~(int) (within.mask() >>> 32)));
    } else if (condition instanceof CallRule.Has has) {
      to.add(new Instruction(AND, 0, 0, has.bits()));
      to.add(new Instruction(JUMP_EQUAL, 0, OUT, has.bits()));
    }
  }

  /** How many instructions it has; the kernel takes 4,096. */
  public int length() {
    return program.size();
  }

  /**
   * What the filter makes of a call, for tests.
   *
   * @return a {@code SECCOMP_RET_} value
   */
  int decide(int architecture, int number, long... arguments) {
    int accumulator = 0;
    for (int at = 0; ; at++) {
      Instruction now = program.get(at);
      switch (now.code) {
        case LOAD -> accumulator = load(now.operand, architecture, number, arguments);
        case AND -> accumulator &= now.operand;
        case JUMP_EQUAL -> at += accumulator == now.operand ? now.whenTrue : now.whenFalse;
        case JUMP_SET -> at += (accumulator & now.operand) != 0 ? now.whenTrue : now.whenFalse;
        default -> {
          return now.operand;
        }
      }
    }
  }

  private static int load(int offset, int architecture, int number, long[] arguments) {
    if (offset < ARGUMENTS_AT) {
      return offset == NUMBER_AT ? number : architecture;
    }
    long argument = arguments[(offset - ARGUMENTS_AT) / 8];
    return (int) (offset % 8 == 0 ? argument : argument >>> 32);
  }

  /**
   * Puts the filter onto all threads of this process, for good, and sends the listener with a
   * message through a socket, before anything else of this process can run.
   *
   * @param message what the socket's other end expects
   * @throws HostException when the host refuses
   */
  void install(int socket, Frame message) throws HostException {
    try (Scratch scratch = Scratch.take()) {
      NativeMemory filter = prepare(scratch);
      HostCall.check(
          HostCall.call(Sys.PRCTL, PR_SET_NO_NEW_PRIVS, 1), "giving up the way to new privileges");
      HostCall.check(
          install(filter.address(), socket, message.bytesAddress(), message.bytes().position()),
          "restricting its own system calls (the host must allow seccomp filters)");
    } finally {
      message.keep();
    }
  }

  /** Does what {@link #install} does on its way. */
  void rehearse() {
    try (Scratch scratch = Scratch.take()) {
      prepare(scratch);
    }
  }

  /** Writes the program down; gives its struct sock_fprog. */
  private NativeMemory prepare(Scratch scratch) {
    NativeMemory code = scratch.data;
    for (int i = 0; i < program.size(); i++) {
      Instruction each = program.get(i);
      code.putShort(8 * i, (short) each.code);
      code.putByte(8 * i + 2, (byte) each.whenTrue);
      code.putByte(8 * i + 3, (byte) each.whenFalse);
      code.putInt(8 * i + 4, each.operand);
    }
    NativeMemory filter = scratch.struct;
    filter.putLong(0, program.size());
    filter.putLong(8, code.address());
    return filter;
  }

  private static native long install(long program, int socket, long bytes, long length);
}
