package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The extended attributes of one file, kept in memory. Not thread-safe: its inode guards it. */
public final class Xattrs {
  /** xattr_set(2): fail when it exists. */
  public static final int CREATE = 1;

  /** xattr_set(2): fail when it does not exist. */
  public static final int REPLACE = 2;

  /** The most bytes of names and values that one file may have, so that no program fills memory. */
  private static final int MAXIMUM = 128 << 10;

  private final Map<String, byte[]> values = new LinkedHashMap<>();
  private int bytes;

  /** No attributes. */
  public Xattrs() {}

  /**
   * A value, which is not to be changed.
   *
   * @throws ErrnoException ENODATA
   */
  public byte[] get(String name) throws ErrnoException {
    byte[] value = values.get(name);
    if (value == null) {
      throw ErrnoException.of(Errno.ENODATA);
    }
    return value;
  }

  /**
   * Sets a value.
   *
   * @param flags 0, {@link #CREATE} or {@link #REPLACE}
   * @throws ErrnoException EEXIST, ENODATA, ENOSPC
   */
  public void set(String name, byte[] value, int flags) throws ErrnoException {
    byte[] old = values.get(name);
    if (old != null && (flags & CREATE) != 0) {
      throw ErrnoException.of(Errno.EEXIST);
    }
    if (old == null && (flags & REPLACE) != 0) {
      throw ErrnoException.of(Errno.ENODATA);
    }
    int change = value.length - (old == null ? -name.length() : old.length);
    if (bytes + change > MAXIMUM) {
      throw ErrnoException.of(Errno.ENOSPC);
    }
    values.put(name, value.clone());
    bytes += change;
  }

  /**
   * Removes a value.
   *
   * @throws ErrnoException ENODATA
   */
  public void remove(String name) throws ErrnoException {
    byte[] old = values.remove(name);
    if (old == null) {
      throw ErrnoException.of(Errno.ENODATA);
    }
    bytes -= name.length() + old.length;
  }

  /** How many bytes names and values take. */
  public int bytes() {
    return bytes;
  }

  /** The names in the order in which they came. */
  public List<String> names() {
    return new ArrayList<>(values.keySet());
  }
}
