package dev.bulwark.runtime.json;

import java.util.List;
import java.util.Map;

/** A value of a document. Strings and names are byte strings: a char a byte of their UTF-8. */
public sealed interface JsonValue {
  /** What people call a value of this kind, with its article. */
  String kind();

  /** Members in the order of the document; each name once. */
  record JsonObject(Map<String, JsonValue> members) implements JsonValue {
    @Override
    public String kind() {
      return "an object";
    }
  }

  /** Elements in order. */
  record JsonArray(List<JsonValue> elements) implements JsonValue {
    @Override
    public String kind() {
      return "an array";
    }
  }

  /** A string. */
  record JsonString(String value) implements JsonValue {
    @Override
    public String kind() {
      return "a string";
    }
  }

  /** A number, as it is written; of the form that JSON prescribes. */
  record JsonNumber(String literal) implements JsonValue {
    @Override
    public String kind() {
      return "a number";
    }
  }

  /** true or false. */
  record JsonBoolean(boolean value) implements JsonValue {
    @Override
    public String kind() {
      return value ? "true" : "false";
    }
  }

  /** null, which means the same as no value. */
  record JsonNull() implements JsonValue {
    @Override
    public String kind() {
      return "null";
    }
  }
}
