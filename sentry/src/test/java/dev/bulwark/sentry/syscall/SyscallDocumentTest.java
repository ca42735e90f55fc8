package dev.bulwark.sentry.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of system calls says what the table says. */
final class SyscallDocumentTest {
  private static final Path PAGE = Path.of("../docs/syscalls.md");

  @Test
  void thePageIsWhatTheTableMakes() throws IOException {
    assertEquals(
        SyscallPage.markdown(Topics.table()),
        Files.readString(PAGE),
        "docs/syscalls.md is out of date: write it anew with ./bulwark syscalls >docs/syscalls.md");
  }
}
