package dev.bulwark.tests.engine;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A class of tests with the Docker that all of them share. After each class its containers are
 * removed, and nothing of them may be left.
 */
@Timeout(600)
@ExtendWith(SharedDocker.class)
abstract class DockerTest {
  /** The client of the shared daemon. */
  static Docker docker() {
    return SharedDocker.get();
  }

  @AfterAll
  static void nothingIsLeft() {
    SharedDocker.clean();
  }
}
