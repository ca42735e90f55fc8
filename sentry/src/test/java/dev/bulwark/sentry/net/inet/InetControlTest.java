package dev.bulwark.sentry.net.inet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InetControlTest {
  private static final int HEADER = 16;

  private static byte[] message(long size, int level, int type, int values) {
    return ByteBuffer.allocate(HEADER + ((values + 7) & ~7))
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(size)
        .putInt(level)
        .putInt(type)
        .array();
  }

  private static byte[] message(int level, int type, int values) {
    return message(HEADER + (long) values, level, type, values);
  }

  private static int refusal(byte[] control) {
    try {
      InetControl.checked(control);
      return 0;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  @Test
  void listedOnesComeBackAsTheyWere() throws ErrnoException {
    byte[] ttl = message(0, 2, 4);
    assertArrayEquals(ttl, InetControl.checked(ttl));
    byte[] info = message(41, 50, 20);
    assertArrayEquals(info, InetControl.checked(info));
  }

  @Test
  void unknownOnesAndWrongLengthsAreRefused() {
    assertEquals(Errno.EINVAL, refusal(message(0, 99, 4)));
    assertEquals(Errno.EINVAL, refusal(message(0, 2, 8)));
    assertEquals(Errno.EINVAL, refusal(message(1, 36, 4)));
    assertEquals(Errno.EINVAL, refusal(message(4, 0, 2, 4)));
    assertEquals(Errno.EINVAL, refusal(message(1000, 0, 2, 4)));
    assertEquals(Errno.EINVAL, refusal(message(-1, 0, 2, 4)));
    assertEquals(Errno.ENOBUFS, refusal(new byte[2000]));
  }

  @Test
  void descriptorsForUnixSocketsNeverReachTheHost() throws ErrnoException {
    assertEquals(0, InetControl.checked(message(1, 1, 4)).length);
    assertEquals(0, InetControl.checked(message(1, 2, 12)).length);
  }

  @Test
  void noiseIsRefusedOrShrinks() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(80)];
      random.nextBytes(noise);
      if (noise.length >= HEADER && random.nextBoolean()) {
        ByteBuffer.wrap(noise).order(ByteOrder.LITTLE_ENDIAN).putLong(0, random.nextInt(100));
      }
      try {
        assertTrue(InetControl.checked(noise).length <= noise.length + 8);
      } catch (ErrnoException e) {
        assertEquals(Errno.EINVAL, e.errno());
      }
    }
  }
}
