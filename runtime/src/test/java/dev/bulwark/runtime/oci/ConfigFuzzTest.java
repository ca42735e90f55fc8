package dev.bulwark.runtime.oci;

import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.bulwark.runtime.json.ConfigException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged documents: every one is either read or refused with a sentence. */
class ConfigFuzzTest {
  private static final int ROUNDS = 20_000;

  private static final String[] VALUES = {
    "null",
    "true",
    "0",
    "-1",
    "1e400",
    "1.5",
    "18446744073709551616",
    "\"\"",
    "\"x\"",
    "[]",
    "{}",
    "[[[[]]]]",
    "{\"a\": {\"a\": 1}}",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"../../..\"",
    "[null]",
    "-0",
    "9223372036854775808",
    "\"\\u00ff\"",
    "[{}]",
    "[\"\", 1, null]",
    "4294967295",
    "NaN",
    "'x'"
  };

  private int read;
  private int refused;

  @Test
  void damagedDocumentsAreReadOrRefused() {
    Random random = new Random(20260101);
    List<byte[]> originals =
        List.of(
            ConfigText.FULL.getBytes(StandardCharsets.UTF_8),
            DefaultConfig.document("1.2.0"),
            ConfigText.SMALL.getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < ROUNDS; i++) {
      byte[] document = originals.get(i % originals.size()).clone();
      int times = 1 + random.nextInt(3);
      for (int k = 0; k < times; k++) {
        document = damage(document, random);
      }
      check(document, "round " + i);
    }
    // Damage of both outcomes must be among it, or the test tests nothing.
    assertTrue(read > ROUNDS / 20, "read " + read);
    assertTrue(refused > ROUNDS / 4, "refused " + refused);
  }

  @Test
  void everyTruncationIsRefusedOrRead() {
    byte[] full = ConfigText.FULL.getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < full.length; length++) {
      check(Arrays.copyOf(full, length), "length " + length);
    }
  }

  @Test
  void everyValueOfEveryOtherTypeIsReadOrRefused() {
    byte[] full = ConfigText.FULL.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < full.length; at++) {
      if (full[at] == ':') {
        for (String value : VALUES) {
          check(replaceValue(full, at + 1, value), "value " + value + " at " + at);
        }
      }
    }
  }

  @Test
  void hugeDocumentsAreReadOrRefused() {
    int size = 8 << 20;
    for (String piece :
        new String[] {
          "[",
          "{\"a\":",
          "0,",
          "[],",
          "{},",
          "\"",
          " ",
          "9",
          "-",
          "\\u0000",
          "\u00e9",
          "\0",
          "\"a\":1,"
        }) {
      for (String head : new String[] {"", "[", "{\"a\":[", "\"", "{\"process\":{\"args\":[\""}) {
        byte[] document =
            (head + piece.repeat((size - 100) / piece.length() / 2))
                .getBytes(StandardCharsets.UTF_8);
        check(document, head + piece);
      }
    }
  }

  private void check(byte[] document, String what) {
    assertTimeout(Duration.ofSeconds(1), () -> parse(document, what), what);
  }

  private void parse(byte[] document, String what) {
    try {
      Documents.config(document);
      read++;
    } catch (ConfigException e) {
      refused++;
      String message = e.getMessage();
      boolean sentence =
          message.startsWith("config.json: ") && message.length() > 20 && message.length() < 700;
      for (int i = 0; i < message.length(); i++) {
        sentence &= message.charAt(i) >= ' ' && message.charAt(i) < 0x100;
      }
      assertTrue(sentence, what + ": " + message);
    } catch (RuntimeException | Error e) {
      fail(what + ": " + new String(document, StandardCharsets.ISO_8859_1), e);
    }
  }

  private static byte[] damage(byte[] document, Random random) {
    if (document.length < 4) {
      return document;
    }
    int at = random.nextInt(document.length);
    int other = random.nextInt(document.length);
    switch (random.nextInt(9)) {
      case 0 -> {
        document[at] ^= (byte) (1 << random.nextInt(8));
        return document;
      }
      case 1 -> {
        return random.nextInt(4) == 0 ? Arrays.copyOf(document, at) : document;
      }
      case 2 -> {
        return swapTokens(document, random);
      }
      case 3 -> {
        int colon = find(document, ':', at);
        return replaceValue(document, colon + 1, VALUES[random.nextInt(VALUES.length)]);
      }
      case 4 -> {
        String deep = random.nextBoolean() ? "[" : "{\"x\":";
        return splice(document, at, at, deep.repeat(random.nextInt(200)));
      }
      case 5 -> {
        int digit = at;
        while (digit < document.length && (document[digit] < '0' || document[digit] > '9')) {
          digit++;
        }
        return splice(document, digit, digit, "9".repeat(random.nextInt(3000)));
      }
      case 6 -> {
        // A piece of the document twice: duplicated names, among others.
        int from = Math.min(at, other);
        int to = Math.min(Math.max(at, other), from + 200);
        return splice(
            document, to, to, new String(document, from, to - from, StandardCharsets.ISO_8859_1));
      }
      case 7 -> {
        String[] bad = {"\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00f5", "\0", "\u0080"};
        return splice(document, at, at, bad[random.nextInt(bad.length)]);
      }
      default -> {
        int to = Math.min(document.length, at + random.nextInt(30));
        return splice(document, at, to, "");
      }
    }
  }

  private static byte[] swapTokens(byte[] document, Random random) {
    String text = new String(document, StandardCharsets.ISO_8859_1);
    List<String> tokens = new ArrayList<>(Arrays.asList(text.split("(?=[{}\\[\\]:, ])", -1)));
    int a = random.nextInt(tokens.size());
    int b = random.nextInt(tokens.size());
    String kept = tokens.get(a);
    tokens.set(a, tokens.get(b));
    tokens.set(b, kept);
    return String.join("", tokens).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Puts another value where one begins, which ends with its brackets, or at a comma. */
  private static byte[] replaceValue(byte[] document, int from, String value) {
    int depth = 0;
    boolean quoted = false;
    int at = from;
    for (; at < document.length; at++) {
      byte c = document[at];
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == '{' || c == '[')) {
        depth++;
      } else if (!quoted && (c == '}' || c == ']') && --depth < 0) {
        break;
      } else if (!quoted && c == ',' && depth == 0) {
        break;
      }
    }
    return splice(document, from, at, value);
  }

  private static int find(byte[] document, char wanted, int from) {
    for (int i = from; i < document.length; i++) {
      if (document[i] == wanted) {
        return i;
      }
    }
    return from - 1;
  }

  private static byte[] splice(byte[] document, int from, int to, String with) {
    int begin = Math.min(Math.max(from, 0), document.length);
    int end = Math.max(begin, Math.min(to, document.length));
    byte[] middle = with.getBytes(StandardCharsets.ISO_8859_1);
    byte[] result = new byte[begin + middle.length + document.length - end];
    System.arraycopy(document, 0, result, 0, begin);
    System.arraycopy(middle, 0, result, begin, middle.length);
    System.arraycopy(document, end, result, begin + middle.length, document.length - end);
    return result;
  }
}
