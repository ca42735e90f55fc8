package dev.bulwark.sentry.fs.proc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionTextTest {
  private static final String HEADING = "  sl  local_address ... inode\n";

  @Test
  void socketsOfOthersHaveNeitherOwnerNorInode() {
    String line =
        "   0: 0100007F:A9C1 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0"
            + " 123456 1 ffff888012345678 100 0 0 10 0      \n";
    String text = ConnectionText.own(HEADING + line, List.of());
    assertEquals(
        HEADING
            + "   0: 0100007F:A9C1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0 "
            + "       0 0 1 0000000000000000 100 0 0 10 0           \n",
        text);
    assertFalse(text.contains("123456"));
    assertEquals((HEADING + line).length(), text.length());
  }

  @Test
  void shortAndStrangeLinesAreLeftOut() {
    assertEquals(HEADING, ConnectionText.own(HEADING + "\n a b\n", List.of()));
    assertEquals("", ConnectionText.own("", List.of()));
  }
}
