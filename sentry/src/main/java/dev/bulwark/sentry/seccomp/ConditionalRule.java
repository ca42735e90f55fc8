package dev.bulwark.sentry.seccomp;

import dev.bulwark.control.SeccompProfile;
import java.util.List;

/**
 * What is done about a call when all conditions hold.
 *
 * @param conditions at least one
 * @param verdict action and data
 */
record ConditionalRule(List<SeccompProfile.Arg> conditions, int verdict) {

  boolean holds(CallData call) {
    for (SeccompProfile.Arg condition : conditions) {
      if (!holds(condition, call.argument(condition.index()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(SeccompProfile.Arg condition, long argument) {
    int order = Long.compareUnsigned(argument, condition.value());
    return switch (condition.op()) {
      case NE -> order != 0;
      case LT -> order < 0;
      case LE -> order <= 0;
      case EQ -> order == 0;
      case GE -> order >= 0;
      case GT -> order > 0;
      case MASKED_EQ -> (argument & condition.value()) == condition.valueTwo();
    };
  }
}
