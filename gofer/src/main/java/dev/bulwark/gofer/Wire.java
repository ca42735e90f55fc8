package dev.bulwark.gofer;

import dev.bulwark.linux.HostIdentity;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How the parts of messages look as bytes, in little-endian order: numbers as they are, strings and
 * byte arrays after their length in four bytes. Reading trusts nothing: lengths and counts are
 * checked against what is there.
 */
final class Wire {
  /** The longest message in bytes: the longest value of an extended attribute, and some room. */
  static final int MAX_MESSAGE = (1 << 16) + (1 << 13);

  /** The longest byte string: a path with its NUL is at most 4096 bytes. */
  static final int MAX_STRING = 4095;

  /** How long attributes are. */
  static final int ATTRIBUTES = 9 * Long.BYTES + 5 * Integer.BYTES;

  private Wire() {}

  static void putString(ByteBuffer to, String s) {
    byte[] bytes = s.getBytes(StandardCharsets.ISO_8859_1);
    to.putInt(bytes.length).put(bytes);
  }

  static String getString(ByteBuffer from) throws MalformedMessageException {
    return new String(getBytes(from, MAX_STRING), StandardCharsets.ISO_8859_1);
  }

  static void putBytes(ByteBuffer to, byte[] bytes) {
    to.putInt(bytes.length).put(bytes);
  }

  static byte[] getBytes(ByteBuffer from, int max) throws MalformedMessageException {
    byte[] bytes = new byte[getCount(from, max, 1)];
    from.get(bytes);
    return bytes;
  }

  /**
   * A number of elements that follow.
   *
   * @param max how many are admitted
   * @param size the least number of bytes of each
   */
  static int getCount(ByteBuffer from, int max, int size) throws MalformedMessageException {
    int count = getInt(from);
    if (count < 0 || count > max || count > from.remaining() / size) {
      throw new MalformedMessageException("a count of " + count);
    }
    return count;
  }

  static boolean getBoolean(ByteBuffer from) throws MalformedMessageException {
    return switch (getByte(from)) {
      case 0 -> false;
      case 1 -> true;
      default -> throw new MalformedMessageException("neither true nor false");
    };
  }

  static void putBoolean(ByteBuffer to, boolean b) {
    to.put((byte) (b ? 1 : 0));
  }

  static byte getByte(ByteBuffer from) throws MalformedMessageException {
    try {
      return from.get();
    } catch (BufferUnderflowException e) {
      throw tooShort();
    }
  }

  static int getInt(ByteBuffer from) throws MalformedMessageException {
    try {
      return from.getInt();
    } catch (BufferUnderflowException e) {
      throw tooShort();
    }
  }

  static long getLong(ByteBuffer from) throws MalformedMessageException {
    try {
      return from.getLong();
    } catch (BufferUnderflowException e) {
      throw tooShort();
    }
  }

  private static MalformedMessageException tooShort() {
    return new MalformedMessageException("a message that ends too early");
  }

  /** Makes sure that everything was read. */
  static void end(ByteBuffer from) throws MalformedMessageException {
    if (from.hasRemaining()) {
      throw new MalformedMessageException(from.remaining() + " bytes too many");
    }
  }

  static void putAttributes(ByteBuffer to, FileAttributes a) {
    to.putLong(a.device()).putLong(a.inode()).putInt(a.mode()).putInt(a.links());
    to.putInt(a.uid()).putInt(a.gid()).putLong(a.special()).putLong(a.size());
    to.putInt(a.blockSize()).putLong(a.blocks()).putLong(a.accessed()).putLong(a.modified());
    to.putLong(a.changed()).putLong(a.born());
  }

  static FileAttributes getAttributes(ByteBuffer from) throws MalformedMessageException {
    return new FileAttributes(
        getLong(from),
        getLong(from),
        getInt(from),
        getInt(from),
        getInt(from),
        getInt(from),
        getLong(from),
        getLong(from),
        getInt(from),
        getLong(from),
        getLong(from),
        getLong(from),
        getLong(from),
        getLong(from));
  }

  static void putIdentity(ByteBuffer to, HostIdentity who) {
    int count = Math.min(who.groups().length, HostIdentity.MAX_GROUPS);
    to.putInt(who.user()).putInt(who.group()).putInt(count);
    for (int i = 0; i < count; i++) {
      to.putInt(who.groups()[i]);
    }
  }

  static HostIdentity getIdentity(ByteBuffer from) throws MalformedMessageException {
    int user = getInt(from);
    int group = getInt(from);
    int[] groups = new int[getCount(from, HostIdentity.MAX_GROUPS, Integer.BYTES)];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = from.getInt();
    }
    return new HostIdentity(user, group, groups);
  }

  static void putNode(ByteBuffer to, NodeInfo info) {
    to.putLong(info.node());
    putAttributes(to, info.attributes());
  }

  static NodeInfo getNode(ByteBuffer from) throws MalformedMessageException {
    return new NodeInfo(getLong(from), getAttributes(from));
  }

  static void putEntry(ByteBuffer to, ListedEntry e) {
    putString(to, e.name());
    to.putLong(e.inode()).putInt(e.type()).putLong(e.next());
    NodeInfo info = e.info();
    putBoolean(to, info != null);
    if (info != null) {
      putNode(to, info);
    }
  }

  static ListedEntry getEntry(ByteBuffer from) throws MalformedMessageException {
    String name = getString(from);
    long inode = getLong(from);
    int type = getInt(from);
    long next = getLong(from);
    @Nullable NodeInfo info = getBoolean(from) ? getNode(from) : null;
    return new ListedEntry(name, inode, type, next, info);
  }
}
