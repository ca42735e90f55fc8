package dev.bulwark.runtime.json;

import dev.bulwark.runtime.json.JsonValue.JsonArray;
import dev.bulwark.runtime.json.JsonValue.JsonBoolean;
import dev.bulwark.runtime.json.JsonValue.JsonNull;
import dev.bulwark.runtime.json.JsonValue.JsonNumber;
import dev.bulwark.runtime.json.JsonValue.JsonObject;
import dev.bulwark.runtime.json.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place of a document and what is there, perhaps nothing. Its methods turn the value into what
 * the caller needs, and refuse it by the place's name when that cannot be. null counts as absent.
 */
public final class Field {
  private static final int LONGEST_QUOTE = 80;

  private final String document;
  private final @Nullable Field parent;
  private final String name;
  private final @Nullable JsonValue value;

  private Field(String document, @Nullable Field parent, String name, @Nullable JsonValue value) {
    this.document = document;
    this.parent = parent;
    this.name = name;
    this.value = value instanceof JsonNull ? null : value;
  }

  static Field root(String document, JsonValue value) {
    return new Field(document, null, "", value);
  }

  /** Whether there is a value. */
  public boolean present() {
    return value != null;
  }

  /** The member of that name, present or not; of an absent object, an absent one. */
  public Field get(String member) throws ConfigException {
    if (value == null) {
      return new Field(document, this, member, null);
    }
    return new Field(document, this, member, object().members().get(member));
  }

  /** All members; none of an absent object. */
  public Map<String, Field> members() throws ConfigException {
    Map<String, Field> fields = new LinkedHashMap<>();
    if (value != null) {
      for (Map.Entry<String, JsonValue> member : object().members().entrySet()) {
        fields.put(member.getKey(), new Field(document, this, member.getKey(), member.getValue()));
      }
    }
    return fields;
  }

  /** All members as they were read; refuses what is not an object. */
  public Map<String, JsonValue> objectMembers() throws ConfigException {
    return object().members();
  }

  /** All elements; none of an absent array. */
  public List<Field> elements() throws ConfigException {
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof JsonArray array)) {
      throw mustBe("an array");
    }
    List<Field> fields = new ArrayList<>(array.elements().size());
    for (JsonValue element : array.elements()) {
      fields.add(new Field(document, this, "[" + fields.size() + "]", element));
    }
    return fields;
  }

  /** A member that must be there. */
  public Field require(String member) throws ConfigException {
    Field field = get(member);
    if (!field.present()) {
      throw field.refuse("is missing");
    }
    return field;
  }

  /** Refuses what is not an object. */
  public Field requireObject() throws ConfigException {
    object();
    return this;
  }

  /** A string that must be there; never with a NUL. */
  public String text() throws ConfigException {
    if (value == null) {
      throw refuse("must be a string, not null");
    }
    if (!(value instanceof JsonString string)) {
      throw mustBe("a string");
    }
    if (string.value().indexOf('\0') >= 0) {
      throw refuse("has a NUL byte, which the kernel would take for the end");
    }
    return string.value();
  }

  /** A string, empty when there is none. */
  public String textOrEmpty() throws ConfigException {
    return value == null ? "" : text();
  }

  /** A path that must be there and begin with a slash. */
  public String absolutePath() throws ConfigException {
    String path = text();
    if (!path.startsWith("/")) {
      throw refuse("must be an absolute path, not " + quote(path));
    }
    if (path.length() >= 4096) {
      throw refuse("is longer than the 4095 bytes that a path may have");
    }
    return path;
  }

  /** An array of strings; none when it is absent. */
  public List<String> texts() throws ConfigException {
    if (value == null) {
      return List.of();
    }
    List<Field> elements = elements();
    List<String> texts = new ArrayList<>(elements.size());
    for (Field element : elements) {
      texts.add(element.text());
    }
    return List.copyOf(texts);
  }

  /** An array of absolute paths; none when it is absent. */
  public List<String> absolutePaths() throws ConfigException {
    if (value == null) {
      return List.of();
    }
    List<String> paths = new ArrayList<>();
    for (Field element : elements()) {
      paths.add(element.absolutePath());
    }
    return List.copyOf(paths);
  }

  /** An object whose members are strings; empty when it is absent. */
  public Map<String, String> textMap() throws ConfigException {
    if (value == null) {
      return Map.of();
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, Field> member : members().entrySet()) {
      if (member.getKey().isEmpty()) {
        throw refuse("has a member without a name");
      }
      if (member.getKey().indexOf('\0') >= 0) {
        throw member.getValue().refuse("has a NUL byte in its name");
      }
      texts.put(member.getKey(), member.getValue().text());
    }
    return java.util.Collections.unmodifiableMap(texts);
  }

  /** true or false; false when it is absent. */
  public boolean flag() throws ConfigException {
    if (value == null) {
      return false;
    }
    if (!(value instanceof JsonBoolean flag)) {
      throw mustBe("true or false");
    }
    return flag.value();
  }

  /** true or false; null when it is absent. */
  public @Nullable Boolean flagOrNull() throws ConfigException {
    return value == null ? null : flag();
  }

  /** A whole number between two bounds, which must be there. */
  public long integer(long least, long most) throws ConfigException {
    String literal = literal();
    long number;
    try {
      number = Long.parseLong(literal);
    } catch (NumberFormatException e) {
      throw outOfRange(literal, Long.toString(least), Long.toString(most));
    }
    if (number < least || number > most) {
      throw outOfRange(literal, Long.toString(least), Long.toString(most));
    }
    return number;
  }

  /** A whole number between two bounds, or what stands for an absent one. */
  public long integer(long least, long most, long absent) throws ConfigException {
    return value == null ? absent : integer(least, most);
  }

  /** A whole number between two bounds; null when it is absent. */
  public @Nullable Long integerOrNull(long least, long most) throws ConfigException {
    return value == null ? null : integer(least, most);
  }

  /** A whole number between two bounds; null when it is absent. */
  public @Nullable Integer intOrNull(int least, int most) throws ConfigException {
    return value == null ? null : (int) integer(least, most);
  }

  /** A whole number of 64 bits without sign, which must be there. */
  public long unsigned() throws ConfigException {
    String literal = literal();
    try {
      if (!literal.startsWith("-")) {
        return Long.parseUnsignedLong(literal);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw outOfRange(literal, "0", "18446744073709551615");
  }

  /** A whole number of 64 bits without sign; null when it is absent. */
  public @Nullable Long unsignedOrNull() throws ConfigException {
    return value == null ? null : unsigned();
  }

  /**
   * Says what is wrong with this place.
   *
   * @param why begins with a verb: {@code must be a string}
   */
  public ConfigException refuse(String why) {
    String path = path();
    return new ConfigException(
        document + ": " + (path.isEmpty() ? "" : printable(path, 200) + ": ") + why);
  }

  /** Its name from the root of the document: {@code process.args[2]}. */
  public String path() {
    if (parent == null) {
      return name;
    }
    String before = parent.path();
    return before.isEmpty() || name.startsWith("[") ? before + name : before + "." + name;
  }

  /** A text for a message: in quotes, cut, and without control characters. */
  public static String quote(String text) {
    return '"' + printable(text, LONGEST_QUOTE) + '"';
  }

  static String printable(String text, int longest) {
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < text.length() && i < longest; i++) {
      char c = text.charAt(i);
      result.append(c < ' ' || c == 0x7f || c > 0xff ? '?' : c);
    }
    return text.length() > longest ? result.append("...").toString() : result.toString();
  }

  private String literal() throws ConfigException {
    if (value == null) {
      throw refuse("must be a whole number, not null");
    }
    if (!(value instanceof JsonNumber number)) {
      throw mustBe("a whole number");
    }
    String literal = number.literal();
    for (int i = 0; i < literal.length(); i++) {
      char c = literal.charAt(i);
      if (c == '.' || c == 'e' || c == 'E') {
        throw refuse("must be a whole number, not " + printable(literal, LONGEST_QUOTE));
      }
    }
    return literal;
  }

  private ConfigException outOfRange(String literal, String least, String most) {
    return refuse(
        "must be between " + least + " and " + most + ", not " + printable(literal, LONGEST_QUOTE));
  }

  private JsonObject object() throws ConfigException {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw mustBe("an object");
  }

  private ConfigException mustBe(String kind) {
    return refuse("must be " + kind + ", not " + (value == null ? "null" : value.kind()));
  }
}
