package dev.bulwark.sentry.trace;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.mm.UserMemory;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes socket addresses and messages. */
final class SocketText {
  private static final int MAX_ADDRESS = 128;
  private static final int UNIX = 1;
  private static final int INET = 2;
  private static final int INET6 = 10;

  private SocketText() {}

  /** Writes an address of {@code length} bytes. */
  static void address(Line out, UserMemory memory, long at, long length) throws ErrnoException {
    if (length < 2 || length > MAX_ADDRESS) {
      out.address(at);
      return;
    }
    byte[] bytes = memory.readBytes(at, (int) length);
    int family = (bytes[0] & 0xff) | (bytes[1] & 0xff) << 8;
    out.text("{sa_family=");
    Words words = Words.find("af");
    if (words != null) {
      words.print(out, family);
    }
    if (family == UNIX) {
      unix(out, bytes);
    } else if (family == INET && bytes.length >= 8) {
      out.text(", sin_port=htons(").number(port(bytes)).text("), sin_addr=inet_addr(\"");
      out.text(octets(bytes, 4)).text("\")");
    } else if (family == INET6 && bytes.length >= 24) {
      out.text(", sin6_port=htons(").number(port(bytes)).text("), sin6_addr=\"");
      for (int i = 8; i < 24; i += 2) {
        int word = (bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff);
        out.text(i == 8 ? "" : ":").text(Integer.toHexString(word));
      }
      out.text("\"");
    } else if (bytes.length > 2) {
      out.text(", sa_data=");
      byte[] rest = java.util.Arrays.copyOfRange(bytes, 2, bytes.length);
      out.quoted(rest, rest.length, false);
    }
    out.text("}");
  }

  private static int port(byte[] bytes) {
    return (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
  }

  private static String octets(byte[] bytes, int from) {
    return (bytes[from] & 0xff)
        + "."
        + (bytes[from + 1] & 0xff)
        + "."
        + (bytes[from + 2] & 0xff)
        + "."
        + (bytes[from + 3] & 0xff);
  }

  private static void unix(Line out, byte[] bytes) {
    if (bytes.length == 2) {
      return;
    }
    boolean named = bytes[2] == 0 && bytes.length > 3;
    String path = new String(bytes, 2, bytes.length - 2, StandardCharsets.ISO_8859_1);
    if (named) {
      path = path.substring(1); // an abstract name keeps its zero bytes
    } else if (path.indexOf('\0') >= 0) {
      path = path.substring(0, path.indexOf('\0'));
    }
    out.text(", sun_path=").text(named ? "@" : "");
    out.quoted(path.getBytes(StandardCharsets.ISO_8859_1), path.length(), false);
  }

  /** Writes a {@code struct msghdr}. */
  static void message(Line out, UserMemory memory, long at) throws ErrnoException {
    long name = memory.getLong(at);
    int nameLength = memory.getInt(at + 8);
    out.text("{msg_name=");
    if (name == 0 || nameLength < 2) {
      out.address(name);
    } else {
      address(out, memory, name, nameLength);
    }
    out.text(", msg_namelen=").number(nameLength).text(", msg_iov=");
    long count = memory.getLong(at + 24);
    vector(out, memory, memory.getLong(at + 16), count, Long.MAX_VALUE);
    out.text(", msg_iovlen=").number(count);
    long controlLength = memory.getLong(at + 40);
    if (controlLength > 0) {
      out.text(", msg_control=");
      control(out, memory, memory.getLong(at + 32), controlLength);
    }
    out.text(", msg_controllen=").number(controlLength).text(", msg_flags=");
    flags(out, memory.getInt(at + 48));
    out.text("}");
  }

  private static void flags(Line out, int value) {
    Words words = Words.find("msg");
    if (words != null) {
      words.print(out, value & 0xffffffffL);
    }
  }

  private static void control(Line out, UserMemory memory, long at, long length)
      throws ErrnoException {
    long size = length < 16 ? 0 : memory.getLong(at);
    if (size < 16 || size > length) {
      out.address(at);
      return;
    }
    int level = memory.getInt(at + 8);
    int type = memory.getInt(at + 12);
    @Nullable Words words = Words.find("cmsg");
    String name = level == 1 && words != null ? words.name(type) : null;
    out.text("[{cmsg_len=").number(size);
    out.text(", cmsg_level=").text(level == 1 ? "SOL_SOCKET" : Integer.toString(level));
    out.text(", cmsg_type=").text(name == null ? Integer.toString(type) : name);
    if (level == 1 && type == 1) {
      out.text(", cmsg_data=[");
      for (long i = 16; i + 4 <= Math.min(size, 16 + 4 * 32); i += 4) {
        out.text(i == 16 ? "" : ", ").number(memory.getInt(at + i));
      }
      out.text("]");
    }
    out.text(size < length - 16 ? "}, ...]" : "}]");
  }

  /**
   * Writes an iovec array with the bytes it points to.
   *
   * @param bytes how many bytes in all mean something
   */
  static void vector(Line out, UserMemory memory, long at, long count, long bytes)
      throws ErrnoException {
    if (at == 0 || count < 0 || count > 1024) {
      out.address(at);
      return;
    }
    long left = bytes;
    out.text("[");
    for (long i = 0; i < count; i++) {
      if (i == 16) {
        out.text(", ...");
        break;
      }
      long base = memory.getLong(at + 16 * i);
      long length = memory.getLong(at + 16 * i + 8);
      long shown = Math.clamp(length, 0, Math.max(left, 0));
      left -= shown;
      out.text(i == 0 ? "{iov_base=" : ", {iov_base=");
      BufferArgument.bytes(out, memory, base, shown);
      out.text(", iov_len=").unsigned(length).text("}");
    }
    out.text("]");
  }
}
