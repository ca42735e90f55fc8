package dev.bulwark.runtime.json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a document. Takes byte strings; a byte that is not part of valid UTF-8 becomes U+FFFD, as
 * in Go's encoder, so that the output is always JSON. The caller closes what it opens. Not
 * thread-safe.
 *
 * <p>The methods named {@code add} write a member of the open object, {@code element} one of the
 * open array.
 */
public final class JsonWriter {
  private static final String REPLACEMENT = "\\ufffd";

  private final StringBuilder out = new StringBuilder();
  private final @Nullable String indent;
  private int depth;
  private boolean first = true;

  private JsonWriter(@Nullable String indent) {
    this.indent = indent;
  }

  /** Everything in one line, as in logs and events. */
  public static JsonWriter compact() {
    return new JsonWriter(null);
  }

  /** A line for each value, for people. */
  public static JsonWriter indented(String indent) {
    return new JsonWriter(indent);
  }

  /** Opens the document's object, or one that is an element of an array. */
  public JsonWriter object() {
    next();
    return open('{');
  }

  /** Opens an object that is a member. */
  public JsonWriter object(String name) {
    name(name);
    return open('{');
  }

  /** Opens the document's array, or one that is an element of an array. */
  public JsonWriter array() {
    next();
    return open('[');
  }

  /** Opens an array that is a member. */
  public JsonWriter array(String name) {
    name(name);
    return open('[');
  }

  /** Closes the innermost object. */
  public JsonWriter endObject() {
    return close('}');
  }

  /** Closes the innermost array. */
  public JsonWriter endArray() {
    return close(']');
  }

  /** A string. */
  public JsonWriter add(String name, String value) {
    name(name);
    string(value);
    return this;
  }

  /** A number. */
  public JsonWriter add(String name, long value) {
    name(name);
    out.append(value);
    return this;
  }

  /** A number of 64 bits without sign. */
  public JsonWriter addUnsigned(String name, long value) {
    name(name);
    out.append(Long.toUnsignedString(value));
    return this;
  }

  /** true or false. */
  public JsonWriter add(String name, boolean value) {
    name(name);
    out.append(value);
    return this;
  }

  /** An array of strings. */
  public JsonWriter add(String name, List<String> values) {
    array(name);
    for (String value : values) {
      element(value);
    }
    return endArray();
  }

  /** An object of strings. */
  public JsonWriter add(String name, Map<String, String> values) {
    object(name);
    for (Map.Entry<String, String> entry : values.entrySet()) {
      add(entry.getKey(), entry.getValue());
    }
    return endObject();
  }

  /** A string. */
  public JsonWriter element(String value) {
    next();
    string(value);
    return this;
  }

  /** A number. */
  public JsonWriter element(long value) {
    next();
    out.append(value);
    return this;
  }

  /** A whole value, as it was read. */
  public JsonWriter element(JsonValue value) {
    next();
    value(value);
    return this;
  }

  /** The document so far, a byte string without a line feed at its end. */
  @Override
  public String toString() {
    return out.toString();
  }

  /** The document so far, with a line feed at its end. */
  public byte[] toBytes() {
    return (out + "\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  private void value(JsonValue value) {
    switch (value) {
      case JsonValue.JsonObject object -> {
        open('{');
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
          name(member.getKey());
          value(member.getValue());
        }
        close('}');
      }
      case JsonValue.JsonArray array -> {
        open('[');
        for (JsonValue element : array.elements()) {
          element(element);
        }
        close(']');
      }
      case JsonValue.JsonString text -> string(text.value());
      case JsonValue.JsonNumber number -> out.append(number.literal());
      case JsonValue.JsonBoolean flag -> out.append(flag.value());
      case JsonValue.JsonNull none -> out.append("null");
    }
  }

  private void name(String name) {
    next();
    string(name);
    out.append(indent == null ? ":" : ": ");
  }

  private void next() {
    if (depth > 0) {
      if (!first) {
        out.append(',');
      }
      line();
    }
    first = false;
  }

  private void line() {
    if (indent != null) {
      out.append('\n').append(indent.repeat(depth));
    }
  }

  private JsonWriter open(char bracket) {
    out.append(bracket);
    depth++;
    first = true;
    return this;
  }

  private JsonWriter close(char bracket) {
    depth--;
    if (!first) {
      line();
    }
    out.append(bracket);
    first = false;
    return this;
  }

  private void string(String bytes) {
    out.append('"');
    int i = 0;
    while (i < bytes.length()) {
      char c = bytes.charAt(i);
      if (c >= 0x80) {
        int length = sequence(bytes, i);
        if (length == 0) {
          out.append(REPLACEMENT);
          i++;
        } else {
          out.append(bytes, i, i + length);
          i += length;
        }
        continue;
      }
      i++;
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (c == '\t') {
        out.append("\\t");
      } else if (c == '\r') {
        out.append("\\r");
      } else if (c < ' ' || c == 0x7f) {
        out.append("\\u00").append(hex(c >> 4)).append(hex(c & 15));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  /** The length of the valid UTF-8 sequence of more than one byte at a position, or 0. */
  private static int sequence(String bytes, int at) {
    int lead = bytes.charAt(at);
    int length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || at + length > bytes.length()) {
      return 0;
    }
    int point = lead & (0x7f >> length);
    for (int i = 1; i < length; i++) {
      int next = bytes.charAt(at + i);
      if ((next & ~0x3f) != 0x80) {
        return 0;
      }
      point = point << 6 | next & 0x3f;
    }
    boolean overlong = length == 3 && point < 0x800 || length == 4 && point < 0x10000;
    boolean surrogate = point >= 0xd800 && point < 0xe000;
    return overlong || surrogate || point > 0x10ffff ? 0 : length;
  }

  private static char hex(int digit) {
    return "0123456789abcdef".charAt(digit);
  }
}
