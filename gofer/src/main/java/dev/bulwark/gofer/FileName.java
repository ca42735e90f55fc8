package dev.bulwark.gofer;

import dev.bulwark.linux.Errno;

/** What a name in a request may be. */
final class FileName {
  /** The longest name of one component (NAME_MAX). */
  static final int MAX = 255;

  private FileName() {}

  /**
   * Lets a name pass that is one component and leads down.
   *
   * @throws GoferException EINVAL for one that is empty, {@code .}, {@code ..} or contains a slash
   *     or NUL; ENAMETOOLONG
   */
  static String check(String name) throws GoferException {
    if (name.isEmpty()
        || name.equals(".")
        || name.equals("..")
        || name.indexOf('/') >= 0
        || name.indexOf('\0') >= 0) {
      throw GoferException.of(Errno.EINVAL);
    }
    if (name.length() > MAX) {
      throw GoferException.of(Errno.ENAMETOOLONG);
    }
    return name;
  }
}
