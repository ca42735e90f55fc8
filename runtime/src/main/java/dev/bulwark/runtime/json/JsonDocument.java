package dev.bulwark.runtime.json;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a document into a tree. Strict: RFC 8259 to the letter, valid UTF-8, every name once in its
 * object, nothing after the value.
 */
public final class JsonDocument {
  /** The largest document that is read, in bytes. */
  public static final int MAX_BYTES = 8 << 20;

  /** How deep arrays and objects nest at most. */
  static final int MAX_DEPTH = 64;

  /** How many values a document holds at most, so that a small heap can hold them. */
  static final int MAX_VALUES = 1 << 17;

  /** How long a string is at most, in bytes; eight times what Linux takes as an argument. */
  static final int MAX_STRING = 1 << 20;

  private static final JsonValue TRUE = new JsonValue.JsonBoolean(true);
  private static final JsonValue FALSE = new JsonValue.JsonBoolean(false);
  private static final JsonValue NULL = new JsonValue.JsonNull();

  private final String title;
  private final JsonReader tokens;
  private int values;

  private JsonDocument(String title, JsonReader tokens) {
    this.title = title;
    this.tokens = tokens;
  }

  /**
   * Reads a whole document.
   *
   * @param title what messages call it, {@code config.json}
   * @param bytes the document
   * @throws ConfigException when it is no JSON, or more than the bounds allow
   */
  public static Field read(String title, byte[] bytes) throws ConfigException {
    if (bytes.length > MAX_BYTES) {
      throw new ConfigException(
          title + ": is larger than " + (MAX_BYTES >> 20) + " MiB; no container needs that much");
    }
    JsonReader tokens =
        new JsonReader(
            new InputStreamReader(
                new ByteArrayInputStream(bytes),
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
    tokens.setStrictness(Strictness.STRICT);
    tokens.setNestingLimit(MAX_DEPTH + 1);
    return new JsonDocument(title, tokens).document(bytes.length);
  }

  private Field document(int length) throws ConfigException {
    if (length == 0) {
      throw new ConfigException(title + ": is empty; it must hold a JSON object");
    }
    try {
      JsonValue root = value(0);
      if (tokens.peek() != JsonToken.END_DOCUMENT) {
        throw new ConfigException(title + ": goes on after the end of its JSON object");
      }
      return Field.root(title, root);
    } catch (EOFException e) {
      throw new ConfigException(title + place() + ": ends too early; it was cut short");
    } catch (CharacterCodingException e) {
      throw new ConfigException(
          title + place() + ": is not UTF-8 text from about here on; JSON must be");
    } catch (MalformedJsonException | IllegalStateException e) {
      throw new ConfigException(title + place() + ": is not valid JSON" + position(e));
    } catch (IOException e) {
      throw new ConfigException(title + place() + ": cannot be read: " + e.getMessage());
    }
  }

  @SuppressWarnings("IfChainToSwitch") // A switch would need one more class at every start.
  private JsonValue value(int depth) throws IOException, ConfigException {
    if (++values > MAX_VALUES) {
      throw new ConfigException(
          title + place() + ": the document has more than " + MAX_VALUES + " values");
    }
    JsonToken token = tokens.peek();
    if (token == JsonToken.STRING) {
      return new JsonValue.JsonString(bytes(tokens.nextString()));
    } else if (token == JsonToken.BEGIN_OBJECT) {
      deeper(depth);
      return object(depth + 1);
    } else if (token == JsonToken.BEGIN_ARRAY) {
      deeper(depth);
      return array(depth + 1);
    } else if (token == JsonToken.NUMBER) {
      return new JsonValue.JsonNumber(tokens.nextString());
    } else if (token == JsonToken.BOOLEAN) {
      return tokens.nextBoolean() ? TRUE : FALSE;
    }
    tokens.nextNull();
    return NULL;
  }

  private void deeper(int depth) throws ConfigException {
    if (depth >= MAX_DEPTH) {
      throw new ConfigException(title + ": nests deeper than " + MAX_DEPTH + " levels");
    }
  }

  private JsonValue object(int depth) throws IOException, ConfigException {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    tokens.beginObject();
    while (tokens.hasNext()) {
      String name = bytes(tokens.nextName());
      if (members.put(name, value(depth)) != null) {
        throw new ConfigException(
            title + place() + ": is given twice; which one is meant cannot be told");
      }
    }
    tokens.endObject();
    return new JsonValue.JsonObject(members);
  }

  private JsonValue array(int depth) throws IOException, ConfigException {
    List<JsonValue> elements = new ArrayList<>();
    tokens.beginArray();
    while (tokens.hasNext()) {
      elements.add(value(depth));
    }
    tokens.endArray();
    return new JsonValue.JsonArray(elements);
  }

  /** The UTF-8 of a text, a char a byte. */
  private String bytes(String text) throws ConfigException {
    boolean ascii = true;
    for (int i = 0; ascii && i < text.length(); i++) {
      ascii = text.charAt(i) < 0x80;
    }
    String result = text;
    if (!ascii) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          i++;
        } else if (Character.isSurrogate(c)) {
          throw new ConfigException(
              title + place() + ": has half of a surrogate pair, which is no character");
        }
      }
      result = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
    if (result.length() > MAX_STRING) {
      throw new ConfigException(
          title + place() + ": is longer than " + (MAX_STRING >> 20) + " MiB");
    }
    return result;
  }

  /** Where the reader is, to stand after the title: empty, or {@code : process.args[2]}. */
  private String place() {
    // Of what people can want to read; a name can be a MiB long.
    int enough = 200;
    String path = tokens.getPreviousPath();
    String names = path.startsWith("$.") ? path.substring(2) : path.substring(1);
    if (names.isEmpty()) {
      return "";
    }
    return ": " + Field.printable(names, enough);
  }

  /** Line and column, which the reader tells in the text of its errors only. */
  private static String position(Exception e) {
    String message = e.getMessage();
    if (message == null) {
      return "";
    }
    int line = message.indexOf(" at line ");
    int end = line < 0 ? -1 : message.indexOf(" path ", line);
    return end < 0 ? "" : message.substring(line, end);
  }
}
