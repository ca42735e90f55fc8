package dev.bulwark.runtime.keeper;

import dev.bulwark.linux.Guard;
import java.util.List;

/**
 * What a process of a sandbox is deprived of before its program starts; the keeper carries it out
 * (runtime/src/main/c/confine.c).
 *
 * @param namespaces {@code CLONE_NEW} flags of those that it gets of its own; 0 leaves it as it is
 * @param users the first of the host's user identifiers for sandboxes, of which it becomes one; 0
 *     leaves it root
 * @param capabilities what is left of them, as a mask
 * @param visible absolute paths of what its program needs to start, shown read-only below an empty
 *     root and taken away when it has locked itself down
 * @param trees of its descriptors, those to replace by mounts that nobody else has
 * @param duties what it may ask its keeper for, a mask of {@code 1 << } {@link Guard}'s kinds
 */
public record Confinement(
    long namespaces,
    long users,
    long capabilities,
    List<String> visible,
    List<TreeMount> trees,
    long duties) {
  /** Takes nothing away. */
  public static final Confinement NONE = new Confinement(0, 0, 0, List.of(), List.of(), 0);

  /** Takes nothing away; the keeper answers, but leaves mounts alone, which are the host's own. */
  public Confinement lifted() {
    return new Confinement(0, 0, 0, List.of(), List.of(), duties & ~(1L << Guard.SEAL));
  }

  public static final long CLONE_NEWNS = 0x00020000L;
  public static final long CLONE_NEWCGROUP = 0x02000000L;
  public static final long CLONE_NEWUTS = 0x04000000L;
  public static final long CLONE_NEWIPC = 0x08000000L;
  public static final long CLONE_NEWUSER = 0x10000000L;
  public static final long CLONE_NEWPID = 0x20000000L;
  public static final long CLONE_NEWNET = 0x40000000L;

  /**
   * A tree of files that becomes a mount of its own.
   *
   * @param descriptor of the new process
   * @param readOnly whether its mounts, with all below it, become read-only
   */
  public record TreeMount(int descriptor, boolean readOnly) {}
}
