package dev.bulwark.linux;

import java.util.Arrays;
import java.util.List;

/**
 * A system call that a process may make, with conditions on its arguments that must all hold.
 * Several rules of one call are alternatives.
 *
 * @param number of the call
 * @param conditions none when any arguments will do
 * @param errno 0 to admit the call; else it is not made and fails with this
 */
public record CallRule(int number, List<Condition> conditions, int errno) {
  /** What an argument must be. Pointers cannot be looked behind. */
  public sealed interface Condition {
    /** Which argument, from 0. */
    int argument();
  }

  /**
   * The lower 32 bits, which are all that the kernel looks at in an {@code int}, are one of these.
   */
  public record OneOf(int argument, List<Integer> values) implements Condition {}

  /** No other bits than these are set. */
  public record Within(int argument, long mask) implements Condition {}

  /** All of these bits are set; they are among the lower 32. */
  public record Has(int argument, int bits) implements Condition {}

  /** A call with any arguments. */
  public static CallRule any(int number) {
    return new CallRule(number, List.of(), 0);
  }

  /** A call that is known to be tried, on these conditions, by what does without. */
  public static CallRule refused(int number, int errno, Condition... conditions) {
    return new CallRule(number, List.of(conditions), errno);
  }

  /** A call on these conditions. */
  public static CallRule when(int number, Condition... conditions) {
    return new CallRule(number, List.of(conditions), 0);
  }

  /** See {@link OneOf}. */
  public static Condition oneOf(int argument, int... values) {
    return new OneOf(argument, Arrays.stream(values).boxed().toList());
  }

  /** See {@link Within}. */
  public static Condition within(int argument, long mask) {
    return new Within(argument, mask);
  }

  /** See {@link Has}. */
  public static Condition has(int argument, int bits) {
    return new Has(argument, bits);
  }
}
