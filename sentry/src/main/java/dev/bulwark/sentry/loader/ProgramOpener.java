package dev.bulwark.sentry.loader;

import dev.bulwark.sentry.ErrnoException;

/** Opens the interpreters that programs and scripts name. */
@FunctionalInterface
public interface ProgramOpener {

  /**
   * Opens a file for execution, a relative path from the task's working directory.
   *
   * @throws ErrnoException ENOENT and what a path walk gives; EACCES when it is no regular file,
   *     when no execute bit admits the task, or on a mount with {@code noexec}; ETXTBSY
   */
  ProgramFile open(String path) throws ErrnoException;
}
