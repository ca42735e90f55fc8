package dev.bulwark.cli;

import dev.bulwark.linux.HostException;
import dev.bulwark.runtime.container.ContainerException;
import dev.bulwark.runtime.container.Containers;
import java.time.Duration;

/** {@code events}. */
final class EventsCommand implements Command {
  @Override
  public String name() {
    return "events";
  }

  @Override
  public String summary() {
    return "print what a container uses, as JSON, until it ends";
  }

  @Override
  public String operands() {
    return "ID";
  }

  @Override
  public Options options() {
    return new Options()
        .flag("stats", null, "print it once")
        .value("interval", null, "TIME", "between two lines: 5s, the default, or 500ms, or 1m");
  }

  @Override
  public int run(Call call) throws UsageException, ContainerException, HostException {
    String id = call.operand("the container's name");
    Containers containers = call.globals().containers();
    call.out().println(containers.statistics(id).strip());
    if (call.given().has("stats")) {
      return 0;
    }
    long pause = interval(call.given().last("interval").orElse("5s")).toMillis();
    try {
      while (true) {
        Thread.sleep(pause);
        if (!containers.alive(id)) {
          return 0;
        }
        call.out().println(containers.statistics(id).strip());
      }
    } catch (InterruptedException ended) {
      return 0;
    }
  }

  private static Duration interval(String text) throws UsageException {
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits)) && digits < 6) {
      digits++;
    }
    long amount = digits == 0 ? 0 : Long.parseLong(text.substring(0, digits));
    Duration interval =
        switch (text.substring(digits)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s", "" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          default -> Duration.ZERO;
        };
    if (interval.isZero()) {
      throw new UsageException("--interval takes a time such as 5s, not '" + text + "'");
    }
    return interval;
  }
}
