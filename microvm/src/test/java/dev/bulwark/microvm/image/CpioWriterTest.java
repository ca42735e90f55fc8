package dev.bulwark.microvm.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CpioWriterTest {
  private static byte[] archive() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CpioWriter archive = new CpioWriter(out)) {
      archive
          .directory("bin", 0755)
          .file("bin/abc", 0755, "hello".getBytes(StandardCharsets.US_ASCII))
          .link("bin/sh", "abc")
          .device("null", 0666, 1, 3);
    }
    return out.toByteArray();
  }

  /** busybox reads the format independently of us. */
  @Test
  void anotherProgramReadsTheArchive() throws Exception {
    byte[] listing = Tool.filter(Path.of("/"), archive(), "busybox", "cpio", "-t", "-v");
    String text = new String(listing, StandardCharsets.US_ASCII);
    String[] lines = text.split("\n", -1);
    assertEquals(4 + 1, lines.length, text);
    assertEquals("drwxr-xr-x", lines[0].substring(0, 10));
    assertEquals("-rwxr-xr-x", lines[1].substring(0, 10));
    assertEquals("lrwxrwxrwx", lines[2].substring(0, 10));
    assertEquals("crw-rw-rw-", lines[3].substring(0, 10));
  }

  @Test
  void equalContentsMakeEqualArchivesOfWholeWords() throws Exception {
    byte[] first = archive();
    assertArrayEquals(first, archive());
    assertEquals(0, first.length % 4);
  }
}
