package dev.bulwark.tests.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.CProgram;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets of the host that a container was given, and others. */
@Timeout(200)
class HostSocketTest extends OneContainer {
  private static final List<String> SOCKETS =
      List.of("stream", "packet", "datagram", "full", "backlog", "closed", "dead");

  private String program;

  @BeforeEach
  void prepareProgram() throws Exception {
    program = CProgram.compile("oci/programs/host_sockets", "-static");
    Files.copy(Path.of(program), bundle.root().resolve("bin/sockets"));
    // The client of another user has to reach the sockets on the host, too.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A client that runs while a server has the sockets in a directory. */
  private interface Client {
    String run(Path sockets) throws Exception;
  }

  /** Runs a client against a new server; gives what the client printed, and then the server. */
  private String served(Client client) throws Exception {
    Path sockets = Files.createTempDirectory(directory, "served");
    Files.setPosixFilePermissions(sockets, PosixFilePermissions.fromString("rwxr-xr-x"));
    Process server =
        new ProcessBuilder(program, "serve", sockets.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = server.inputReader(StandardCharsets.ISO_8859_1)) {
      assertEquals("ready", out.readLine());
      String printed = client.run(sockets);
      server.outputWriter().close();
      return printed + out.lines().collect(Collectors.joining("\n"));
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  private String onHost(String mode, Path sockets, int user) throws Exception {
    Path out = Files.createTempFile(directory, "client", "");
    Process client =
        new ProcessBuilder(program, mode, sockets.toString(), Integer.toString(user))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertTrue(client.waitFor(60, TimeUnit.SECONDS), "the client hangs");
    return OciRuntime.read(out);
  }

  private String inside(String mode, int user) throws Exception {
    bundle.command("sockets", mode, "/srv", Integer.toString(user));
    Path config = bundle.directory().resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"uid\": 0, \"gid\": 0", "\"uid\": %1$s, \"gid\": %1$s".formatted(user)));
    return runtime.run("run", "--bundle", bundle.directory().toString(), id).out();
  }

  private static String bind(Path source, String destination) {
    return """
        , {"destination": "%s", "type": "bind", "source": "%s", "options": ["rbind", "ro"]}
        """
        .formatted(destination, source);
  }

  private String withEachSocket(String mode, Path sockets, int user) throws Exception {
    bundle.mounts(
        SOCKETS.stream()
            .map(name -> bind(sockets.resolve(name), "/srv/" + name))
            .collect(Collectors.joining()));
    return inside(mode, user);
  }

  @Test
  void socketsThatAreMountedBehaveAsOnTheHost() throws Exception {
    for (int user : new int[] {0, 1000}) {
      String outside = served(sockets -> onHost("use", sockets, user));
      assertTrue(outside.contains("sent 1000000 got 1000000"), outside);
      assertTrue(outside.contains("datagram 'addressed' of " + user + ":" + user), outside);
      assertEquals(outside, served(sockets -> withEachSocket("use", sockets, user)));
    }
  }

  @Test
  void filesDoNotCross() throws Exception {
    assertEquals(
        """
        connect stream: 0
        greeting: 1
        sendmsg with a file: EPERM
        send: 4
        recvmsg: 4
        control 0 flags 8
        sendmsg with a file: sent
        """
            .strip(),
        served(sockets -> withEachSocket("pass", sockets, 0)));
  }

  @Test
  void socketsInDirectoriesAreConnectedToOnlyWhenAskedFor() throws Exception {
    String refused =
        served(
            sockets -> {
              bundle.mounts(bind(sockets, "/srv"));
              return inside("use", 0);
            });
    assertTrue(refused.contains("connect stream: ECONNREFUSED"), refused);
    assertTrue(refused.contains("connect packet: ECONNREFUSED"), refused);
    assertTrue(refused.contains("connect datagram: ECONNREFUSED"), refused);
    bundle.top("\"annotations\": {\"dev.bulwark.host-sockets\": \"/srv\"},");
    String warning = "bulwark: warning: the container may connect to every socket of the host in";
    String allowed =
        served(
            sockets -> {
              bundle.mounts(bind(sockets, "/srv"));
              return inside("use", 0);
            });
    assertTrue(allowed.startsWith(warning), allowed);
    assertEquals(
        served(sockets -> onHost("use", sockets, 0)), allowed.substring(allowed.indexOf('\n') + 1));
    bundle.top("\"annotations\": {\"dev.bulwark.host-sockets\": \"/tmp\"},");
    String wrong = inside("use", 0);
    assertTrue(wrong.contains("names /tmp, where there is no bind mount"), wrong);
  }
}
