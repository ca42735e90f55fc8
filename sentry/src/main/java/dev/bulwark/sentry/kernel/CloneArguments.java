package dev.bulwark.sentry.kernel;

/**
 * What clone3(2) is asked for; the older calls are put into the same form.
 *
 * @param flags of {@link CloneFlags}, without the exit signal
 * @param exitSignal what the parent gets at the child's end; 0 for nothing
 * @param pidFd where to store a descriptor of the child
 * @param parentTid where to store the identifier in the parent's memory
 * @param childTid where to store and clear it in the child's memory
 * @param stack the child's stack pointer; 0 for the parent's
 * @param tls the child's thread pointer, with {@link CloneFlags#SETTLS}
 */
public record CloneArguments(
    long flags, int exitSignal, long pidFd, long parentTid, long childTid, long stack, long tls) {

  /** Whether a flag is set. */
  public boolean has(long flag) {
    return (flags & flag) != 0;
  }
}
