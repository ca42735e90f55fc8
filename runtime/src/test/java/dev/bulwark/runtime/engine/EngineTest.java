package dev.bulwark.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.runtime.json.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {
  private static final Path BINARY = Path.of("/opt/bulwark/bulwark");

  @TempDir private Path directory;

  @Test
  void dockerKeepsWhatItHas() throws Exception {
    String before =
        "{\"debug\": true, \"runtimes\": {\"runsc\": {\"path\": \"/r\", \"runtimeArgs\": []}},"
            + " \"n\": 1.50, \"x\": null, \"u\": \"\u00e9\"}";
    Path file = file(before);
    assertTrue(Engine.DOCKER.install(file, of("bulwark", BINARY), true));
    assertEquals(before, Files.readString(file));
    assertTrue(Engine.DOCKER.install(file, of("bulwark", BINARY), false));
    assertEquals(
        """
        {
            "debug": true,
            "runtimes": {
                "runsc": {
                    "path": "/r",
                    "runtimeArgs": []
                },
                "bulwark": {
                    "path": "/opt/bulwark/bulwark"
                }
            },
            "n": 1.50,
            "x": null,
            "u": "\u00e9"
        }
        """,
        Files.readString(file));
    assertFalse(Engine.DOCKER.install(file, of("bulwark", BINARY), false));
    assertTrue(Engine.DOCKER.uninstall(file, of("bulwark", BINARY), false));
    assertFalse(Files.readString(file).contains("bulwark"));
    assertTrue(Files.readString(file).contains("runsc"));
    assertFalse(Engine.DOCKER.uninstall(file, of("bulwark", BINARY), false));
  }

  @Test
  void dockerFilesThatAreMissingAreMade() throws Exception {
    Path file = directory.resolve("docker/daemon.json");
    assertTrue(Engine.DOCKER.install(file, of("b", BINARY), true));
    assertFalse(Files.exists(file));
    assertTrue(Engine.DOCKER.install(file, of("b", BINARY), false));
    assertTrue(Files.readString(file).contains("\"path\": \"/opt/bulwark/bulwark\""));
    assertTrue(Engine.DOCKER.uninstall(file, of("b", BINARY), false));
    assertEquals("{}\n", Files.readString(file));
  }

  @Test
  void othersRuntimesAndDefaultsAreLeftAlone() throws Exception {
    Path file = file("{\"runtimes\": {\"b\": {\"path\": \"/other\"}}}");
    says(
        "runtimes.b: is another runtime",
        () -> Engine.DOCKER.install(file, of("b", BINARY), false));
    assertFalse(Engine.DOCKER.uninstall(file, of("b", BINARY), false));
    Path chosen =
        file("{\"default-runtime\": \"b\", \"runtimes\": {\"b\": {\"path\": \"" + BINARY + "\"}}}");
    says("default-runtime: is b", () -> Engine.DOCKER.uninstall(chosen, of("b", BINARY), false));
    says("is not valid JSON", () -> Engine.DOCKER.install(file("{x"), of("b", BINARY), false));
    says("must be an object", () -> Engine.DOCKER.install(file("[]"), of("b", BINARY), false));
  }

  @Test
  void containerdKeepsEveryByte() throws Exception {
    String before = "# mine\nversion = 2 # two\n\n[plugins]\n  [plugins.\"x\"]\n    a = 1";
    Path file = file(before);
    assertTrue(Engine.CONTAINERD.install(file, of("bulwark", BINARY), false));
    String after = Files.readString(file);
    assertEquals(
        before
            + """

            # Bulwark: begin of runtime bulwark
            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.bulwark]
              runtime_type = "io.containerd.runc.v2"
              [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.bulwark.options]
                BinaryName = "/opt/bulwark/bulwark"
            # Bulwark: end of runtime bulwark
            """,
        after);
    assertFalse(Engine.CONTAINERD.install(file, of("bulwark", BINARY), false));
    assertTrue(Engine.CONTAINERD.install(file, of("bulwark", Path.of("/new")), false));
    assertEquals(after.replace(BINARY.toString(), "/new"), Files.readString(file));
    assertTrue(Engine.CONTAINERD.uninstall(file, of("bulwark", BINARY), false));
    assertEquals(before + "\n", Files.readString(file));
  }

  @Test
  void containerdsVersionsAreKnown() throws Exception {
    Path file = file("version = 3\n");
    Engine.CONTAINERD.install(file, of("b", BINARY), false);
    assertTrue(
        Files.readString(file).contains("[plugins.\"io.containerd.cri.v1.runtime\".containerd"));
    Path none = directory.resolve("none.toml");
    Engine.CONTAINERD.install(none, of("b", BINARY), false);
    assertTrue(Files.readString(none).startsWith("version = 2\n# Bulwark"));
    says(
        "version: must be 2 or 3",
        () -> Engine.CONTAINERD.install(file("a = 1\n"), of("b", BINARY), false));
    String taken =
        "version = 2\n[ plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.\"b\" ]\nx = 1\n";
    says(
        "has a runtime b already",
        () -> Engine.CONTAINERD.install(file(taken), of("b", BINARY), false));
  }

  @Test
  void podmanKeepsEveryByte() throws Exception {
    String before = "# c\n[engine]\nx = 1\n[engine.runtimes]\n# kept\ncrun = [\"/c\"]\n[network]\n";
    Path file = file(before);
    assertTrue(Engine.PODMAN.install(file, of("bulwark", BINARY), false));
    assertEquals(
        before.replace(
            "[engine.runtimes]\n",
            """
            [engine.runtimes]
            # Bulwark: begin of runtime bulwark
            bulwark = ["/opt/bulwark/bulwark"]
            # Bulwark: end of runtime bulwark
            """),
        Files.readString(file));
    assertFalse(Engine.PODMAN.install(file, of("bulwark", BINARY), false));
    assertTrue(Engine.PODMAN.uninstall(file, of("bulwark", BINARY), false));
    assertEquals(before, Files.readString(file));
    says(
        "has a runtime crun already", () -> Engine.PODMAN.install(file, of("crun", BINARY), false));
    Path plain = file("[engine]\n");
    Engine.PODMAN.install(plain, of("b", BINARY), false);
    assertTrue(Files.readString(plain).contains("[engine.runtimes]\nb = ["));
  }

  @Test
  void badNamesAndPathsAreRefused() {
    for (String name : new String[] {"", "a b", "a.b", "runc", "a\"", "x".repeat(65)}) {
      says("a runtime's name", () -> Engine.PODMAN.install(file(""), of(name, BINARY), false));
    }
    for (String path : new String[] {"rel", "/a\"b", "/a\nb"}) {
      says(
          "path must be absolute",
          () -> Engine.PODMAN.install(file(""), of("b", Path.of(path)), false));
    }
  }

  @Test
  void linksStayAndPermissionsToo() throws Exception {
    Path file = file("{}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    Engine.DOCKER.install(link, of("b", BINARY), false);
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertTrue(Files.readString(file).contains("/opt/bulwark"));
    Path nowhere = Files.createSymbolicLink(directory.resolve("l2"), directory.resolve("no"));
    says(
        "is a symbolic link to nowhere",
        () -> Engine.DOCKER.install(nowhere, of("b", BINARY), false));
    try (var all = Files.list(directory)) {
      assertTrue(all.noneMatch(path -> path.toString().endsWith(".bulwark")));
    }
  }

  @Test
  void runtimesThatBelongTogetherAreMadeKnownAndForgottenTogether() throws Exception {
    List<Engine.Entry> both =
        List.of(
            new Engine.Entry("bulwark", BINARY),
            new Engine.Entry("bulwark-vm", Path.of("/opt/bulwark/bulwark-vm")));
    for (Engine engine : Engine.values()) {
      Path file = file(engine == Engine.DOCKER ? "" : "version = 2\n");
      assertTrue(engine.install(file, of("bulwark", BINARY), false), "as of an older version");
      assertTrue(engine.install(file, both, false));
      String text = Files.readString(file);
      assertTrue(text.contains("/opt/bulwark/bulwark\""), text);
      assertTrue(text.contains("/opt/bulwark/bulwark-vm\""), text);
      assertFalse(engine.install(file, both, false), text);
      assertTrue(engine.uninstall(file, both, false));
      assertFalse(Files.readString(file).contains("bulwark"), Files.readString(file));
    }
  }

  private static List<Engine.Entry> of(String name, Path binary) {
    return List.of(new Engine.Entry(name, binary));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(
        Files.createTempFile(directory, "engine", ""), text, StandardCharsets.UTF_8);
  }

  private static void says(String part, org.junit.jupiter.api.function.Executable action) {
    String message = assertThrows(ConfigException.class, action).getMessage();
    assertTrue(message.contains(part), message);
  }
}
