package dev.bulwark.sentry.net.unix;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.nio.charset.StandardCharsets;

/**
 * {@code struct sockaddr_un}.
 *
 * @param name a path, or an abstract name that begins with NUL; a byte string
 */
record UnixAddress(String name) {
  private static final int FAMILY = 2;
  private static final int PATH = 108;

  /** The address of a socket without one. */
  static final byte[] UNNAMED = {1, 0};

  /** Whether a {@code sockaddr} has the given family. */
  static boolean family(byte[] address, int family) {
    return address.length >= FAMILY && (address[0] & 0xff | (address[1] & 0xff) << 8) == family;
  }

  /** Reads one that names something. EINVAL for another family, an empty or too long name. */
  static UnixAddress parse(byte[] address) throws ErrnoException {
    if (address.length <= FAMILY || address.length > FAMILY + PATH || !family(address, 1)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    int end = address.length;
    if (address[FAMILY] != 0) {
      end = FAMILY;
      while (end < address.length && address[end] != 0) {
        end++;
      }
    }
    return new UnixAddress(new String(address, FAMILY, end - FAMILY, StandardCharsets.ISO_8859_1));
  }

  boolean isAbstract() {
    return name.startsWith("\0");
  }

  /** The bytes of the structure; a path ends with NUL. */
  byte[] encode() {
    int extra = isAbstract() ? 0 : 1;
    byte[] bytes = new byte[FAMILY + name.length() + extra];
    bytes[0] = 1;
    System.arraycopy(name.getBytes(StandardCharsets.ISO_8859_1), 0, bytes, FAMILY, name.length());
    return bytes;
  }
}
