package dev.bulwark.runtime.engine;

import dev.bulwark.runtime.json.ConfigException;
import dev.bulwark.runtime.json.Field;
import dev.bulwark.runtime.json.JsonDocument;
import dev.bulwark.runtime.json.JsonValue;
import dev.bulwark.runtime.json.JsonValue.JsonObject;
import dev.bulwark.runtime.json.JsonValue.JsonString;
import dev.bulwark.runtime.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Docker's daemon.json. */
final class DockerConfig {
  private DockerConfig() {}

  static String with(String title, String text, List<Engine.Entry> ours) throws ConfigException {
    Map<String, JsonValue> top = read(title, text);
    Map<String, JsonValue> runtimes = runtimes(title, top);
    boolean changed = false;
    for (Engine.Entry runtime : ours) {
      JsonValue old = runtimes.get(runtime.name());
      if (old == null) {
        JsonString path = new JsonString(runtime.binary().toString());
        runtimes.put(runtime.name(), new JsonObject(Map.of("path", path)));
        changed = true;
      } else if (!is(old, runtime)) {
        throw new ConfigException(
            title
                + ": runtimes."
                + runtime.name()
                + ": is another runtime already; choose a name with --runtime, or remove that one");
      }
    }
    top.put("runtimes", new JsonObject(runtimes));
    return changed ? write(top) : text;
  }

  static String without(String title, String text, List<Engine.Entry> ours) throws ConfigException {
    Map<String, JsonValue> top = read(title, text);
    Map<String, JsonValue> runtimes = runtimes(title, top);
    boolean changed = false;
    for (Engine.Entry runtime : ours) {
      JsonValue old = runtimes.get(runtime.name());
      if (old != null && is(old, runtime)) {
        if (top.get("default-runtime") instanceof JsonString chosen
            && chosen.value().equals(runtime.name())) {
          throw new ConfigException(
              title + ": default-runtime: is " + runtime.name() + "; choose another one first");
        }
        runtimes.remove(runtime.name());
        changed = true;
      }
    }
    if (!changed) {
      return text;
    }
    if (runtimes.isEmpty()) {
      top.remove("runtimes");
    } else {
      top.put("runtimes", new JsonObject(runtimes));
    }
    return write(top);
  }

  private static boolean is(JsonValue value, Engine.Entry runtime) {
    return value instanceof JsonObject object
        && object.members().get("path") instanceof JsonString path
        && path.value().equals(runtime.binary().toString());
  }

  private static Map<String, JsonValue> read(String title, String text) throws ConfigException {
    if (text.isBlank()) {
      return new LinkedHashMap<>();
    }
    Field top = JsonDocument.read(title, text.getBytes(StandardCharsets.ISO_8859_1));
    return new LinkedHashMap<>(top.objectMembers());
  }

  private static Map<String, JsonValue> runtimes(String title, Map<String, JsonValue> top)
      throws ConfigException {
    JsonValue runtimes = top.get("runtimes");
    if (runtimes == null || runtimes instanceof JsonValue.JsonNull) {
      return new LinkedHashMap<>();
    }
    if (runtimes instanceof JsonObject object) {
      return new LinkedHashMap<>(object.members());
    }
    throw new ConfigException(title + ": runtimes: must be an object, not " + runtimes.kind());
  }

  private static String write(Map<String, JsonValue> top) {
    JsonWriter out = JsonWriter.indented("    ");
    out.element(new JsonObject(top));
    return out + "\n";
  }
}
