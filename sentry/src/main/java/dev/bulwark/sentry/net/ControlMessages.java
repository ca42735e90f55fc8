package dev.bulwark.sentry.net;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.UserMemory;
import dev.bulwark.sentry.vfs.FileDescription;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Ancillary data (cmsg(3)) of Unix sockets: files and credentials. */
final class ControlMessages {
  /** The most files that one message carries (SCM_MAX_FD). */
  private static final int MAX_FILES = 253;

  /** The most bytes that are looked at (net.core.optmem_max). */
  private static final int MAX_CONTROL = 131_072;

  private static final int HEADER = 16;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int SCM_CREDENTIALS = 2;

  private ControlMessages() {}

  /**
   * What a sender attaches; the files are references of the caller.
   *
   * @param rights files to go with the message
   * @param sender who sends
   */
  record Attached(List<FileDescription> rights, PeerCredentials sender) {
    void close() {
      rights.forEach(FileDescription::close);
    }
  }

  /** Ancillary data as they are. EFAULT, ENOBUFS. */
  static byte[] bytes(UserMemory memory, long address, long length) throws ErrnoException {
    if (length == 0 || address == 0) {
      return new byte[0];
    }
    if (length < 0 || length > MAX_CONTROL) {
      throw ErrnoException.of(Errno.ENOBUFS);
    }
    return memory.readBytes(address, (int) length);
  }

  /** Reads ancillary data. EINVAL, EBADF, EPERM, EFAULT, ENOBUFS. */
  static Attached read(Task task, long address, long length) throws ErrnoException {
    PeerCredentials sender = PeerCredentials.real(task);
    byte[] bytes = bytes(task.memory(), address, length);
    if (bytes.length == 0) {
      return new Attached(List.of(), sender);
    }
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<FileDescription> rights = new ArrayList<>();
    try {
      int at = 0;
      while (data.limit() - at >= HEADER) {
        long size = data.getLong(at);
        if (size < HEADER || size > data.limit() - at) {
          throw ErrnoException.of(Errno.EINVAL);
        }
        if (data.getInt(at + 8) == SOL_SOCKET) {
          switch (data.getInt(at + 12)) {
            case SCM_RIGHTS -> readRights(task, data, at, (int) size, rights);
            case SCM_CREDENTIALS -> sender = readCredentials(task, data, at, (int) size);
            default -> throw ErrnoException.of(Errno.EINVAL);
          }
        }
        at = (int) Math.min(data.limit(), at + aligned(size));
      }
      return new Attached(rights, sender);
    } catch (ErrnoException e) {
      rights.forEach(FileDescription::close);
      throw e;
    }
  }

  private static long aligned(long size) {
    return (size + 7) & ~7L;
  }

  private static void readRights(
      Task task, ByteBuffer data, int at, int size, List<FileDescription> rights)
      throws ErrnoException {
    int count = (size - HEADER) / Integer.BYTES;
    if (rights.size() + count > MAX_FILES) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    for (int i = 0; i < count; i++) {
      rights.add(task.files().acquire(data.getInt(at + HEADER + i * Integer.BYTES)));
    }
  }

  private static PeerCredentials readCredentials(Task task, ByteBuffer data, int at, int size)
      throws ErrnoException {
    if (size != HEADER + PeerCredentials.SIZE) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    int pid = data.getInt(at + HEADER);
    int uid = data.getInt(at + HEADER + 4);
    int gid = data.getInt(at + HEADER + 8);
    Credentials own = task.credentials();
    boolean pidOk = pid == task.process().pid() || own.has(Capability.SYS_ADMIN);
    boolean uidOk =
        uid == own.uid() || uid == own.euid() || uid == own.suid() || own.has(Capability.SETUID);
    boolean gidOk =
        gid == own.gid() || gid == own.egid() || gid == own.sgid() || own.has(Capability.SETGID);
    if (!pidOk || !uidOk || !gidOk) {
      throw ErrnoException.of(Errno.EPERM);
    }
    return new PeerCredentials(pid, uid, gid);
  }

  /** What {@link #write} did: bytes used, and whether something was left out (MSG_CTRUNC). */
  record Written(long length, boolean truncated) {}

  /**
   * Stores what came with a message, and gives its files descriptors. Files for which there is no
   * room are closed.
   */
  static Written write(Task task, Incoming message, long address, long length, boolean cloexec)
      throws ErrnoException {
    long used = 0;
    boolean truncated = false;
    PeerCredentials sender = message.sender;
    if (sender != null) {
      if (length >= HEADER + PeerCredentials.SIZE) {
        header(task, address, HEADER + PeerCredentials.SIZE, SCM_CREDENTIALS);
        task.memory().putInt(address + HEADER, sender.pid());
        task.memory().putInt(address + HEADER + 4, sender.uid());
        task.memory().putInt(address + HEADER + 8, sender.gid());
        used = Math.min(length, aligned(HEADER + PeerCredentials.SIZE));
      } else {
        truncated = true;
      }
    }
    int stored = 0;
    try {
      long room = Math.max(0, (length - used - HEADER) / Integer.BYTES);
      for (FileDescription file : message.rights) {
        if (stored >= room) {
          break;
        }
        int fd;
        try {
          fd = task.files().install(file, 0, cloexec, task.process().limits().descriptors());
        } catch (ErrnoException e) {
          break;
        }
        stored++;
        task.memory().putInt(address + used + HEADER + (stored - 1L) * Integer.BYTES, fd);
      }
      if (stored > 0) {
        long size = HEADER + (long) stored * Integer.BYTES;
        header(task, address + used, size, SCM_RIGHTS);
        used = Math.min(length, used + aligned(size));
      }
      return new Written(used, truncated || stored < message.rights.size());
    } finally {
      message.rights.subList(stored, message.rights.size()).forEach(FileDescription::close);
      message.rights.clear();
    }
  }

  private static void header(Task task, long address, long size, int type) throws ErrnoException {
    task.memory().putLong(address, size);
    task.memory().putInt(address + 8, SOL_SOCKET);
    task.memory().putInt(address + 12, type);
  }
}
