package dev.bulwark.control;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which system calls a container's processes may make: {@code linux.seccomp} of its configuration,
 * which the Sentry enforces on the application.
 *
 * @param defaultAction what becomes of calls that no rule is about
 * @param defaultErrno the errno of {@link #defaultAction}, or {@link #NO_ERRNO}
 * @param flags as they are written there, such as {@code SECCOMP_FILTER_FLAG_LOG}
 * @param rules in the order of the configuration
 */
public record SeccompProfile(
    Action defaultAction, int defaultErrno, List<String> flags, List<Rule> rules) {

  /** The configuration names no errno. */
  public static final int NO_ERRNO = -1;

  /** The largest errno that a filter can return. */
  private static final int MAX_ERRNO = 0xffff;

  private static final int ARGUMENTS = 6;

  /** Makes the lists immutable, and checks the errno. */
  public SeccompProfile {
    flags = List.copyOf(flags);
    rules = List.copyOf(rules);
    checkErrno(defaultErrno);
  }

  /** What becomes of a call; named {@code SCMP_ACT_} and so on in a configuration. */
  public enum Action {
    /** Ends the thread; what {@link #KILL_THREAD} was called before. */
    KILL,
    /** Ends the thread. */
    KILL_THREAD,
    /** Ends the process. */
    KILL_PROCESS,
    /** Sends SIGSYS. */
    TRAP,
    /** Makes the call fail. */
    ERRNO,
    /** Asks a tracer. */
    TRACE,
    /** Lets it be made. */
    ALLOW,
    /** Lets it be made, and logs it. */
    LOG,
    /** Asks an agent outside of the container. */
    NOTIFY;

    /** The action with a name such as {@code SCMP_ACT_ALLOW}, or null. */
    public static @Nullable Action ofName(String name) {
      for (Action action : values()) {
        if (name.equals("SCMP_ACT_" + action.name())) {
          return action;
        }
      }
      return null;
    }
  }

  /** How an argument is compared, as an unsigned number; named {@code SCMP_CMP_} and so on. */
  public enum Op {
    /** Not equal. */
    NE,
    /** Less. */
    LT,
    /** Less or equal. */
    LE,
    /** Equal. */
    EQ,
    /** Greater or equal. */
    GE,
    /** Greater. */
    GT,
    /** Equal to the second value after a mask, the first, is laid over it. */
    MASKED_EQ;

    /** The operator with a name such as {@code SCMP_CMP_EQ}, or null. */
    public static @Nullable Op ofName(String name) {
      for (Op op : values()) {
        if (name.equals("SCMP_CMP_" + op.name())) {
          return op;
        }
      }
      return null;
    }
  }

  /**
   * What becomes of some calls.
   *
   * @param names of the calls; unknown ones are ignored
   * @param errno of {@link #action}, or {@link #NO_ERRNO}
   * @param args the conditions under which the rule counts; none for always
   */
  public record Rule(List<String> names, Action action, int errno, List<Arg> args) {
    /** Makes the lists immutable, and checks the errno. */
    public Rule {
      names = List.copyOf(names);
      args = List.copyOf(args);
      checkErrno(errno);
    }
  }

  /**
   * A condition on an argument.
   *
   * @param index of the argument, 0 to 5
   * @param value what it is compared with, unsigned
   * @param valueTwo for {@link Op#MASKED_EQ}
   */
  public record Arg(int index, long value, long valueTwo, Op op) {
    /** Checks the index. */
    public Arg {
      if (index < 0 || index >= ARGUMENTS) {
        throw new IllegalArgumentException("a system call has no argument " + index);
      }
    }
  }

  private static void checkErrno(int errno) {
    if (errno != NO_ERRNO && (errno < 0 || errno > MAX_ERRNO)) {
      throw new IllegalArgumentException("no errno is " + errno);
    }
  }

  /** The bytes that {@link #decode} reads. */
  public byte[] encode() {
    WireWriter writer = new WireWriter();
    encode(writer);
    return writer.toBytes();
  }

  void encode(WireWriter writer) {
    writer.number(place(Action.values(), defaultAction)).number(defaultErrno).strings(flags);
    writer.number(rules.size());
    for (Rule rule : rules) {
      writer.strings(rule.names).number(place(Action.values(), rule.action)).number(rule.errno);
      writer.number(rule.args.size());
      for (Arg arg : rule.args) {
        writer
            .number(arg.index)
            .number(arg.value)
            .number(arg.valueTwo)
            .number(place(Op.values(), arg.op));
      }
    }
  }

  private static <E> int place(E[] constants, E constant) {
    return List.of(constants).indexOf(constant);
  }

  /**
   * Reads a profile.
   *
   * @throws MalformedException when the bytes are none
   */
  public static SeccompProfile decode(byte[] bytes) throws MalformedException {
    WireReader reader = new WireReader(bytes, bytes.length);
    SeccompProfile profile = decode(reader);
    reader.requireEnd();
    return profile;
  }

  static SeccompProfile decode(WireReader reader) throws MalformedException {
    try {
      Action action = reader.constant(Action.values());
      int errno = reader.integer();
      List<String> flags = reader.strings();
      int count = reader.count(4 * Long.BYTES);
      List<Rule> rules = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        rules.add(rule(reader));
      }
      return new SeccompProfile(action, errno, flags, rules);
    } catch (IllegalArgumentException wrong) {
      throw new MalformedException(String.valueOf(wrong.getMessage()));
    }
  }

  private static Rule rule(WireReader reader) throws MalformedException {
    List<String> names = reader.strings();
    Action action = reader.constant(Action.values());
    int errno = reader.integer();
    int count = reader.count(4 * Long.BYTES);
    List<Arg> args = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int index = reader.integer();
      long value = reader.number();
      long valueTwo = reader.number();
      args.add(new Arg(index, value, valueTwo, reader.constant(Op.values())));
    }
    return new Rule(names, action, errno, args);
  }
}
