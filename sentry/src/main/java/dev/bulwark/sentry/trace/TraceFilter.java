package dev.bulwark.sentry.trace;

import dev.bulwark.sentry.signal.Signals;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which calls and signals a trace shows, in the words of strace(1)'s option {@code -e}: {@code
 * trace=SET}, {@code signal=SET}, {@code status=successful,failed}, several of them separated by
 * semicolons. A set is a list with commas of names, of {@code %CLASS} and of {@code /REGEX}; {@code
 * !} before it means all the others, and {@code all} and {@code none} what they say. A set alone
 * stands for {@code trace=SET}. Immutable.
 */
public final class TraceFilter {
  private static final Set<String> PROCESS =
      Set.of(
          "clone",
          "clone3",
          "fork",
          "vfork",
          "execve",
          "execveat",
          "exit",
          "exit_group",
          "wait4",
          "waitid",
          "kill",
          "tkill",
          "tgkill",
          "pidfd_open",
          "pidfd_send_signal",
          "unshare",
          "rt_sigqueueinfo",
          "rt_tgsigqueueinfo",
          "arch_prctl");
  private static final Set<String> NETWORK =
      Set.of(
          "socket",
          "socketpair",
          "bind",
          "connect",
          "listen",
          "accept",
          "accept4",
          "getsockname",
          "getpeername",
          "sendto",
          "recvfrom",
          "sendmsg",
          "recvmsg",
          "sendmmsg",
          "recvmmsg",
          "shutdown",
          "setsockopt",
          "getsockopt",
          "sendfile");
  private static final Set<String> SIGNAL =
      Set.of(
          "rt_sigaction",
          "rt_sigprocmask",
          "rt_sigreturn",
          "rt_sigpending",
          "rt_sigtimedwait",
          "rt_sigqueueinfo",
          "rt_tgsigqueueinfo",
          "rt_sigsuspend",
          "sigaltstack",
          "kill",
          "tkill",
          "tgkill",
          "pause",
          "signalfd",
          "signalfd4",
          "pidfd_send_signal");
  private static final Set<String> MEMORY =
      Set.of(
          "mmap",
          "munmap",
          "mprotect",
          "mremap",
          "msync",
          "mincore",
          "madvise",
          "brk",
          "mlock",
          "mlock2",
          "munlock",
          "mlockall",
          "munlockall",
          "mbind",
          "get_mempolicy",
          "set_mempolicy",
          "migrate_pages",
          "move_pages",
          "remap_file_pages",
          "shmat",
          "shmdt",
          "pkey_mprotect",
          "memfd_create",
          "memfd_secret",
          "process_madvise",
          "map_shadow_stack",
          "mseal",
          "userfaultfd");
  private static final Set<String> IPC =
      Set.of(
          "shmget",
          "shmat",
          "shmdt",
          "shmctl",
          "semget",
          "semop",
          "semtimedop",
          "semctl",
          "msgget",
          "msgsnd",
          "msgrcv",
          "msgctl");

  private Predicate<Signature> calls = signature -> true;
  private Predicate<String> signals = signal -> true;
  private boolean successful = true;
  private boolean failed = true;

  private TraceFilter() {}

  /** Shows everything. */
  public static TraceFilter all() {
    return new TraceFilter();
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException when it makes no sense; the message says which part and why
   */
  public static TraceFilter parse(String expression) {
    TraceFilter filter = new TraceFilter();
    for (String part : expression.split(";", -1)) {
      filter.add(part.strip());
    }
    return filter;
  }

  private void add(String part) {
    int equals = part.indexOf('=');
    String what = equals < 0 ? "trace" : part.substring(0, equals);
    String set = part.substring(equals + 1);
    switch (what) {
      case "trace", "t" -> calls = calls(set);
      case "signal", "signals", "s" -> signals = signals(set);
      case "status" -> {
        Predicate<String> wanted = set(set, TraceFilter::status);
        successful = wanted.test("successful");
        failed = wanted.test("failed");
      }
      default ->
          throw new IllegalArgumentException(
              "strace filter \""
                  + part
                  + "\": \""
                  + what
                  + "\" is not one of trace, signal and status");
    }
  }

  private static <T> Predicate<T> set(
      String text, java.util.function.Function<String, Predicate<T>> member) {
    boolean negated = text.startsWith("!");
    List<Predicate<T>> members = new ArrayList<>();
    for (String name : text.substring(negated ? 1 : 0).split(",", -1)) {
      switch (name) {
        case "all" -> members.add(any -> true);
        case "none" -> members.add(any -> false);
        default -> members.add(member.apply(name));
      }
    }
    Predicate<T> some = value -> members.stream().anyMatch(one -> one.test(value));
    return negated ? some.negate() : some;
  }

  private static Predicate<Signature> calls(String text) {
    return set(text, TraceFilter::callMember);
  }

  private static Predicate<Signature> callMember(String name) {
    if (name.startsWith("/")) {
      try {
        Predicate<String> matches = Pattern.compile(name.substring(1)).asPredicate();
        return signature -> matches.test(signature.name());
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            "strace filter: \"" + name + "\" is not a regular expression: " + e.getDescription(),
            e);
      }
    }
    return switch (name) {
      case "%file", "file" -> signature -> signature.takes("path");
      case "%desc", "desc" ->
          signature ->
              signature.takes("fd", "dirfd", "pollfds@1", "fdset@0", "pair", ">pair")
                  || signature.name().startsWith("epoll_create")
                  || signature.name().startsWith("eventfd");
      case "%process", "process" -> of(PROCESS);
      case "%network", "%net", "network" -> of(NETWORK);
      case "%signal", "signal" -> of(SIGNAL);
      case "%memory", "memory" -> of(MEMORY);
      case "%ipc", "ipc" -> of(IPC);
      default -> {
        boolean optional = name.startsWith("?");
        String call = optional ? name.substring(1) : name;
        if (!optional && !Signature.knows(call)) {
          throw new IllegalArgumentException(
              "strace filter: there is no system call \""
                  + call
                  + "\"; classes are %file, %desc, %process, %network, %signal, %memory, %ipc");
        }
        yield signature -> signature.name().equals(call);
      }
    };
  }

  private static Predicate<Signature> of(Set<String> names) {
    return signature -> names.contains(signature.name());
  }

  private static Predicate<String> signals(String text) {
    return set(text, TraceFilter::signalMember);
  }

  private static Predicate<String> signalMember(String name) {
    String full = name.startsWith("SIG") ? name : "SIG" + name;
    for (int signal = 1; Signals.valid(signal); signal++) {
      if (Signals.name(signal).equals(full)) {
        return full::equals;
      }
    }
    throw new IllegalArgumentException("strace filter: there is no signal \"" + name + "\"");
  }

  private static Predicate<String> status(String name) {
    if (!name.equals("successful") && !name.equals("failed")) {
      throw new IllegalArgumentException(
          "strace filter: status \"" + name + "\" is neither successful nor failed");
    }
    return name::equals;
  }

  boolean wants(Signature signature) {
    return calls.test(signature);
  }

  boolean wantsSignal(int signal) {
    return signals.test(Signals.name(signal));
  }

  /** Whether a call's line can begin before the result is known. */
  boolean wantsBeforeResult() {
    return successful && failed;
  }

  boolean wantsResult(boolean asFailed) {
    return asFailed ? failed : successful;
  }
}
