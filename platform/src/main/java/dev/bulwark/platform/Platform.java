package dev.bulwark.platform;

import dev.bulwark.linux.CallRule;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way to run application code so that its system calls, faults and signals come to the Sentry.
 * Thread-safe.
 */
public interface Platform extends AutoCloseable {

  /** The name that the command line uses, for example {@code systrap}. */
  String name();

  /** The lowest address at which applications may map memory. */
  long minimumAddress();

  /**
   * The first address above all that applications may map; what lies beyond belongs to the stub.
   */
  long maximumAddress();

  /** The vdso that all address spaces have, or null. */
  default @Nullable Vdso vdso() {
    return null;
  }

  /**
   * How system calls came here so far.
   *
   * @param trapped those that raised a signal in the stub
   * @param patched those from changed {@link CallSites}, besides what the stub answers by itself
   */
  record Counts(long trapped, long patched) {
    @Override
    public String toString() {
      return trapped + " trapped, " + patched + " from patched sites";
    }
  }

  /** How system calls came here, of all contexts there ever were; about exact. */
  default Counts calls() {
    return new Counts(0, 0);
  }

  /**
   * Whether the platform uses the base of gs while an application sets none, so that programs are
   * not to be offered the instructions that change it unseen.
   */
  default boolean keepsGsBase() {
    return false;
  }

  /**
   * Calls of the host that the platform makes besides those that every process with stubs makes.
   */
  default List<CallRule> hostCalls() {
    return List.of();
  }

  /** The size in bytes of the XSAVE image that {@link Context#readFpState} gives. */
  int fpStateSize();

  /**
   * Makes an empty address space with its memory file and its first context, which is ready to run.
   *
   * @throws IOException when the host refuses another process or memory file
   */
  AddressSpace newAddressSpace() throws IOException;

  /** Ends all stubs; contexts that run return {@link Event#DIED}. */
  @Override
  void close();
}
