package dev.bulwark.tests.engine;

import static dev.bulwark.tests.engine.Images.DEBIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.Result;
import dev.bulwark.tests.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Servers in containers, each under load for a while through a published port, without one error.
 * The programs that make the load are Debian's, run in the enclosure.
 */
class ServersTest extends DockerTest {
  private static Path directory = Path.of("");

  @BeforeAll
  static void makeImage() throws IOException {
    Images.makeDebian(docker());
    directory = Files.createTempDirectory(docker().enclosure().directory(), "servers");
  }

  /** A program of the servers' root file system, outside of any container. */
  private static Result client(String... command) {
    return docker()
        .enclosure()
        .run(
            Stream.concat(
                    Stream.of("chroot", Sandbox.HOME.resolve("dist/servers").toString()),
                    Stream.of(command))
                .toArray(String[]::new));
  }

  /** Asks a server until it answers. */
  private static void awaitAnswer(Container server, String... command) {
    try {
      Poll.until(() -> client(command), result -> result.exitCode() == 0);
    } catch (AssertionError e) {
      throw new AssertionError("the server said: " + server.logs(), e);
    }
  }

  /** Many requests from eight clients at once. */
  private static void load(Container server, String url, int requests, String... options) {
    awaitAnswer(server, "curl", "-s", "-S", "-f", "-o", "/dev/null", url);
    List<String> words =
        Stream.of(
                Stream.of("ab", "-q", "-n", "" + requests, "-c", "8"),
                Stream.of(options),
                Stream.of(url))
            .flatMap(word -> word)
            .toList();
    String out = client(words.toArray(String[]::new)).expect(0).out();
    assertTrue(out.matches("(?s).*Complete requests: +" + requests + "\n.*"), out);
    assertTrue(out.matches("(?s).*Failed requests: +0\n.*") && !out.contains("Non-2xx"), out);
  }

  @Test
  void nginxServesATreeOfFiles() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("tree/deep/er"));
    for (int i = 0; i < 20; i++) {
      Files.writeString(tree.resolve("small" + i), ("line " + i + "\n").repeat(100));
    }
    Files.writeString(tree.resolve("large"), "0123456789abcdef".repeat(1 << 14));
    Container server =
        Container.start(
            "-p",
            "8091:80",
            "-v",
            directory.resolve("tree") + ":/var/www/html:ro",
            DEBIAN,
            "nginx",
            "-g",
            "daemon off;");
    load(server, "http://127.0.0.1:8091/deep/er/small7", 1000);
    load(server, "http://127.0.0.1:8091/deep/er/small8", 2000, "-k");
    load(server, "http://127.0.0.1:8091/deep/er/large", 200, "-k");
    client("curl", "-s", "-f", "http://127.0.0.1:8091/no/such/file").expect(22);
    server.does("stop", "-t", "20");
    assertEquals("0", server.inspect(".State.ExitCode"));
    server.remove();
  }

  @Test
  void redisWithItsBenchmark() {
    Container server =
        Container.start(
            "-p", "8092:6379", DEBIAN, "redis-server", "--protected-mode", "no", "--dir", "/tmp");
    awaitAnswer(server, "redis-cli", "-p", "8092", "ping");
    Result result =
        client(
                "redis-benchmark",
                "-p",
                "8092",
                "-q",
                "-n",
                "4000",
                "-c",
                "20",
                "-P",
                "4",
                "-t",
                "set,get,incr,lpush,lrange_100,mset")
            .expect(0);
    assertTrue(!(result.out() + result.err()).contains("rror"), result.toString());
    assertEquals("4000\n", client("redis-cli", "-p", "8092", "get", "counter:__rand_int__").out());
    // the snapshot is written by a forked process
    assertEquals("OK\n", client("redis-cli", "-p", "8092", "save").out());
    client("redis-cli", "-p", "8092", "bgsave").expect(0);
    Poll.until(
        () -> client("redis-cli", "-p", "8092", "info", "persistence").out(),
        info ->
            info.contains("rdb_bgsave_in_progress:0")
                && info.contains("rdb_last_bgsave_status:ok"));
    server.does("stop", "-t", "20");
    assertEquals("0", server.inspect(".State.ExitCode"));
    server.remove();
  }

  @Test
  void postgresWithPgbench() throws IOException {
    Path rules = directory.resolve("pg_hba.conf");
    Files.writeString(rules, "local all all trust\nhost all all all trust\n");
    String bin = "/usr/lib/postgresql/15/bin/";
    Container server =
        Container.start(
            "-p",
            "8093:5432",
            "--user",
            "postgres",
            "-v",
            rules + ":/pg_hba.conf",
            DEBIAN,
            bin + "postgres",
            "-D",
            "/var/lib/postgresql/15/main",
            "-c",
            "config_file=/etc/postgresql/15/main/postgresql.conf",
            "-c",
            "hba_file=/pg_hba.conf",
            "-c",
            "listen_addresses=*",
            "-c",
            "ssl=off",
            "-c",
            "jit=off",
            "-c",
            "unix_socket_directories=/tmp");
    String[] where = {"-h", "127.0.0.1", "-p", "8093", "-U", "postgres"};
    awaitAnswer(server, with(where, bin + "pg_isready"));
    client(with(where, bin + "pgbench", "-i", "-q", "-s", "1", "postgres")).expect(0);
    String out =
        client(with(where, bin + "pgbench", "-c", "4", "-j", "2", "-t", "100", "postgres"))
            .expect(0)
            .out();
    assertTrue(out.contains("number of transactions actually processed: 400/400"), out);
    assertTrue(out.contains("number of failed transactions: 0"), out);
    String[] sum = {
      "-Atc",
      "select sum(abalance) = (select sum(delta) from pgbench_history) from pgbench_accounts"
    };
    assertEquals("t\n", client(with(with(where, bin + "psql"), sum)).expect(0).out());
    assertEquals(
        "100000\n",
        server
            .exec(bin + "psql", "-h", "/tmp", "-Atc", "select count(*) from pgbench_accounts")
            .expect(0)
            .out());
    server.does("stop", "-t", "20");
    assertEquals("0", server.inspect(".State.ExitCode"), server.logs().toString());
    server.remove();
  }

  /** A program, its options that say where the server is, and more. */
  private static String[] with(String[] where, String program, String... more) {
    return Stream.of(Stream.of(program), Stream.of(where), Stream.of(more))
        .flatMap(words -> words)
        .toArray(String[]::new);
  }

  private static String[] with(String[] words, String[] more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void nodesHttpServer() throws IOException {
    Path script = directory.resolve("server.js");
    Files.writeString(
        script,
        """
        const http = require('http');
        const fs = require('fs');
        http.createServer((request, response) => {
          fs.readFile(__filename, (error, data) => {
            response.writeHead(error ? 500 : 200);
            response.end(data);
          });
        }).listen(80);
        process.on('SIGTERM', () => process.exit(0));
        """);
    Container server =
        Container.start(
            "-p", "8094:80", "-v", script + ":/server.js", DEBIAN, "node", "/server.js");
    load(server, "http://127.0.0.1:8094/", 1000);
    load(server, "http://127.0.0.1:8094/", 2000, "-k");
    server.does("stop", "-t", "20");
    assertEquals("0", server.inspect(".State.ExitCode"));
    server.remove();
  }

  @Test
  void pythonsAsyncioServer() throws IOException {
    Path script = directory.resolve("server.py");
    Files.writeString(
        script,
        """
        import asyncio, signal
        async def serve(reader, writer):
            while (line := await reader.readline()) not in (b'', b'\\r\\n'): pass
            await asyncio.sleep(0.001)
            writer.write(b'HTTP/1.0 200 OK\\r\\nContent-Length: 2000\\r\\n\\r\\n' + b'x' * 2000)
            await writer.drain()
            writer.close()
        async def main():
            loop = asyncio.get_running_loop()
            end = loop.create_future()
            loop.add_signal_handler(signal.SIGTERM, lambda: end.set_result(0))
            await asyncio.start_server(serve, '0.0.0.0', 80)
            await end
        asyncio.run(main())
        """);
    Container server =
        Container.start(
            "-p", "8095:80", "-v", script + ":/server.py", DEBIAN, "python3", "/server.py");
    load(server, "http://127.0.0.1:8095/", 2000);
    server.does("stop", "-t", "20");
    assertEquals("0", server.inspect(".State.ExitCode"), server.logs().toString());
    server.remove();
  }

  private static final String PROGRAM =
      """
      import java.nio.file.*;
      import java.util.*;
      import java.util.concurrent.*;
      import java.util.stream.*;

      public class Program {
        public static void main(String[] args) throws Exception {
          ExecutorService pool = Executors.newFixedThreadPool(4);
          List<Future<Integer>> parts = new ArrayList<>();
          for (int i = 0; i < 16; i++) {
            int part = i;
            parts.add(pool.submit(() -> {
              Map<String, byte[]> map = new HashMap<>();
              for (int j = 0; j < 20000; j++) map.put("key" + j % 500, new byte[1000 + part]);
              Path file = Files.writeString(Path.of("/tmp/part" + part), "x".repeat(1000 * part));
              return map.size() + (int) Files.size(file);
            }));
          }
          int sum = 0;
          for (Future<Integer> part : parts) sum += part.get();
          pool.shutdown();
          Process child = new ProcessBuilder("wc", "-c", "/tmp/part15").redirectErrorStream(true).start();
          String said = new String(child.getInputStream().readAllBytes()).strip();
          System.out.println(sum + " " + said + " " + child.waitFor());
          System.exit(sum == 128000 ? 0 : 1);
        }
      }
      """;

  @Test
  void javaVirtualMachine() throws IOException {
    Path classes = Files.createDirectory(directory.resolve("classes"));
    Path source = directory.resolve("Program.java");
    Files.writeString(source, PROGRAM);
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    assertEquals(
        0,
        compiler.run(
            null, null, null, "--release", "17", "-d", classes.toString(), source.toString()));
    Result result =
        docker()
            .run(
                "run",
                "--rm",
                "--memory",
                "512m",
                "-v",
                classes + ":/classes",
                DEBIAN,
                "java",
                "-cp",
                "/classes",
                "Program")
            .expect(0);
    assertEquals("128000 15000 /tmp/part15 0\n", result.out());
  }
}
