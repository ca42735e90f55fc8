package dev.bulwark.sentry.boot;

import dev.bulwark.sentry.syscall.SyscallPage;
import dev.bulwark.sentry.syscall.Topics;

/** The entry point of {@code bulwark syscalls}: prints the documentation page of the calls. */
public final class SyscallList {
  private SyscallList() {}

  /** Prints the page to standard output. */
  public static void main(String[] arguments) {
    System.out.print(SyscallPage.markdown(Topics.table()));
    System.out.flush();
  }
}
