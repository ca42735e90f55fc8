package dev.bulwark.runtime.cgroup;

import dev.bulwark.linux.HostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The file systems that cgroups are: the host's, or one that tests make up. */
interface CgroupTree {
  /** Whether there is a file or directory of that name. */
  boolean exists(String path);

  /** The text of a file without white space around; null when it is not there. */
  @Nullable String read(String path) throws HostException;

  /** Writes a file that is there, in one call. */
  void write(String path, String text) throws HostException;

  /** Makes a directory; false when it is there already. */
  boolean makeDirectory(String path) throws HostException;

  /** Removes a directory; false when it is not there. */
  boolean removeDirectory(String path) throws HostException;

  /** The directories in a directory; none when it is not there. */
  List<String> children(String path) throws HostException;
}
