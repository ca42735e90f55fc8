package dev.bulwark.runtime.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
  @Test
  void oneLine() {
    JsonWriter out = JsonWriter.compact().object();
    out.add("a", "x").add("b", 1).add("c", true).add("d", List.of("p", "q"));
    out.object("e").endObject().array("f").element(1).element(2).endArray();
    out.add("g", Map.of("h", "i")).addUnsigned("j", -1).endObject();
    assertEquals(
        "{\"a\":\"x\",\"b\":1,\"c\":true,\"d\":[\"p\",\"q\"],\"e\":{},\"f\":[1,2],"
            + "\"g\":{\"h\":\"i\"},\"j\":18446744073709551615}",
        out.toString());
  }

  @Test
  void indented() {
    JsonWriter out = JsonWriter.indented("  ").object();
    out.add("a", List.of("p")).add("b", List.of()).endObject();
    assertEquals("{\n  \"a\": [\n    \"p\"\n  ],\n  \"b\": []\n}", out.toString());
  }

  @Test
  void whatIsWrittenIsReadBack() throws ConfigException {
    StringBuilder all = new StringBuilder();
    for (char c = 1; c < 0x80; c++) {
      all.append(c);
    }
    all.append(bytes("\u00e9\u20ac\ud83d\ude00"));
    JsonWriter out = JsonWriter.compact().object();
    out.add(all.toString(), all.toString()).endObject();
    Field top = JsonDocument.read("d", out.toBytes());
    assertEquals(all.toString(), top.get(all.toString()).text());
  }

  @Test
  void bytesThatAreNoTextAreReplaced() {
    assertEquals("[\"\\ufffdx\"]", array("\u00ffx"));
    assertEquals("[\"\\ufffd\"]", array("\u00c3"));
    assertEquals("[\"\\ufffd\\ufffd\"]", array("\u00c0\u0080"));
    assertEquals("[\"\\ufffd\\ufffd\\ufffd\"]", array("\u00ed\u00a0\u0080"));
    assertEquals("[\"\\ufffd\\ufffd\\ufffd\\ufffd\"]", array("\u00f4\u0090\u0080\u0080"));
    assertEquals("[\"" + bytes("\u20ac") + "\"]", array(bytes("\u20ac")));
  }

  private static String array(String text) {
    return JsonWriter.compact().array().element(text).endArray().toString();
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
