package dev.bulwark.sentry.mm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.HostException;
import dev.bulwark.platform.MemoryFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryRangesTest {
  private final MemoryFile file;
  private final MemoryRanges ranges;

  MemoryRangesTest() throws HostException {
    file = MemoryFile.create("test", 1L << 46);
    ranges = new MemoryRanges(file);
  }

  @AfterEach
  void close() {
    file.close();
  }

  @Test
  void preferredPlaceIsTakenWhenFree() {
    assertEquals(0x7000, ranges.allocate(0x7000, 0x2000));
    assertEquals(0x9000, ranges.allocate(0x9000, 0x1000));
    assertNotEquals(0x8000, ranges.allocate(0x8000, 0x1000));
  }

  @Test
  void addressesBeyondTheFileAreCut() {
    assertEquals(0x3ffffff00000L, ranges.allocate(0x7ffffff00000L, 0x1000));
  }

  @Test
  void releasedMemoryReadsAsZeroes() {
    for (long length : new long[] {0x3000, 1 << 20}) {
      long offset = ranges.allocate(0x10000, length);
      file.at(offset, length).fill((byte) 7);
      ranges.release(offset, length);
      assertEquals(offset, ranges.allocate(0x10000, length));
      assertEquals(-1, file.at(offset, length).mismatch(file.at(1L << 40, length)));
      ranges.release(offset, length);
    }
  }

  @Test
  void reusingPartOfAKeptRangeZeroesThatPart() {
    long offset = ranges.allocate(0x10000, 0x4000);
    file.at(offset, 0x4000).fill((byte) 7);
    ranges.release(offset, 0x4000);
    ranges.allocate(offset + 0x1000, 0x1000);
    assertEquals(0, file.at(offset + 0x1000, 1).get(JAVA_BYTE, 0));
    assertEquals(7, file.at(offset, 1).get(JAVA_BYTE, 0));
    assertEquals(0x3000, ranges.keptBytes());
    ranges.trim();
    assertEquals(0, file.at(offset, 1).get(JAVA_BYTE, 0));
  }

  @Test
  void onlyWhatWasTouchedThroughoutIsFilled() {
    long offset = ranges.allocate(0x10000, 0x4000);
    assertFalse(ranges.filled());
    file.at(offset, 0x3000).fill((byte) 7);
    ranges.release(offset, 0x4000);
    ranges.allocate(offset, 0x4000);
    assertFalse(ranges.filled(), "the last page was never touched");
    file.at(offset, 0x4000).fill((byte) 7);
    ranges.release(offset, 0x4000);
    ranges.allocate(offset, 0x4000);
    assertTrue(ranges.filled());
    ranges.release(offset, 0x4000);
    ranges.allocate(offset, 0x5000);
    assertFalse(ranges.filled());
  }

  @Test
  void keptMemoryIsBounded() {
    for (int i = 0; i < 100; i++) {
      long offset = ranges.allocate(i << 16, 1 << 16);
      ranges.release(offset, 1 << 16);
    }
    assertTrue(ranges.keptBytes() <= 1 << 20);
  }

  @Test
  void memoryRunsOutWithTheFile() {
    assertEquals(0, ranges.allocate(0, file.size()));
    assertEquals(-1, ranges.allocate(0, 0x1000));
  }
}
