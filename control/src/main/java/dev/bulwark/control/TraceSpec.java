package dev.bulwark.control;

/**
 * What {@code --strace} asked for.
 *
 * @param enabled whether calls are printed, to {@link Inherited#SENTRY_TRACE}
 * @param filter the expression of {@code --strace-filter}; empty for all calls
 */
public record TraceSpec(boolean enabled, String filter) {
  /** No tracing. */
  public static final TraceSpec OFF = new TraceSpec(false, "");
}
