package dev.bulwark.sentry.boot;

import dev.bulwark.control.Inherited;
import dev.bulwark.control.Message;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.linux.HostIo;
import java.io.IOException;

/** The entry point of the Sentry, started by the runtime command. */
public final class Main {
  private static final int RUNTIME_FAILED = 125;

  private Main() {}

  /** Runs a sandbox and ends the process with it. */
  public static void main(String[] arguments) {
    ControlLink link = new ControlLink(Inherited.SENTRY_CONTROL);
    try {
      SandboxSpec spec =
          SandboxSpec.decode(HostIo.readFile(Inherited.SENTRY_SPEC, SandboxSpec.MAXIMUM_BYTES));
      HostIo.close(Inherited.SENTRY_SPEC);
      link.send(run(spec));
    } catch (IOException | RuntimeException | Error failure) {
      failure.printStackTrace();
      link.send(new Message.Failed(RUNTIME_FAILED, "the Sentry failed: " + failure));
    }
    System.exit(0);
  }

  /** Runs the sandbox to its end, and gives the report for the runtime command. */
  private static Message run(SandboxSpec spec) {
    return new Message.Failed(
        RUNTIME_FAILED,
        "cannot run '"
            + spec.arguments().getFirst()
            + "': this build's sentry runs no programs yet; see 'Where it stands' in README.md");
  }
}
