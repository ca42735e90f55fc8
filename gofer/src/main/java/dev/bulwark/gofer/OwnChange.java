package dev.bulwark.gofer;

import org.jspecify.annotations.Nullable;

/**
 * What the sandbox is changing itself, so that the host's report of it is no news. Nodes are
 * numbers; 0 stands for none.
 *
 * @param directory where a name changes
 * @param name the name
 * @param otherDirectory where another name changes
 * @param otherName that name
 * @param file a file that changes
 * @param otherFile another one
 */
public record OwnChange(
    long directory, String name, long otherDirectory, String otherName, long file, long otherFile) {

  /** A file changes, but no name. */
  public static OwnChange of(long file) {
    return new OwnChange(0, "", 0, "", file, 0);
  }

  /** A name changes, and the file that it stands for; 0 when there is none yet. */
  public static OwnChange of(long directory, String name, long file) {
    return new OwnChange(directory, name, 0, "", file, 0);
  }

  /**
   * Whether an event is of this change.
   *
   * @param node the watched file
   * @param happened the name in it that the event is about; null for the file itself
   * @param child what the name stands for, as far as that is known
   */
  boolean explains(long node, @Nullable String happened, long child) {
    if (happened == null) {
      return node == file || node == otherFile || node == directory || node == otherDirectory;
    }
    return (node == directory && happened.equals(name))
        || (node == otherDirectory && happened.equals(otherName))
        || (child != 0 && (child == file || child == otherFile));
  }
}
