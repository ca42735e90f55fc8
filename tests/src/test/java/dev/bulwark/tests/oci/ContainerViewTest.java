package dev.bulwark.tests.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a container sees of what its configuration says. */
@Timeout(200)
class ContainerViewTest extends OneContainer {

  private OciRuntime.Result runScript(String script) throws Exception {
    bundle.script(script);
    return runtime.run("run", "--bundle", bundle.directory().toString(), id);
  }

  @Test
  void readOnlyRootRefusesWritesAndTmpfsTakesThem() throws Exception {
    bundle
        .readOnly()
        .mounts(
            """
            , {"destination": "/fresh/made", "type": "tmpfs", "source": "tmpfs"}
            """);
    OciRuntime.Result result =
        runScript("touch /srv/x 2>&1; touch /fresh/made/y && ls /fresh/made; touch /fresh/z 2>&1");
    assertEquals(
        """
        touch: /srv/x: Read-only file system
        y
        touch: /fresh/z: Read-only file system
        """,
        result.out());
  }

  @Test
  void bindMountsShowFilesAndDirectoriesOfTheHost() throws Exception {
    Path shared = Files.createDirectory(directory.resolve("shared"));
    Files.writeString(shared.resolve("in"), "from the host\n");
    Path single = Files.writeString(directory.resolve("single"), "one file\n");
    bundle.mounts(
        """
        , {"destination": "/data", "type": "bind", "source": "%s", "options": ["rbind", "rw"]}
        , {"destination": "/locked", "type": "bind", "source": "%s", "options": ["rbind", "ro"]}
        , {"destination": "/etc/one", "type": "bind", "source": "%s", "options": ["bind", "ro"]}
        """
            .formatted(shared, shared, single));
    OciRuntime.Result result =
        runScript(
            "cat /data/in /etc/one; echo inside >/data/out; touch /locked/x 2>&1; echo x 2>&1 >/etc/one");
    assertTrue(result.out().startsWith("from the host\none file\n"), result.out());
    assertTrue(result.out().contains("/locked/x: Read-only file system"), result.out());
    assertEquals("inside\n", OciRuntime.read(shared.resolve("out")));
    assertEquals("one file\n", OciRuntime.read(single));
  }

  @Test
  void maskedAndReadOnlyPathsAreHiddenAndProtected() throws Exception {
    bundle.linux(
        """
        "maskedPaths": ["/proc/meminfo", "/srv"], "readonlyPaths": ["/etc", "/proc/sys"],
        """);
    Files.writeString(bundle.root().resolve("srv/hidden"), "x");
    OciRuntime.Result result =
        runScript(
            "cat /proc/meminfo | wc -c; ls /srv | wc -l; touch /etc/x 2>&1; touch /tmp/x && echo ok");
    assertEquals(
        """
        0
        0
        touch: /etc/x: Read-only file system
        ok
        """,
        result.out());
  }

  @Test
  void limitsAreSeenAndKept() throws Exception {
    bundle
        .mounts(
            """
            , {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["ro"]}
            """)
        .linux(
            """
            "resources": {"memory": {"limit": 67108864}, "pids": {"limit": 20},
              "cpu": {"quota": 100000, "period": 100000}},
            """);
    OciRuntime.Result result =
        runScript(
            "grep MemTotal /proc/meminfo; cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max"
                + " /sys/fs/cgroup/cpu.max; grep -c ^processor /proc/cpuinfo;"
                + " (tail /dev/zero); echo $?");
    assertTrue(
        result.out().startsWith("MemTotal:          65536 kB\n67108864\n20\n100000 100000\n1\n"),
        result.out());
    assertTrue(result.out().endsWith("137\n"), result.out());
  }

  @Test
  void seccompProfileDecidesOnCalls() throws Exception {
    bundle.linux(
        """
        "seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
          {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]},
        """);
    OciRuntime.Result result = runScript("mkdir /tmp/x 2>&1; grep Seccomp: /proc/self/status");
    assertEquals(
        "mkdir: can't create directory '/tmp/x': Function not implemented\nSeccomp:\t2\n",
        result.out());
  }

  @Test
  void userUmaskAndGroupsAreTheConfigurationsOwn() throws Exception {
    bundle.script("true");
    String config = OciRuntime.read(bundle.directory().resolve("config.json"));
    bundle.script("id -u; id -g; id -G; umask; cat /proc/self/oom_score_adj");
    Path file = bundle.directory().resolve("config.json");
    Files.writeString(
        file,
        OciRuntime.read(file)
            .replace(
                "\"user\": {\"uid\": 0, \"gid\": 0}",
                "\"oomScoreAdj\": 100, \"user\": {\"uid\": 5, \"gid\": 6, \"umask\": 63,"
                    + " \"additionalGids\": [7, 8]}"));
    assertTrue(!config.isEmpty());
    OciRuntime.Result result = runtime.run("run", "--bundle", bundle.directory().toString(), id);
    assertEquals("5\n6\n6 7 8\n0077\n100\n", result.out());
  }
}
