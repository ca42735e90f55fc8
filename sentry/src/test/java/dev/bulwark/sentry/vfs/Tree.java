package dev.bulwark.sentry.vfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.fs.tmpfs.Tmpfs;
import dev.bulwark.sentry.io.IoBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** A tree of files in memory, and short ways to work on it as root or as a user. */
public final class Tree {
  /** Somebody with every capability. */
  public static final Credentials ROOT = Credentials.of(0, 0, new int[0], Capability.ALL);

  /** Somebody without. */
  public static final Credentials USER = Credentials.of(1000, 1000, new int[0], 0);

  /** Somebody else without. */
  public static final Credentials OTHER = Credentials.of(1001, 1001, new int[0], 0);

  public final FileSystem root;
  public final MountNamespace mounts;
  public final FsContext fs;
  public Credentials who = ROOT;

  public Tree() {
    this(new Tmpfs(64 << 20, 0755, 0, 0));
  }

  public Tree(FileSystem root) {
    this.root = root;
    mounts = new MountNamespace(root, 0, "root");
    fs = FsContext.at(mounts.root());
  }

  public PathWalk walk() {
    return fs.walk(who);
  }

  public Location find(String path) throws ErrnoException {
    return walk().find(path, true);
  }

  public FileDescription open(String path, int flags) throws ErrnoException {
    return open(path, flags, 0644);
  }

  public FileDescription open(String path, int flags, int mode) throws ErrnoException {
    return new Opener(walk(), null).open(path, flags, mode);
  }

  public void write(String path, String text) throws ErrnoException {
    int flags = OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.TRUNC;
    try (FileDescription file = open(path, flags)) {
      assertEquals(text.length(), write(file, text, -1));
    }
  }

  public String read(String path) throws ErrnoException {
    try (FileDescription file = open(path, OpenFlags.RDONLY)) {
      return read(file, 1 << 16, -1);
    }
  }

  public static long write(FileDescription file, String text, long offset) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Math.max(1, text.length()));
      memory.copyFrom(MemorySegment.ofArray(text.getBytes(ISO_8859_1)));
      return file.write(IoBuffer.of(memory.asSlice(0, text.length())), offset);
    }
  }

  public static String read(FileDescription file, int length, long offset) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(length);
      long n = ErrnoException.check(file.read(IoBuffer.of(memory), offset));
      return new String(memory.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE), ISO_8859_1);
    }
  }

  public void mkdir(String path) throws ErrnoException {
    Names.mkdir(walk(), path, 0755);
  }

  public void symlink(String target, String path) throws ErrnoException {
    Names.symlink(walk(), path, target);
  }

  public void rename(String from, String to, int flags) throws ErrnoException {
    Renaming.rename(walk(), from, walk(), to, flags);
  }

  public void unlink(String path) throws ErrnoException {
    Names.unlink(walk(), path);
  }

  public void rmdir(String path) throws ErrnoException {
    Names.rmdir(walk(), path);
  }

  public Attributes stat(String path) throws ErrnoException {
    return find(path).inode().attributes();
  }

  public void chmod(String path, int mode) throws ErrnoException {
    find(path).inode().setAttributes(AttributeChange.ofMode(mode));
  }

  public void chown(String path, int uid, int gid) throws ErrnoException {
    int valid = AttributeChange.UID | AttributeChange.GID;
    find(path).inode().setAttributes(new AttributeChange(valid, 0, uid, gid, 0, 0, 0));
  }

  public List<String> list(String path) throws ErrnoException {
    List<String> names = new ArrayList<>();
    try (FileDescription file = open(path, OpenFlags.RDONLY | OpenFlags.DIRECTORY)) {
      file.readDirectory((name, _, _, _) -> names.add(name));
    }
    names.removeAll(List.of(".", ".."));
    names.sort(null);
    return names;
  }

  /** Asserts that something fails with an errno. */
  public static void fails(int errno, Executable action) {
    ErrnoException e = assertThrows(ErrnoException.class, action);
    assertEquals(Errno.name(errno), Errno.name(e.errno()));
  }
}
