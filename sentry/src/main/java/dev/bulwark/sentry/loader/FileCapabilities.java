package dev.bulwark.sentry.loader;

import dev.bulwark.sentry.auth.Capability;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The capabilities of a program file: the attribute {@code security.capability} of versions 1 to 3
 * (capabilities(7), "File capability extended attribute versioning").
 *
 * @param effective whether what is permitted is effective at once
 */
record FileCapabilities(long permitted, long inheritable, boolean effective) {
  private static final int REVISION_MASK = 0xff000000;
  private static final int REVISION_1 = 0x01000000;
  private static final int REVISION_2 = 0x02000000;
  private static final int REVISION_3 = 0x03000000;
  private static final int EFFECTIVE = 1;

  /**
   * Reads the attribute. What Linux ignores gives null: a malformed one, and one of version 3 that
   * counts in another user namespace than that of root 0.
   */
  static @Nullable FileCapabilities parse(byte @Nullable [] attribute) {
    if (attribute == null || attribute.length < 4) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(attribute).order(ByteOrder.LITTLE_ENDIAN);
    int magic = in.getInt();
    int revision = magic & REVISION_MASK;
    int size =
        switch (revision) {
          case REVISION_1 -> 12;
          case REVISION_2 -> 20;
          case REVISION_3 -> 24;
          default -> -1;
        };
    if (attribute.length != size || (revision == REVISION_3 && in.getInt(20) != 0)) {
      return null;
    }
    long permitted = Integer.toUnsignedLong(in.getInt());
    long inheritable = Integer.toUnsignedLong(in.getInt());
    if (revision != REVISION_1) {
      permitted |= Integer.toUnsignedLong(in.getInt()) << 32;
      inheritable |= Integer.toUnsignedLong(in.getInt()) << 32;
    }
    return new FileCapabilities(
        permitted & Capability.ALL, inheritable & Capability.ALL, (magic & EFFECTIVE) != 0);
  }
}
