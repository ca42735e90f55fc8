package dev.bulwark.sentry.fs.dev;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.tmpfs.Tmpfs;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.DeviceNumber;
import dev.bulwark.sentry.vfs.FileSystem;
import dev.bulwark.sentry.vfs.NewFile;
import dev.bulwark.sentry.vfs.SpecialFiles;

/** Builds /dev as containers expect it (OCI runtime specification, default devices). */
public final class DevTree {
  /** /dev/null. */
  public static final long NULL = DeviceNumber.of(1, 3);

  /** /dev/zero. */
  public static final long ZERO = DeviceNumber.of(1, 5);

  /** /dev/full. */
  public static final long FULL = DeviceNumber.of(1, 7);

  /** /dev/random. */
  public static final long RANDOM = DeviceNumber.of(1, 8);

  /** /dev/urandom. */
  public static final long URANDOM = DeviceNumber.of(1, 9);

  /** /dev/tty: the controlling terminal. */
  public static final long TTY = DeviceNumber.of(5, 0);

  /** /dev/console. */
  public static final long CONSOLE = DeviceNumber.of(5, 1);

  /** /dev/ptmx: makes a new pair of pseudoterminal ends. */
  public static final long PTMX = DeviceNumber.of(5, 2);

  private static final long BYTES = 1 << 20;

  private DevTree() {}

  /**
   * A file system with the usual nodes, links, and directories to mount on: {@code pts}, {@code
   * shm}, {@code mqueue}.
   */
  public static FileSystem build() throws ErrnoException {
    Tmpfs fileSystem = new Tmpfs("devtmpfs", BYTES, 0755, 0, 0);
    var root = fileSystem.rootDentry().existing();
    node(fileSystem, "null", NULL);
    node(fileSystem, "zero", ZERO);
    node(fileSystem, "full", FULL);
    node(fileSystem, "random", RANDOM);
    node(fileSystem, "urandom", URANDOM);
    node(fileSystem, "tty", TTY);
    link(fileSystem, "ptmx", "pts/ptmx");
    link(fileSystem, "fd", "/proc/self/fd");
    link(fileSystem, "stdin", "/proc/self/fd/0");
    link(fileSystem, "stdout", "/proc/self/fd/1");
    link(fileSystem, "stderr", "/proc/self/fd/2");
    link(fileSystem, "core", "/proc/kcore");
    for (String name : new String[] {"pts", "mqueue"}) {
      root.mkdir(name, new NewFile(Attributes.DIRECTORY | 0755, 0, 0));
    }
    root.mkdir("shm", new NewFile(Attributes.DIRECTORY | 01777, 0, 0));
    return fileSystem;
  }

  private static void node(FileSystem to, String name, long device) throws ErrnoException {
    NewFile file = new NewFile(Attributes.CHARACTER | 0666, 0, 0);
    to.rootDentry().existing().mknod(name, device, file);
  }

  private static void link(FileSystem to, String name, String target) throws ErrnoException {
    NewFile file = new NewFile(Attributes.SYMLINK | 0777, 0, 0);
    to.rootDentry().existing().symlink(name, target, file);
  }

  /** Puts the memory devices behind their numbers; terminals are registered elsewhere. */
  public static void register(SpecialFiles devices) {
    devices.character(NULL, (_, opening) -> new MemoryDevice.Null(opening));
    devices.character(ZERO, (_, opening) -> new MemoryDevice.Zero(opening));
    devices.character(FULL, (_, opening) -> new MemoryDevice.Full(opening));
    devices.character(RANDOM, (_, opening) -> new MemoryDevice.Random(opening));
    devices.character(URANDOM, (_, opening) -> new MemoryDevice.Random(opening));
  }
}
