package dev.bulwark.tests.engine;

import static dev.bulwark.tests.engine.Images.BUSYBOX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.tests.Result;
import org.junit.jupiter.api.Test;

/**
 * Networks as Docker makes them, seen from the containers and from the enclosure, which is their
 * host.
 */
class NetworkTest extends DockerTest {

  private static final String SERVE =
      "mkdir /w; echo served >/w/index.html; exec httpd -f -p 80 -h /w";

  @Test
  void publishedPortIsServed() {
    Container server =
        Container.start("-p", "8081:80", "-p", "127.0.0.1::80", BUSYBOX, "sh", "-c", SERVE);
    assertEquals("served\n", fetch("http://127.0.0.1:8081/"));
    String other =
        docker()
            .output("port", server.id(), "80/tcp")
            .lines()
            .filter(line -> line.startsWith("127."))
            .findFirst()
            .orElseThrow();
    assertEquals("served\n", fetch("http://" + other + "/"));
    assertEquals("served\n", fetch("http://" + server.address() + "/"));
    server.remove();
  }

  /** Asks from the enclosure until there is an answer. */
  private static String fetch(String url) {
    return Poll.until(
            () -> docker().enclosure().run("curl", "-s", "-S", "-m", "5", url),
            result -> result.exitCode() == 0)
        .out();
  }

  @Test
  void udpPortIsPublished() {
    Images.makeDebian(docker());
    Container server =
        Container.start(
            "-p",
            "8082:7/udp",
            Images.DEBIAN,
            "python3",
            "-c",
            "import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('', 7))\n"
                + "while True: data, peer = s.recvfrom(2000); s.sendto(data, peer)");
    String client =
        "import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.settimeout(1); s.connect(('127.0.0.1', 8082));"
            + " s.send(b'x' * 1400); print(len(s.recv(2000)))";
    Poll.until(
        () -> docker().enclosure().run("/usr/bin/python3", "-c", client),
        result -> result.out().equals("1400\n"));
    server.remove();
  }

  @Test
  void containersOfAUserDefinedNetworkFindEachOtherByName() {
    docker().run("network", "create", "--subnet", "172.30.0.0/24", "tested").expect(0);
    Container server =
        Container.start(
            "--network",
            "tested",
            "--name",
            "server",
            "--network-alias",
            "alias",
            BUSYBOX,
            "sh",
            "-c",
            SERVE);
    Container client = Container.idle("--network", "tested");
    assertTrue(client.shell("cat /etc/resolv.conf").contains("nameserver 127.0.0.11"));
    for (String name : new String[] {"server", "alias"}) {
      assertEquals(
          "served",
          Poll.until(
                  () -> client.exec("wget", "-q", "-O", "-", "http://" + name + "/"),
                  result -> result.exitCode() == 0)
              .out()
              .strip());
    }
    assertTrue(client.shell("nslookup server 127.0.0.11").contains(server.address()));
    assertTrue(client.shell("ping -c 2 server").contains("2 packets received"));
    client.remove();
    server.remove();
    docker().run("network", "rm", "tested").expect(0);
  }

  @Test
  void networkIsConnectedAndTakenAwayWhileItRuns() {
    docker().run("network", "create", "--subnet", "172.31.0.0/24", "plugged").expect(0);
    Container container = Container.idle();
    docker().run("network", "connect", "--ip", "172.31.0.9", "plugged", container.id()).expect(0);
    assertTrue(container.shell("ip addr").contains("172.31.0.9/24"));
    assertTrue(container.shell("ping -c 1 172.31.0.1").contains("1 packets received"));
    docker().run("network", "disconnect", "plugged", container.id()).expect(0);
    assertTrue(!container.shell("ip addr").contains("172.31.0.9"));
    container.remove();
    docker().run("network", "rm", "plugged").expect(0);
  }

  @Test
  void interfacesRoutesAndNeighboursAreShown() {
    Container container =
        Container.idle("--add-host", "known:10.1.2.3", "--hostname", "box", "--dns", "10.9.9.9");
    String address = container.address();
    String gateway = container.inspect(".NetworkSettings.Gateway");
    assertTrue(container.shell("ip addr show eth0").contains("inet " + address + "/"));
    assertTrue(container.shell("ip route").contains("default via " + gateway + " dev eth0"));
    assertTrue(container.shell("ifconfig eth0").contains(address));
    assertTrue(container.shell("route -n").contains(gateway));
    assertTrue(container.shell("cat /proc/net/dev").contains("eth0:"));
    assertTrue(container.shell("cat /etc/hosts").contains("10.1.2.3\tknown"));
    assertTrue(container.shell("cat /etc/hosts").contains(address + "\tbox"));
    assertTrue(container.shell("cat /etc/resolv.conf").contains("nameserver 10.9.9.9"));
    assertTrue(container.shell("ping -c 1 " + gateway).contains("1 packets received"));
    container.remove();
  }

  @Test
  void noNetworkHasOnlyTheLoopback() {
    Result result =
        docker()
            .run(
                "run",
                "--rm",
                "--network",
                "none",
                BUSYBOX,
                "sh",
                "-c",
                "ip -o link | wc -l; ping -c 1 127.0.0.1 | grep -o '1 packets received';"
                    + " mkdir /w; echo answer >/w/index.html; httpd -p 127.0.0.1:99 -h /w; wget -q -O - http://127.0.0.1:99/;"
                    + " ping -c 1 10.1.1.1 2>&1 | grep -io 'network.*unreachable'")
            .expect(0);
    assertEquals(
        "1\n1 packets received\nanswer\n",
        result.out().lines().limit(3).map(line -> line + "\n").reduce("", String::concat));
    assertTrue(result.out().endsWith("etwork is unreachable\n"), result.toString());
  }

  @Test
  void networkOfAnotherContainerIsShared() {
    Container server = Container.start(BUSYBOX, "sh", "-c", SERVE);
    Container client = Container.idle("--network", "container:" + server.id());
    assertEquals(
        "served",
        Poll.until(
                () -> client.exec("wget", "-q", "-O", "-", "http://127.0.0.1/"),
                result -> result.exitCode() == 0)
            .out()
            .strip());
    client.remove();
    server.remove();
  }

  @Test
  void networkOfTheHostIsTheEnclosures() {
    Result result =
        docker().run("run", "--rm", "--network", "host", BUSYBOX, "ip", "addr").expect(0);
    assertTrue(result.out().contains("docker0"), result.toString());
  }
}
