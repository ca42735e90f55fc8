package dev.bulwark.sentry.net.netlink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouteRequestTest {
  private static final int GETLINK = 18;
  private static final int DUMP = 0x301;

  private static byte[] request(int type, int flags, byte... body) {
    return ByteBuffer.allocate(16 + body.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(16 + body.length)
        .putShort((short) type)
        .putShort((short) flags)
        .putInt(77)
        .putInt(5)
        .put(body)
        .array();
  }

  /** The fixed part of a request about links, with an attribute. */
  private static byte[] link(int length, int type, int room) {
    return ByteBuffer.allocate(16 + room)
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(16)
        .putShort((short) length)
        .putShort((short) type)
        .array();
  }

  private static int refusal(byte[] message, boolean admin) {
    try {
      RouteRequest.build(message, admin);
      return 0;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  @Test
  void questionsComeBackAsTheyWere() throws ErrnoException {
    byte[] plain = request(GETLINK, DUMP, new byte[16]);
    assertArrayEquals(plain, RouteRequest.build(plain, false));
    byte[] mask = request(GETLINK, DUMP, link(8, 29, 8));
    assertArrayEquals(mask, RouteRequest.build(mask, false));
  }

  @Test
  void aFamilyAloneIsEnoughForADump() throws ErrnoException {
    byte[] built = RouteRequest.build(request(22, DUMP, (byte) 2), false);
    assertNotNull(built);
    assertEquals(20, built.length);
    assertEquals(2, built[16]);
    assertEquals(Errno.EINVAL, refusal(request(22, 1, (byte) 2), false));
  }

  @Test
  void changesAreRefused() {
    for (int type = 16; type < 124; type++) {
      if ((type & 3) != 2) {
        assertEquals(Errno.EPERM, refusal(request(type, 5, new byte[32]), false));
        assertEquals(Errno.EOPNOTSUPP, refusal(request(type, 5, new byte[32]), true));
      }
    }
  }

  @Test
  void whatIsNotListedIsRefused() {
    assertEquals(Errno.EOPNOTSUPP, refusal(request(90, 1, new byte[32]), true));
    assertEquals(Errno.EOPNOTSUPP, refusal(request(500, 1, new byte[32]), true));
    assertEquals(Errno.EOPNOTSUPP, refusal(request(GETLINK, 1, (byte) 7, (byte) 0), true));
    assertEquals(Errno.EINVAL, refusal(request(GETLINK, 1, link(8, 18, 8)), true));
    assertEquals(Errno.EINVAL, refusal(request(GETLINK, 1, link(8, 29 | 0x8000, 8)), true));
    assertEquals(Errno.EINVAL, refusal(request(GETLINK, 1, link(12, 29, 16)), true));
    assertEquals(Errno.EINVAL, refusal(request(GETLINK, 1, link(3, 29, 8)), true));
    assertEquals(Errno.EINVAL, refusal(request(GETLINK, 1, link(60, 3, 8)), true));
  }

  @Test
  void whatIsNoQuestionReachesNobody() throws ErrnoException {
    assertNull(RouteRequest.build(request(1, 5), false));
    assertNull(RouteRequest.build(request(3, 5, new byte[16]), false));
    assertNull(RouteRequest.build(request(GETLINK, 5), false));
  }

  @Test
  void noiseIsRefusedOrWellFormed() {
    Random random = new Random(3);
    int built = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] message = request(16 + random.nextInt(110), DUMP, new byte[random.nextInt(64)]);
      for (int flips = random.nextInt(12); flips > 0; flips--) {
        message[6 + random.nextInt(message.length - 6)] = (byte) random.nextInt(32);
      }
      try {
        byte[] result = RouteRequest.build(message, true);
        if (result != null) {
          built++;
          int length = ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
          assertEquals(length, result.length);
          assertEquals(0, length % 4);
        }
      } catch (ErrnoException e) {
        assertTrue(e.errno() == Errno.EINVAL || e.errno() == Errno.EOPNOTSUPP);
      }
    }
    assertTrue(built > 100, built + " were built");
  }

  @Test
  void errorsEchoTheRequest() {
    byte[] asked = request(GETLINK, 1, new byte[16]);
    byte[] answer = RouteRequest.answer(asked, Errno.EPERM, 9, false);
    ByteBuffer bytes = ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(16 + 4 + 32, bytes.getInt(0));
    assertEquals(2, bytes.getShort(4));
    assertEquals(77, bytes.getInt(8));
    assertEquals(9, bytes.getInt(12));
    assertEquals(-Errno.EPERM, bytes.getInt(16));
    assertEquals(36, RouteRequest.answer(asked, Errno.EPERM, 9, true).length);
    assertEquals(36, RouteRequest.answer(asked, 0, 9, false).length);
  }

  @Test
  void markersAreKnownAgain() {
    byte[] marker = RouteRequest.marker(1234);
    assertEquals(1234, RouteRequest.markerOf(RouteRequest.answer(marker, 0, 9, false)));
    byte[] other = RouteRequest.answer(request(GETLINK, 1), 0, 9, false);
    assertNull(RouteRequest.markerOf(other));
    assertNull(RouteRequest.markerOf(new byte[20]));
  }

  @Test
  void repliesAreRenumberedAndMalformedOnesKeptBack() {
    byte[] two = new byte[40];
    ByteBuffer bytes = ByteBuffer.wrap(two).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, 18).putInt(12, 500).putInt(20, 20).putInt(32, 7);
    assertTrue(RouteReply.renumber(two, 500, 33));
    assertEquals(33, bytes.getInt(12));
    assertEquals(7, bytes.getInt(32));
    bytes.putInt(20, 21);
    assertFalse(RouteReply.renumber(two, 500, 33));
    bytes.putInt(20, 3);
    assertFalse(RouteReply.renumber(two, 500, 33));
    assertFalse(RouteReply.renumber(new byte[5], 500, 33));
  }
}
