package dev.bulwark.tests.engine;

import dev.bulwark.tests.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The images of the tests, made without a registry. */
final class Images {
  /** A static busybox with its links, and nothing else. */
  static final String BUSYBOX = "busybox";

  /** Debian 12 with the servers of {@code setup/server-packages.txt}. */
  static final String DEBIAN = "debian";

  private static final Path SERVERS = Sandbox.HOME.resolve("dist/servers");

  /** What nothing in the tests reads, which is a third of it. */
  private static final String LEFT_OUT =
      "--exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale"
          + " --exclude=./usr/share/i18n --exclude=./usr/share/fonts --exclude='libLLVM*'"
          + " --exclude='libz3*' --exclude=./var/lib/apt --exclude=./var/cache";

  private static final String DOCKERFILE =
      """
      FROM scratch
      COPY busybox /bin/busybox
      RUN ["/bin/busybox", "mkdir", "-p", "/usr/bin", "/usr/sbin", "/sbin", "/tmp", "/etc", "/root", "/home"]
      RUN ["/bin/busybox", "--install", "-s"]
      RUN chmod 1777 /tmp \\
       && echo root:x:0:0:root:/root:/bin/sh >/etc/passwd \\
       && echo guest:x:1000:1000:guest:/home:/bin/sh >>/etc/passwd \\
       && echo root:x:0: >/etc/group && echo guest:x:1000: >>/etc/group && echo extra:x:1001: >>/etc/group
      CMD ["/bin/sh"]
      """;

  private Images() {}

  /** Makes the small one, with the builder that runs its steps in containers. */
  static void makeBusybox(Docker docker) {
    try {
      Path context = Files.createDirectory(docker.enclosure().directory().resolve("context"));
      Files.copy(RuntimeBinary.find("busybox"), context.resolve("busybox"));
      Files.writeString(context.resolve("Dockerfile"), DOCKERFILE);
      docker.run("build", "-q", "-t", BUSYBOX, context.toString()).expect(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the large one, unless it is there: it takes half a minute. */
  static void makeDebian(Docker docker) {
    if (docker.run("image", "inspect", DEBIAN).exitCode() == 0) {
      return;
    }
    if (!Files.exists(Path.of(SERVERS + ".made"))) {
      throw new IllegalStateException(
          SERVERS + " is missing: run ./verify, or setup/rootfs.sh with server-packages.txt");
    }
    docker.shell("tar -C " + SERVERS + " -c " + LEFT_OUT + " . | $DOCKER import - " + DEBIAN);
  }
}
