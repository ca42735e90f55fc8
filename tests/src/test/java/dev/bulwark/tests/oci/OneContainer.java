package dev.bulwark.tests.oci;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of one container at a time have: a runtime, a bundle, and a look at what is left. */
abstract class OneContainer {
  @TempDir Path directory;
  OciRuntime runtime;
  Bundle bundle;
  final String id = getClass().getSimpleName() + "-" + ProcessHandle.current().pid();

  @BeforeEach
  void prepareBundle() throws Exception {
    runtime = new OciRuntime(directory);
    bundle = Bundle.in(Files.createDirectory(directory.resolve("bundle")));
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    runtime.run("delete", "--force", id);
    runtime.assertNothingIsLeft(id);
  }
}
