package dev.bulwark.sentry.boot;

import dev.bulwark.control.Inherited;
import dev.bulwark.control.Message;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.linux.HostIo;
import java.io.IOException;

/** The entry point of the Sentry, started by the runtime command. */
public final class Main {
  private Main() {}

  /** Runs a sandbox and ends the process with it. */
  public static void main(String[] arguments) {
    ControlLink link = new ControlLink(Inherited.SENTRY_CONTROL);
    link.send(run(link));
    System.exit(0);
  }

  /** Runs the sandbox to its end, and gives the report for the runtime command. */
  private static Message run(ControlLink link) {
    try {
      SandboxSpec spec =
          SandboxSpec.decode(HostIo.readFile(Inherited.SENTRY_SPEC, SandboxSpec.MAXIMUM_BYTES));
      HostIo.close(Inherited.SENTRY_SPEC);
      return new Boot(spec, link).run();
    } catch (StartFailure failure) {
      return new Message.Failed(failure.exitCode(), failure.getMessage());
    } catch (IOException | RuntimeException | Error failure) {
      failure.printStackTrace();
      return new Message.Failed(StartFailure.RUNTIME_FAILED, "the Sentry failed: " + failure);
    }
  }
}
