package dev.bulwark.tests.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.Execution;
import dev.bulwark.tests.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Namespaces, devices, parameters and hooks: what a configuration brings about, or why it fails.
 */
@Timeout(300)
class ConfigEffectsTest extends OneContainer {

  private Path config() {
    return bundle.directory().resolve("config.json");
  }

  private OciRuntime.Result runIt() throws Exception {
    return runtime.run("run", "--bundle", bundle.directory().toString(), id);
  }

  /** Runs a script with parts of its configuration replaced. */
  private String shows(String script, String... replacements) throws Exception {
    bundle.script(script);
    String text = OciRuntime.read(config());
    for (int i = 0; i < replacements.length; i += 2) {
      assertTrue(text.contains(replacements[i]), replacements[i]);
      text = text.replace(replacements[i], replacements[i + 1]);
    }
    Files.writeString(config(), text);
    return runIt().out();
  }

  private void refused(String message, String... replacements) throws Exception {
    String out = shows("echo ran", replacements);
    assertTrue(out.contains(message) && !out.contains("ran\n"), out);
    String log = OciRuntime.read(runtime.log());
    assertTrue(log.endsWith("\"}\n") && log.lines().allMatch(line -> line.startsWith("{")), log);
  }

  @Test
  void namesAreTheHostsOrThoseOfTheNamespaceThatIsJoined() throws Exception {
    String host = Files.readString(Path.of("/proc/sys/kernel/hostname"));
    String named = "\"hostname\": \"inside\",";
    assertEquals(host, shows("hostname", named, ""));
    assertEquals(host, shows("hostname", named, "", ", {\"type\": \"uts\"}", ""));
    Process other =
        new ProcessBuilder("unshare", "--uts", "sh", "-c", "hostname elsewhere; echo up; read x")
            .start();
    try {
      assertEquals('u', other.getInputStream().read());
      String joined = "{\"type\": \"uts\", \"path\": \"/proc/%d/ns/uts\"}".formatted(other.pid());
      assertEquals("elsewhere\n", shows("hostname", named, "", "{\"type\": \"uts\"}", joined));
      assertEquals("inside\n", shows("hostname", "{\"type\": \"uts\"}", joined));
      assertEquals(host, Files.readString(Path.of("/proc/sys/kernel/hostname")));
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  @Test
  void namespacesOfOthersAreRefusedByName() throws Exception {
    for (String type : List.of("pid", "ipc", "mount")) {
      refused(
          "linux.namespaces: path of " + type + ": is not supported",
          "{\"type\": \"" + type + "\"}",
          "{\"type\": \"%s\", \"path\": \"/proc/self/ns/mnt\"}".formatted(type));
    }
    refused(
        "linux.uidMappings: is not supported; numbers inside are the host's",
        "{\"type\": \"pid\"}",
        "{\"type\": \"pid\"}, {\"type\": \"user\"}",
        "\"namespaces\"",
        """
        "uidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}],
        "gidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}], "namespaces"
        """);
    refused(
        "the uts namespace cannot be joined",
        "\"hostname\": \"inside\",",
        "",
        "{\"type\": \"uts\"}",
        "{\"type\": \"uts\", \"path\": \"/nonexistent\"}");
    refused(
        "the network namespace cannot be joined",
        "{\"type\": \"network\"}",
        "{\"type\": \"network\", \"path\": \"/nonexistent\"}");
  }

  @Test
  void ownDevicesAreMadeAsListedAndOthersAreRefused() throws Exception {
    String listed =
        """
        "devices": [
          {"path": "/dev/null", "type": "c", "major": 1, "minor": 3, "fileMode": 438, "uid": 7, "gid": 8},
          {"path": "/dev/nothing", "type": "c", "major": 1, "minor": 3, "fileMode": 384},
          {"path": "/dev/pipe", "type": "p"} %s],
        """;
    bundle.linux(listed.formatted(""));
    assertEquals(
        "666 7:8\n600\nfifo\nx\n",
        shows(
            "stat -c '%a %u:%g' /dev/null; stat -c %a /dev/nothing; echo gone >/dev/nothing;"
                + " stat -c %F /dev/pipe; (echo x >/dev/pipe &) ; cat /dev/pipe"));
    String more = ", {\"path\": \"/dev/fuse\", \"type\": \"c\", \"major\": 10, \"minor\": 229}";
    bundle.linux(listed.formatted(more));
    refused("linux.devices[3] (/dev/fuse): is not supported; no device of the host");
    bundle.linux(
        listed.formatted(more)
            + "\"resources\": {\"devices\": [{\"allow\": true, \"access\": \"rwm\"}]},");
    assertEquals(
        "bulwark: warning: the container goes without 1 devices of the host, such as /dev/fuse:"
            + " no device of the host is reachable from a sandbox\nran\n",
        shows("test -e /dev/fuse || echo ran"));
  }

  @Test
  void parametersAreSetOrRefused() throws Exception {
    bundle.linux(
        """
        "sysctl": {"kernel.domainname": "example.org", "kernel.sem": "32000 1024000000 500 32000",
          "net.ipv4.ip_forward": "1", "net/ipv4/ip_default_ttl": "77"},
        """);
    assertEquals(
        "example.org\n1\n77\n",
        shows("cd /proc/sys; cat kernel/domainname net/ipv4/ip_forward net/ipv4/ip_default_ttl"));
    bundle.linux("\"sysctl\": {\"kernel.shmmni\": \"17\"},");
    refused("linux.sysctl: kernel.shmmni is 4096 in a sandbox and cannot be changed");
    bundle.linux("\"sysctl\": {\"kernel.nosuch\": \"1\"},");
    refused("linux.sysctl: kernel.nosuch is no parameter of a sandbox");
    bundle.linux("\"sysctl\": {\"net.ipv4.ip_forward\": \"1\"},");
    refused("linux.sysctl: net.ipv4.ip_forward is the host's", ", {\"type\": \"network\"}", "");
  }

  @Test
  void pathsAreMaskedWithoutADeviceInTheImage() throws Exception {
    Files.writeString(bundle.root().resolve("srv/secret"), "secret\n");
    Files.writeString(bundle.root().resolve("dev/null"), "an image's own\n");
    bundle.linux("\"maskedPaths\": [\"/srv/secret\", \"/proc/meminfo\", \"/nosuch\"],");
    bundle.script("cat /srv/secret /proc/meminfo /dev/null");
    String text = OciRuntime.read(config());
    int from = text.indexOf("{\"destination\": \"/dev\"");
    int to = text.indexOf("{\"destination\": \"/dev/pts\"");
    Files.writeString(config(), text.substring(0, from) + text.substring(to));
    assertEquals("an image's own\n", runIt().out());
  }

  @Test
  void whatIsAcceptedChangesNothing() throws Exception {
    bundle.linux("\"personality\": {\"domain\": \"LINUX\"},");
    bundle.process(
        """
        "scheduler": {"policy": "SCHED_BATCH", "nice": 3},
        "ioPriority": {"class": "IOPRIO_CLASS_BE", "priority": 5},
        """);
    assertEquals("ran\n", shows("echo ran"));
  }

  @Test
  void eachKindOfHookFailsAsSpecified() throws Exception {
    Path log = directory.resolve("hooks");
    for (String kind : List.of("prestart", "createRuntime", "createContainer", "startContainer")) {
      bundle.top(hooks(kind, "exit 3", log));
      String out = shows("echo ran >/srv/ran");
      assertTrue(out.contains("error running " + kind + " hook #0: exit status 3"), out);
      assertTrue(Files.notExists(bundle.root().resolve("srv/ran")), kind);
    }
    bundle.top(hooks("poststop", "exit 3", log));
    String out = shows("echo ran");
    assertTrue(out.startsWith("ran\n"), out);
    bundle.top(hooks("prestart", "sleep 1000", log).replace("]}", "], \"timeout\": 1}"));
    assertTrue(shows("echo ran").contains("longer than its timeout of 1 s"));
  }

  private static String hooks(String kind, String script, Path log) {
    return """
        "hooks": {"%s": [{"path": "/bin/sh", "args": ["sh", "-c", "%s"]}]},
        """
        .formatted(kind, kind.equals("startContainer") ? script : "cat >" + log + "; " + script);
  }

  @Test
  void errorsAreValidJsonWhateverTheyName() throws Exception {
    bundle.command("true");
    for (String name : List.of("a\"b\\c", "tab\tnew\nline", "\u00ff\u00fe", "\u0001")) {
      assertEquals(1, runtime.run("create", "--bundle", "/nonexistent/" + name, id).code());
    }
    Files.deleteIfExists(bundle.root().resolve("x"));
    Path root = directory.resolve("elsewhere");
    Files.writeString(
        config(), OciRuntime.read(config()).replace("\"rootfs\"", "\"" + root + "\""));
    String missing = runIt().out();
    assertTrue(missing.contains("the root file system " + root), missing);
    Process check =
        new ProcessBuilder(
                "python3",
                "-c",
                "import json, sys\nfor line in open(sys.argv[1], encoding='utf-8'): json.loads(line)['msg']",
                runtime.log().toString())
            .inheritIO()
            .start();
    assertEquals(0, check.waitFor());
    assertEquals(5, OciRuntime.read(runtime.log()).lines().count());
  }

  @Test
  void sizeOfTheTerminalIsFollowed() throws Exception {
    bundle
        .process("\"terminal\": true,")
        .script("trap 'busybox stty size' WINCH; echo up >/srv/up; while :; do sleep 0.1; done");
    Path up = bundle.root().resolve("srv/up");
    Execution client =
        Execution.startOpen(
            List.of(
                "script",
                "-qec",
                ("stty rows 33 cols 77; (while [ ! -e %s ]; do sleep 0.1; done; stty rows 44 cols 88 </dev/tty) & "
                        + "exec %s --root %s run --bundle %s %s")
                    .formatted(
                        up,
                        Sandbox.HOME.resolve("bulwark"),
                        runtime.root(),
                        bundle.directory(),
                        id),
                "/dev/null"),
            Map.of());
    client.awaitOutput("44 88", Duration.ofSeconds(60));
    runtime.ok("kill", id, "KILL");
    client.await(Duration.ofSeconds(60));
  }
}
