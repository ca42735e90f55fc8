package dev.bulwark.sentry.trace;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.mm.UserMemory;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The arguments that the table of calls can name, by the words it uses for them. */
final class Arguments {
  private static final int PATH = 4096;
  private static final long CREATES = 0100L;
  private static final long TEMPORARY = 020000000L;

  /** fcntl(2) commands whose third argument is a pointer to {@code struct flock}. */
  private static final Set<Integer> LOCKS = Set.of(5, 6, 7, 36, 37, 38);

  /** fcntl(2) commands without a third argument: F_GETFD, F_GETFL, F_GETOWN and so on. */
  private static final Set<Integer> NO_ARGUMENT = Set.of(1, 3, 9, 11, 1025, 1032, 1034);

  /** F_GETLK and F_OFD_GETLK. */
  private static final Set<Integer> GETS_LOCK = Set.of(5, 36);

  /** TCGETS, TIOCGPGRP, TIOCOUTQ, TIOCGWINSZ, FIONREAD and TIOCGSID. */
  private static final Set<Integer> ANSWERED =
      Set.of(0x5401, 0x540f, 0x5411, 0x5413, 0x541b, 0x5429);

  private static final Map<String, Argument> PLAIN = new HashMap<>();

  static {
    PLAIN.put("path", (out, call, i) -> string(out, call, i, PATH));
    PLAIN.put("str", (out, call, i) -> string(out, call, i, Line.STRING));
    PLAIN.put("strings", Arguments::strings);
    PLAIN.put("environment", Arguments::environment);
    PLAIN.put("createmode", new When(Arguments::creates, scalar("mode")));
    PLAIN.put(
        "fcntlarg", new When(Arguments::fcntlHasArgument, new Choice(GETS_LOCK, Arguments::fcntl)));
    PLAIN.put("ioctlarg", new Choice(ANSWERED, Arguments::ioctl));
    PLAIN.put("futextimeout", new When(call -> futexArguments(call) >= 4, Arguments::futexFourth));
    PLAIN.put("futex2", new When(call -> futexArguments(call) >= 5, scalar("ptr")));
    PLAIN.put("futex3", new When(call -> futexArguments(call) >= 6, scalar("x")));
    PLAIN.put("option", Arguments::socketOption);
    PLAIN.put("level", scalar("sol"));
  }

  private Arguments() {}

  private record Plain(Scalar scalar) implements Argument {
    @Override
    public void print(Line out, CallView call, int index) {
      scalar.print(out, call.arguments[index]);
    }
  }

  private record Pointer(Struct struct, boolean filled) implements Argument {
    @Override
    public boolean late(CallView call) {
      return filled;
    }

    @Override
    public void print(Line out, CallView call, int index) throws ErrnoException {
      long address = call.arguments[index];
      if (address == 0) {
        out.text("NULL");
      } else {
        struct.print(out, call.memory, address);
      }
    }
  }

  /** An argument that not every form of the call has. */
  private record When(java.util.function.Predicate<CallView> condition, Argument argument)
      implements Argument {
    @Override
    public boolean present(CallView call) {
      return condition.test(call);
    }

    @Override
    public boolean late(CallView call) {
      return argument.late(call);
    }

    @Override
    public void print(Line out, CallView call, int index) throws ErrnoException {
      argument.print(out, call, index);
    }
  }

  /**
   * An argument whose form depends on the second one.
   *
   * @param answered the commands with which the call fills what it points to
   */
  private record Choice(Set<Integer> answered, Argument argument) implements Argument {
    @Override
    public boolean late(CallView call) {
      return answered.contains((int) call.arguments[1]);
    }

    @Override
    public void print(Line out, CallView call, int index) throws ErrnoException {
      argument.print(out, call, index);
    }
  }

  private static Argument scalar(String name) {
    Scalar scalar = Scalar.find(name);
    if (scalar == null) {
      throw new IllegalArgumentException("no kind of value is called " + name);
    }
    return new Plain(scalar);
  }

  /**
   * The argument that a word of the table stands for: a scalar, {@code &struct}, {@code >struct}
   * for one that the call fills, or a buffer with where its length is, {@code bytes@2} or {@code
   * >bytes@ret}.
   */
  static Argument parse(String word) {
    Argument plain = PLAIN.get(word);
    if (plain != null) {
      return plain;
    }
    boolean late = word.startsWith(">");
    int at = word.indexOf('@');
    if (at >= 0) {
      String length = word.substring(at + 1);
      return new BufferArgument(
          kind(word.substring(late ? 1 : 0, at)),
          length.equals("ret") ? -1 : Integer.parseInt(length),
          late);
    }
    if (late || word.startsWith("&")) {
      Struct struct = Struct.find(word.substring(1));
      if (struct == null) {
        throw new IllegalArgumentException("no structure is called " + word);
      }
      return new Pointer(struct, late);
    }
    return scalar(word);
  }

  private static BufferArgument.Kind kind(String name) {
    return switch (name) {
      case "bytes" -> BufferArgument.Kind.BYTES;
      case "iov" -> BufferArgument.Kind.VECTOR;
      case "sockaddr" -> BufferArgument.Kind.SOCKET_ADDRESS;
      case "sockaddrp" -> BufferArgument.Kind.SOCKET_ADDRESS_COUNTED;
      case "pollfds" -> BufferArgument.Kind.POLL_FILES;
      case "fdset" -> BufferArgument.Kind.DESCRIPTOR_SET;
      case "events" -> BufferArgument.Kind.EPOLL_EVENTS;
      case "ints" -> BufferArgument.Kind.NUMBERS;
      case "entries" -> BufferArgument.Kind.ENTRIES;
      default -> throw new IllegalArgumentException("no kind of buffer is called " + name);
    };
  }

  private static void string(Line out, CallView call, int index, int limit) throws ErrnoException {
    long address = call.arguments[index];
    if (address == 0) {
      out.text("NULL");
    } else {
      BufferArgument.string(out, call.memory, address, limit);
    }
  }

  private static void strings(Line out, CallView call, int index) throws ErrnoException {
    if (call.arguments[index] == 0) {
      out.text("NULL");
    } else {
      BufferArgument.strings(out, call.memory, call.arguments[index]);
    }
  }

  private static void environment(Line out, CallView call, int index) throws ErrnoException {
    UserMemory memory = call.memory;
    long array = call.arguments[index];
    if (array == 0) {
      out.text("NULL");
      return;
    }
    int count = 0;
    while (count < 100_000 && memory.getLong(array + 8L * count) != 0) {
      count++;
    }
    out.address(array).text(" /* ").number(count).text(count == 1 ? " var */" : " vars */");
  }

  private static boolean creates(CallView call) {
    int flags = call.signature.name().equals("open") ? 1 : 2;
    return (call.arguments[flags] & (CREATES | TEMPORARY)) != 0;
  }

  private static boolean fcntlHasArgument(CallView call) {
    return !NO_ARGUMENT.contains((int) call.arguments[1]);
  }

  private static void fcntl(Line out, CallView call, int index) throws ErrnoException {
    int command = (int) call.arguments[1];
    long value = call.arguments[index];
    if (LOCKS.contains(command)) {
      struct(out, call, "flock", value);
    } else {
      @Nullable String kind =
          switch (command) {
            case 2 -> "fdflags";
            case 4 -> "openflags";
            case 10 -> "sig";
            case 1033 -> "seals";
            default -> null;
          };
      @Nullable Scalar scalar = kind == null ? null : Scalar.find(kind);
      if (scalar == null) {
        out.integer(value);
      } else {
        scalar.print(out, value);
      }
    }
  }

  private static void struct(Line out, CallView call, String name, long address)
      throws ErrnoException {
    Struct struct = Struct.find(name);
    if (struct == null || address == 0) {
      out.address(address);
    } else {
      struct.print(out, call.memory, address);
    }
  }

  private static void ioctl(Line out, CallView call, int index) throws ErrnoException {
    long value = call.arguments[index];
    switch ((int) call.arguments[1]) {
      case 0x5401, 0x5402, 0x5403, 0x5404 -> struct(out, call, "termios", value);
      case 0x5413, 0x5414 -> struct(out, call, "winsize", value);
      case 0x540f, 0x5410, 0x5411, 0x541b, 0x5421, 0x5429, 0x5452 ->
          struct(out, call, "int", value);
      case 0x540a, 0x540b, 0x540e -> out.integer(value);
      default -> out.address(value);
    }
  }

  /** How many arguments a futex(2) operation looks at. */
  private static int futexArguments(CallView call) {
    return switch ((int) call.arguments[1] & 127) {
      case 0, 6, 13 -> 4;
      case 1, 2, 7, 8 -> 3;
      case 3, 11 -> 5;
      case 10 -> 6;
      default -> 6;
    };
  }

  private static void futexFourth(Line out, CallView call, int index) throws ErrnoException {
    switch ((int) call.arguments[1] & 127) {
      case 0, 6, 9, 11, 13 -> struct(out, call, "timespec", call.arguments[index]);
      default -> out.integer(call.arguments[index]);
    }
  }

  private static void socketOption(Line out, CallView call, int index) {
    String table =
        switch ((int) call.arguments[1]) {
          case 1 -> "so";
          case 6 -> "tcp";
          default -> "";
        };
    Words words = Words.find(table);
    if (words == null) {
      out.integer(call.arguments[index]);
    } else {
      words.print(out, call.arguments[index] & 0xffffffffL);
    }
  }
}
