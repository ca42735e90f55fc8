package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/** What mount(2) can mount in a sandbox, by the names of /proc/filesystems. Thread-safe. */
public final class FileSystemTypes {
  private final ConcurrentSkipListMap<String, Maker> types = new ConcurrentSkipListMap<>();

  /** No types. */
  public FileSystemTypes() {}

  /** Makes a file system of a type. */
  @FunctionalInterface
  public interface Maker {
    /**
     * Makes one, or gives the one there is.
     *
     * @param options as given to mount(2), separated by commas
     * @throws ErrnoException EINVAL for options that it does not know
     */
    FileSystem make(String options) throws ErrnoException;
  }

  /** Adds a type. */
  public void register(String name, Maker maker) {
    types.put(name, maker);
  }

  /**
   * Makes a file system.
   *
   * @throws ErrnoException ENODEV for an unknown type, or EINVAL
   */
  public FileSystem make(String name, String options) throws ErrnoException {
    Maker maker = types.get(name);
    if (maker == null) {
      throw ErrnoException.of(Errno.ENODEV);
    }
    return maker.make(options);
  }

  /** The names, in alphabetical order. */
  public List<String> names() {
    return List.copyOf(types.keySet());
  }
}
