package dev.bulwark.tests.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code check --security}: what it measures is what SECURITY.md promises. */
@Timeout(120)
class PostureTest extends OneContainer {

  @Test
  void everyProcessIsConfinedAsPromised() throws Exception {
    bundle.command("/bin/sleep", "1000");
    runtime.ok("run", "--detach", "--bundle", bundle.directory().toString(), id);
    OciRuntime.Result result = runtime.run("check", "--security", id);
    assertEquals(0, result.code(), result.out());
    assertFalse(result.out().contains("weaker"), result.out());
    for (String process : new String[] {"Sentry", "Gofer", "zygote", "stub"}) {
      assertTrue(result.out().contains("good     " + process + " "), result.out());
    }
    runtime.ok("kill", id, "KILL");
  }

  @Test
  void whatDoesNotRunIsNotMeasured() throws Exception {
    OciRuntime.Result result = runtime.run("check", "--security", id);
    assertFalse(result.code() == 0, result.out());
  }
}
