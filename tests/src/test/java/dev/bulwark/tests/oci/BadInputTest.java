package dev.bulwark.tests.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Images, bundles and names that somebody made badly, or with bad intent. */
@Timeout(300)
class BadInputTest extends OneContainer {

  private String runBundle(int code) throws Exception {
    OciRuntime.Result result = runtime.run("run", "--bundle", bundle.directory().toString(), id);
    assertEquals(code, result.code(), result.out());
    return result.out();
  }

  private void refused(String because, String... words) throws Exception {
    OciRuntime.Result result = runtime.run(words);
    assertEquals(1, result.code(), result.out());
    assertTrue(result.out().contains(because), result.out());
    String log = OciRuntime.read(runtime.log());
    assertTrue(log.lines().allMatch(line -> line.matches("\\{\"level\":\"error\".*\"}")), log);
  }

  /** A command of the host's shell, for names that Java has no strings for. */
  private String host(String script) throws Exception {
    Process shell =
        new ProcessBuilder("sh", "-c", script)
            .directory(bundle.root().toFile())
            .redirectErrorStream(true)
            .start();
    String out =
        new String(
            shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
    assertEquals(0, shell.waitFor(), out);
    return out;
  }

  @Test
  void namesThatCouldBePathsAreRefusedByEveryCommand() throws Exception {
    bundle.command("true");
    String at = bundle.directory().toString();
    Files.createDirectories(runtime.root().resolve("victim"));
    for (String bad :
        List.of(
            "", ".", "..", "/", "../victim", "a/../victim", "a b", "\u00e9", "x".repeat(1025))) {
      refused("invalid container ID format", "create", "--bundle", at, bad);
      refused("", "state", bad);
      refused("", "delete", bad);
      runtime.run("delete", "--force", bad);
    }
    assertTrue(Files.exists(runtime.root().resolve("victim")));
    Files.delete(runtime.root().resolve("victim"));
  }

  @Test
  void bundleOrRootThatIsNotThereIsNamed() throws Exception {
    Path root = bundle.command("true").root();
    String at = bundle.directory().toString();
    refused("/nonexistent", "create", "--bundle", "/nonexistent", id);
    refused("config.json", "create", "--bundle", root.toString(), id);
    refused(at + "/config.json", "create", "--bundle", at + "/config.json", id);
    Path aside = Files.move(root, directory.resolve("aside"));
    refused(root.toString(), "create", "--bundle", at, id);
    Files.createFile(root);
    refused(root.toString(), "create", "--bundle", at, id);
    Files.delete(root);
    Files.createSymbolicLink(root, Path.of("rootfs"));
    refused(root.toString(), "create", "--bundle", at, id);
    Files.delete(root);
    Files.move(aside, root);
    assertEquals("", runBundle(0));
  }

  @Test
  void secondOfANameAndCommandsForWhatHasEndedAreRefused() throws Exception {
    bundle.command("true");
    String at = bundle.directory().toString();
    runtime.ok("create", "--bundle", at, id);
    refused("already exists", "create", "--bundle", at, id);
    assertEquals("created", runtime.status(id));
    runtime.ok("start", id);
    runtime.await(id, "stopped");
    refused("already exists", "create", "--bundle", at, id);
    refused("cannot exec in a stopped container", "exec", id, "true");
    refused("cannot start a container that has stopped", "start", id);
    refused("container not running", "kill", id, "KILL");
    assertEquals("stopped", runtime.status(id));
  }

  /** What is there, with contents and the time of the last change. */
  private static Map<String, String> snapshot(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      Map<String, String> shown = new TreeMap<>();
      for (Path each : all.toList()) {
        shown.put(
            each.toString(),
            Files.getAttribute(each, "unix:ctime", LinkOption.NOFOLLOW_LINKS)
                + (Files.isRegularFile(each) ? OciRuntime.read(each) : ""));
      }
      return shown;
    }
  }

  @Test
  void linksOfAnImageNeverLeadOut() throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.createDirectory(outside.resolve("dir"));
    Files.writeString(outside.resolve("file"), "secret\n");
    Files.writeString(outside.resolve("passwd"), "intruder:x:4711:4711::/:/bin/sh\n");
    Files.copy(Path.of("/bin/busybox"), outside.resolve("program"));
    Path root = bundle.root();
    String up = "../".repeat(64) + outside.toString().substring(1);
    Files.createSymbolicLink(root.resolve("etc/passwd"), outside.resolve("passwd"));
    Files.createSymbolicLink(root.resolve("srv/file"), outside.resolve("file"));
    Files.createSymbolicLink(root.resolve("srv/up"), Path.of(up + "/file"));
    Files.createSymbolicLink(root.resolve("srv/dir"), Path.of(up + "/dir"));
    Files.createSymbolicLink(root.resolve("srv/proc"), Path.of("/proc/self/root/../.." + outside));
    Files.createSymbolicLink(root.resolve("bin/program"), outside.resolve("program"));
    Files.createSymbolicLink(root.resolve("mount"), outside);
    Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
    Path inside = Path.of(root + outside.toString()); // where they lead below the root
    Map<String, String> before = snapshot(outside);
    bundle
        .mounts(
            """
            , {"destination": "/mount/made/deep", "type": "tmpfs", "source": "tmpfs"}
            , {"destination": "/srv/dir/file", "type": "bind", "source": "/etc/hostname",
               "options": ["bind", "ro"]}
            """)
        .linux(
            """
            "maskedPaths": ["/mount/file"], "readonlyPaths": ["/mount/none"],
            """)
        .script(
            """
            cat /srv/file /srv/up /srv/proc/file /etc/passwd 2>/dev/null
            /bin/program true 2>/dev/null && echo executed
            for at in /srv/file /srv/up /srv/proc/file /mount/file; do
              { echo written >$at; } 2>/dev/null
              chmod 777 $at 2>/dev/null
            done
            cd /srv/dir && touch x && mkdir y && ln -s z z
            id -u
            """);
    assertTrue(runBundle(1).contains("/mount/made/deep"));
    Files.createDirectories(inside.resolve("dir"));
    assertEquals("0\n", runBundle(0));
    assertEquals(before, snapshot(outside));
    assertTrue(Files.isDirectory(inside.resolve("made/deep")));
    assertTrue(Files.exists(inside.resolve("dir/x")));
    assertEquals("written\n", OciRuntime.read(inside.resolve("file")));

    bundle
        .mounts(", {\"destination\": \"/loop/x\", \"type\": \"tmpfs\", \"source\": \"tmpfs\"}")
        .linux("")
        .command("true");
    assertTrue(runBundle(1).contains("/loop/x"));
    bundle.mounts("").process("").command("program", "true");
    assertTrue(runBundle(1).contains("program"));
    assertEquals(before, snapshot(outside));
  }

  @Test
  void filesOfAnImageMayBeHugeManyAndOddlyNamed() throws Exception {
    Path root = bundle.root();
    String longest = "n".repeat(255);
    host(
        "truncate -s 4G srv/sparse; printf end | dd of=srv/sparse bs=1 seek=4294967290 conv=notrunc 2>/dev/null;"
            + " mkdir srv/many srv/odd; cd srv/many; seq 20000 | xargs touch; cd ../odd;"
            + " echo long >"
            + longest
            + "; echo bytes >\"$(printf 'b\\377\\376\\n\\tb')\"");
    bundle.script(
        """
        cd /srv; stat -c %%s sparse
        tail -c 6 sparse | /bin/busybox tr '\\0' 0; echo
        ls many | wc -l; ls -d many/777? | wc -l
        cd odd; cat n*; ls | wc -l
        b=$(printf 'b\\377\\376\\n\\tb'); cat "$b"; printf %%s b* | /bin/busybox od -An -tx1
        { echo x >n%1$s; } 2>&1 | grep -c 'File name too long'
        echo made >"c$b"; /bin/busybox mv "$b" "d$b"; mkdir "$b"; /bin/busybox mv "c$b" "$b/e$b"
        cat "$b"/e*; /bin/busybox rm n*; echo long >m%2$s
        """
            .formatted(longest, longest.substring(1)));
    assertEquals(
        """
        4294967296
        end000
        20000
        10
        long
        2
        bytes
         62 ff fe 0a 09 62
        1
        made
        """,
        runBundle(0));
    assertEquals(
        """
        ./b\u00ff\u00fe
        \tb/eb\u00ff\u00fe
        \tb
        ./db\u00ff\u00fe
        \tb
        ./m%s
        """
            .formatted(longest.substring(1)),
        host("cd srv/odd; find . -type f -print0 | LC_ALL=C sort -z | tr '\\0' '\\n'"));
    assertEquals("4294967296\n", host("stat -c %s srv/sparse"));
    assertFalse(Files.exists(root.resolve("srv/odd").resolve(longest)));
  }

  @Test
  void workingDirectoriesAndProgramsThatCannotBeAreNamed() throws Exception {
    for (Map.Entry<String, String> bad :
        Map.of(
                "\"cwd\": \"/\"", "\"cwd\": \"relative\"",
                "\"args\": [\"true\"]", "\"args\": [\"%s\"]".formatted("x".repeat(5000)),
                "\"path\": \"rootfs\"", "\"path\": \"\"")
            .entrySet()) {
      bundle.command("true");
      Path config = bundle.directory().resolve("config.json");
      String text = Files.readString(config);
      assertTrue(text.contains(bad.getKey()), bad.getKey());
      Files.writeString(config, text.replace(bad.getKey(), bad.getValue()));
      String out = runBundle(1);
      assertEquals(1, out.lines().count(), out);
      assertFalse(out.contains("Exception"), out);
    }
  }
}
