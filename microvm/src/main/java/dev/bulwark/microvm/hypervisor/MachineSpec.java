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
 * @param trees directories that the guest can mount with 9p, by tags that end in their number
 */
public record MachineSpec(
    Path kernel,
    Path initialFileSystem,
    int memoryMebibytes,
    int processors,
    Acceleration acceleration,
    List<SharedTree> trees) {

  /**
   * A directory of the host.
   *
   * @param fd a descriptor of it, which stays the caller's
   * @param readOnly whether the hypervisor refuses changes
   */
  public record SharedTree(int fd, boolean readOnly) {}

  /** Makes the list immutable. */
  public MachineSpec {
    trees = List.copyOf(trees);
  }
}
