package dev.bulwark.microvm.hypervisor;

import java.nio.file.Path;
import java.util.List;

/**
 * A machine to start.
 *
 * @param kernel uncompressed; it lies in the same directory as
 * @param initialFileSystem the archive that it unpacks
 * @param memoryMebibytes of the guest
 * @param processors of the guest
 * @param acceleration who executes it
 * @param trees directories and files that the guest sees by their numbers below one directory,
 *     which it can mount with 9p by the tag {@code trees}
 */
public record MachineSpec(
    Path kernel,
    Path initialFileSystem,
    int memoryMebibytes,
    int processors,
    Acceleration acceleration,
    List<SharedTree> trees) {

  /**
   * A directory or a file of the host.
   *
   * @param fd a descriptor of it, which stays the caller's
   * @param readOnly whether the host refuses changes, whoever asks for them
   */
  public record SharedTree(int fd, boolean readOnly) {}

  /** Makes the list immutable. */
  public MachineSpec {
    trees = List.copyOf(trees);
  }
}
