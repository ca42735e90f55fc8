package dev.bulwark.platform.stub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two descriptions of a slot, in C and in Java, say the same. */
final class LayoutTest {
  private static final Path SOURCES = Path.of("src/main/c/stub").toAbsolutePath();

  @Test
  void offsetsAndConstantsAgreeWithLayoutH(@TempDir Path directory) throws Exception {
    Map<String, Long> java = new TreeMap<>();
    StringBuilder program =
        new StringBuilder("#include <stdio.h>\n#include \"layout.h\"\nint main(void) {\n");
    for (Field field : Layout.class.getDeclaredFields()) {
      String name = field.getName();
      if (name.startsWith("UC_") || name.equals("APPLICATION_START")) {
        continue; // the kernel's ABI, and policy of the Java side
      }
      java.put(name, ((Number) field.get(null)).longValue());
      String c =
          switch (name) {
            case "OPERATIONS_MAX" -> "OPERATIONS";
            case "OPERATION_SIZE" -> "sizeof(struct operation)";
            default ->
                isMember(name)
                    ? "offsetof(struct slot, " + name.toLowerCase(Locale.ROOT) + ")"
                    : name;
          };
      program.append("printf(\"%s %ld\\n\", \"" + name + "\", (long)(" + c + "));\n");
    }
    Files.writeString(directory.resolve("layout.c"), program + "return 0; }\n");
    run(directory, "gcc", "-I", SOURCES.toString(), "-o", "layout", "layout.c");
    Map<String, Long> c = new TreeMap<>();
    run(directory, "./layout")
        .lines()
        .map(line -> line.split(" "))
        .forEach(word -> c.put(word[0], Long.valueOf(word[1])));
    assertEquals(c, java);
  }

  private static boolean isMember(String name) {
    return switch (name) {
      case "TURN",
          "MESSAGE",
          "NUMBER",
          "ARGUMENTS",
          "SENTRY_ASLEEP",
          "STUB_ASLEEP",
          "SPIN",
          "KICKED",
          "PID",
          "TID",
          "BASES",
          "COUNT",
          "FRAME",
          "FS_BASE",
          "GS_BASE",
          "SAVED",
          "SIGNAL",
          "CODE",
          "ADDRESS",
          "RESULT",
          "ARGUMENT",
          "OPERATIONS" ->
          true;
      default -> false;
    };
  }

  private static String run(Path directory, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
