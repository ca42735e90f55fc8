package dev.bulwark.runtime.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonDocumentTest {
  @Test
  void valuesComeAsTheyAreWritten() throws ConfigException {
    Field top =
        read(
            """
            {"text": "a\\nb", "number": -12, "big": 18446744073709551615, "yes": true,
             "list": ["x", "y"], "map": {"k": "v"}, "nothing": null}
            """);
    assertEquals("a\nb", top.get("text").text());
    assertEquals(-12, top.get("number").integer(-20, 0));
    assertEquals(-1L, top.get("big").unsigned());
    assertTrue(top.get("yes").flag());
    assertEquals(List.of("x", "y"), top.get("list").texts());
    assertEquals("v", top.get("map").textMap().get("k"));
    assertFalse(top.get("nothing").present());
    assertFalse(top.get("nowhere").get("deeper").present());
  }

  @Test
  void textBecomesItsBytes() throws ConfigException {
    Field top =
        read("{\"raw\": \"\u00e9\", \"escaped\": \"\\u00e9\", \"pair\": \"\\ud83d\\ude00\"}");
    assertEquals("\u00c3\u00a9", top.get("raw").text());
    assertEquals("\u00c3\u00a9", top.get("escaped").text());
    assertEquals("\u00f0\u009f\u0098\u0080", top.get("pair").text());
  }

  @Test
  void refusalsNameTheField() throws ConfigException {
    Field top = read("{\"process\": {\"args\": [\"a\", \"b\", 3], \"cwd\": \"x\", \"n\": 1.5}}");
    Field process = top.get("process");
    says(
        "d.json: process.args[2]: must be a string, not a number",
        () -> process.get("args").texts());
    says(
        "d.json: process.cwd: must be an absolute path, not \"x\"",
        process.get("cwd")::absolutePath);
    says(
        "d.json: process.n: must be a whole number, not 1.5", () -> process.get("n").integer(0, 9));
    says("d.json: process.none: is missing", () -> process.require("none"));
    says("d.json: process: must be an array, not an object", process::elements);
    says(
        "d.json: process.args[2]: must be between 4 and 5, not 3",
        () -> process.get("args").elements().get(2).integer(4, 5));
  }

  @Test
  void whatIsNoJsonIsRefused() {
    refused("", "d.json: is empty; it must hold a JSON object");
    refused("{\"a\": [1, 2", "d.json: a[1]: ends too early; it was cut short");
    refused("{\"a\": 1} x", "is not valid JSON at line 1 column 1");
    refused("{\"a\": 1}{", "is not valid JSON at line 1 column 1");
    refused("{\"a\": {\"b\": 'x'}}", "is not valid JSON at line 1 column 1");
    refused("{\"a\": 01}", "is not valid JSON");
    refused("{\"a\": NaN}", "is not valid JSON");
    refused("{\"a\": 1,}", "is not valid JSON");
    refused("{\"a\": \"\\x\"}", "is not valid JSON");
    refused("{\"a\": \"\t\"}", "is not valid JSON");
    refused("{\"a\": TRUE}", "is not valid JSON");
    refused("// comment\n{}", "is not valid JSON");
    refused("{\"a\": \"\\ud800\"}", "d.json: a: has half of a surrogate pair");
    refused("{\"a\": {\"b\": 1, \"b\": 2}}", "d.json: a.b: is given twice");
    refused("{\"a\": 1, \"\\u0061\": 2}", "d.json: a: is given twice");
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    byte[] latin = "{\"a\": \"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    says("is not UTF-8 text", () -> JsonDocument.read("d.json", latin));
  }

  @Test
  void boundsAreKept() {
    refused("[".repeat(100_000), "nests deeper than 64 levels");
    refused("{\"a\":".repeat(65) + "1" + "}".repeat(65), "nests deeper than 64 levels");
    refused("[" + "0,".repeat(200_000) + "0]", "has more than 131072 values");
    refused("[\"" + "x".repeat((1 << 20) + 1) + "\"]", "is longer than 1 MiB");
    refused("[" + "9".repeat(5000) + "]", "d.json");
    refused(" ".repeat((8 << 20) + 1), "is larger than 8 MiB");
  }

  @Test
  void depthAtTheBoundIsRead() throws ConfigException {
    assertTrue(read("[".repeat(64) + "]".repeat(64)).present());
  }

  private static Field read(String text) throws ConfigException {
    return JsonDocument.read("d.json", text.getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(String text, String part) {
    says(part, () -> read(text));
  }

  private static void says(String part, org.junit.jupiter.api.function.Executable action) {
    String message = assertThrows(ConfigException.class, action).getMessage();
    assertTrue(message.contains(part), message);
  }
}
