package dev.bulwark.sentry.seccomp;

import dev.bulwark.control.SeccompProfile;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container's profile as a table by number, with the meaning that libseccomp and runc give it:
 * names that are unknown are left out, and so are rules that do what is done by default; a rule
 * without conditions outweighs all others of its call; of a rule's conditions all must hold, unless
 * two concern the same argument, which makes each a rule of its own. Where several rules of a call
 * hold, which libseccomp leaves open, the strictest decides. Calls newer than the newest that the
 * profile names are answered ENOSYS where others are refused, so that programs fall back.
 */
final class ProfileFilter implements Filter {
  private static final Map<String, Integer> NUMBERS = numbers();

  /** From here on the numbers are those of the x32 architecture. */
  private static final int X32 = 0x40000000;

  /**
   * The rules of a call.
   *
   * @param unconditional what is done whatever the arguments, or null
   */
  private record Call(@Nullable Integer unconditional, List<ConditionalRule> rules) {}

  private final int usual;
  private final int newest;
  private final @Nullable Call[] calls;

  private ProfileFilter(int usual, int newest, @Nullable Call[] calls) {
    this.usual = usual;
    this.newest = newest;
    this.calls = calls;
  }

  /**
   * Compiles a profile.
   *
   * @throws IllegalArgumentException when it asks for what the Sentry cannot do
   */
  static ProfileFilter of(SeccompProfile profile) {
    int usual = ProfileAction.verdict(profile.defaultAction(), profile.defaultErrno());
    @Nullable Call[] calls = new Call[Sys.LIMIT];
    int newest = -1;
    for (SeccompProfile.Rule rule : profile.rules()) {
      int verdict = ProfileAction.verdict(rule.action(), rule.errno());
      for (String name : rule.names()) {
        Integer number = NUMBERS.get(name);
        if (number == null) {
          continue;
        }
        newest = Math.max(newest, number);
        if (verdict != usual) {
          calls[number] = with(calls[number], rule, verdict);
        }
      }
    }
    boolean stub =
        !ProfileAction.permissive(usual) && usual != (Actions.ERRNO | Errno.ENOSYS) && newest >= 0;
    return new ProfileFilter(usual, stub ? newest : Integer.MAX_VALUE, calls);
  }

  private static Call with(@Nullable Call call, SeccompProfile.Rule rule, int verdict) {
    if (call != null && call.unconditional != null) {
      return call;
    }
    if (rule.args().isEmpty()) {
      return new Call(verdict, List.of());
    }
    List<ConditionalRule> rules = new ArrayList<>(call == null ? List.of() : call.rules);
    if (repeatsArgument(rule.args())) {
      for (SeccompProfile.Arg arg : rule.args()) {
        rules.add(new ConditionalRule(List.of(arg), verdict));
      }
    } else {
      rules.add(new ConditionalRule(rule.args(), verdict));
    }
    return new Call(null, rules);
  }

  private static boolean repeatsArgument(List<SeccompProfile.Arg> args) {
    int seen = 0;
    for (SeccompProfile.Arg arg : args) {
      if ((seen >> arg.index() & 1) != 0) {
        return true;
      }
      seen |= 1 << arg.index();
    }
    return false;
  }

  private static Map<String, Integer> numbers() {
    Map<String, Integer> numbers = new HashMap<>();
    for (int number = 0; number < Sys.LIMIT; number++) {
      if (Sys.exists(number)) {
        numbers.put(Sys.name(number), number);
      }
    }
    return numbers;
  }

  @Override
  public int judge(CallData call) {
    int number = call.number();
    if (number < 0 || number >= calls.length) {
      return number > newest && number < X32 ? Actions.ERRNO | Errno.ENOSYS : usual;
    }
    Call known = calls[number];
    if (known == null) {
      return number > newest ? Actions.ERRNO | Errno.ENOSYS : usual;
    }
    if (known.unconditional != null) {
      return known.unconditional;
    }
    boolean any = false;
    int strictest = 0;
    for (ConditionalRule rule : known.rules) {
      if (rule.holds(call)
          && (!any || (rule.verdict() & Actions.ACTION_MASK) < (strictest & Actions.ACTION_MASK))) {
        strictest = rule.verdict();
        any = true;
      }
    }
    return any ? strictest : usual;
  }

  @Override
  public boolean alwaysAllows(int number) {
    Call known = calls[number];
    if (known == null) {
      return number <= newest && usual == Actions.ALLOW;
    }
    return known.unconditional != null && known.unconditional == Actions.ALLOW;
  }

  @Override
  public int length() {
    return 0; // what an application may add is for the application's own filters
  }
}
