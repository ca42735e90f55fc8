package dev.bulwark.sentry.fs.proc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptTextsTest {
  @Test
  void whatWasReadLongestAgoIsDroppedFirst() {
    KeptTexts texts = new KeptTexts(1000);
    texts.keep("a", new byte[300]);
    texts.keep("b", new byte[300]);
    assertNotNull(texts.of("a"));
    texts.keep("c", new byte[300]);
    assertNull(texts.of("b"));
    assertNotNull(texts.of("a"));
    assertNotNull(texts.of("c"));
    assertTrue(texts.bytes() <= 1000);
    texts.keep("c", new byte[100]);
    texts.drop("a");
    texts.drop("c");
    assertEquals(0, texts.bytes());
  }

  @Test
  void aTextThatIsTooLongIsKeptAlone() {
    KeptTexts texts = new KeptTexts(1000);
    texts.keep("a", new byte[1]);
    texts.keep("b", new byte[5000]);
    assertNull(texts.of("a"));
    assertNotNull(texts.of("b"));
  }

  @Test
  void manyFilesTakeNoMoreThanFew() {
    KeptTexts texts = new KeptTexts(1 << 20);
    List<Object> files = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      Object file = new Object();
      files.add(file);
      texts.keep(file, new byte[10_000]);
    }
    assertTrue(texts.bytes() <= 1 << 20);
    assertNotNull(texts.of(files.getLast()));
  }
}
