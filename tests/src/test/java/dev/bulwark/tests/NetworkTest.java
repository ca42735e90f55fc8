package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Programs of networks in a sandbox that has a network namespace of its own. */
class NetworkTest {

  private static String run(String script) {
    return Debian.bash(script).inNetwork().run().expect(0).out();
  }

  @Test
  void pythonServesFilesToClients() {
    assertEquals(
        "300000\n0\n404\n",
        run(
            """
            mkdir web; head -c 300000 /dev/urandom >web/file
            python3 -u -m http.server --bind 127.0.0.1 --directory web 8000 >log 2>&1 &
            for i in $(seq 300); do grep -q Serving log && break; sleep 0.1; done
            curl -s http://127.0.0.1:8000/file >got; wc -c <got; cmp got web/file; echo $?
            curl -s -o page -w '%{http_code}\\n' http://localhost:8000/none
            kill %1
            """));
  }

  @Test
  void pythonTalksOverIpv6AndUdp() {
    assertEquals(
        "b'PING'\n[(1, 'lo')]\nConnectionRefusedError\ntimed out\n",
        run(
            """
            python3 - <<'X'
            import asyncio, socket
            async def serve(r, w):
                w.write((await r.read(100)).upper()); await w.drain(); w.close()
            async def main():
                s = await asyncio.start_server(serve, '::1', 7000)
                r, w = await asyncio.open_connection('::1', 7000)
                w.write(b'ping'); print(await r.read(100)); w.close(); s.close()
            asyncio.run(main())
            print(socket.if_nameindex())
            try: socket.create_connection(('127.0.0.1', 1))
            except OSError as e: print(type(e).__name__)
            u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.settimeout(0.05)
            try: u.recv(1)
            except OSError as e: print(e)
            X
            """));
  }

  @Test
  void pingIsAnswered() {
    String out = run("ping -c 2 -i 0.01 127.0.0.1; ping -c 1 ::1");
    assertTrue(out.contains("2 packets transmitted, 2 received, 0% packet loss"), out);
    assertTrue(out.contains("1 packets transmitted, 1 received, 0% packet loss"), out);
  }

  @Test
  void interfacesAddressesAndRoutesAreShown() {
    String out =
        run(
            """
            ip addr; ip -s link | grep -c RX; ip route show table local; ip rule | wc -l
            ip link set lo down || echo refused
            """);
    assertTrue(out.contains("inet 127.0.0.1/8 scope host lo"), out);
    assertTrue(out.contains("inet6 ::1/128 scope host"), out);
    assertTrue(out.contains("local 127.0.0.1 dev lo"), out);
    assertTrue(out.endsWith("3\nrefused\n"), out);
  }

  @Test
  void connectionsAreListedWithTheirProcesses() {
    String out =
        run(
            """
            python3 -u -m http.server --bind 127.0.0.1 8001 >log 2>&1 &
            for i in $(seq 300); do grep -q Serving log && break; sleep 0.1; done
            ss -Htlnp 2>/dev/null; kill %1
            """);
    assertTrue(out.contains("127.0.0.1:8001"), out);
    assertTrue(out.contains("\"python3\""), out);
  }

  @Test
  void aNetworkThatWasAskedForIsTold() {
    Result result = Sandbox.of("/bin/true").inNetwork().run().expect(0);
    assertTrue(result.err().contains("the sandbox uses the host's network"), result::err);
  }

  @Test
  void theUsualNetworkIsALoopbackInterfaceAlone() {
    String script =
        """
        import socket
        print(socket.if_nameindex())
        s = socket.create_server(('127.0.0.1', 0)); c = socket.create_connection(s.getsockname())
        c.sendall(b'self'); print(s.accept()[0].recv(9))
        try: socket.create_connection(('10.0.0.1', 9))
        except OSError as e: print(e.strerror)
        """;
    assertEquals(
        "[(1, 'lo')]\nb'self'\nNetwork is unreachable\n",
        Debian.of("python3", "-c", script).run().expect(0).out());
  }
}
