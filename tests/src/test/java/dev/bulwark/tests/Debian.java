package dev.bulwark.tests;

import java.nio.file.Files;
import java.nio.file.Path;

/** The Debian 12 root file system that {@code ./verify} makes; sandboxes leave it unchanged. */
final class Debian {
  private static final Path ROOT = Sandbox.HOME.resolve("dist/rootfs");

  private Debian() {}

  /** A sandbox over it for a command and its arguments. */
  static Sandbox of(String... command) {
    if (!Files.isDirectory(ROOT)) {
      throw new IllegalStateException(ROOT + " is missing: run ./verify, or setup/rootfs.sh");
    }
    return Sandbox.of(command).with("--root", ROOT.toString());
  }

  /** A sandbox over it for a script of bash, which stops at the first command that fails. */
  static Sandbox bash(String script) {
    return of("/bin/bash", "-c", "set -e\ncd /tmp\n" + script);
  }

  /** Runs a script of bash that must succeed, and gives what it printed. */
  static String run(String script) {
    return bash(script).run().expect(0).out();
  }
}
