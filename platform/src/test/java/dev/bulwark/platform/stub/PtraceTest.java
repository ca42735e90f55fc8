package dev.bulwark.platform.stub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.linux.Sys;
import dev.bulwark.platform.Event;
import dev.bulwark.platform.Platform;
import dev.bulwark.platform.Registers;
import dev.bulwark.platform.ptrace.PtracePlatform;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The platform {@code ptrace} does what all do, and what its tracing does besides. */
final class PtraceTest extends StubPlatformCases {
  @Override
  protected Platform open() throws IOException {
    return new PtracePlatform(() -> {});
  }

  @Test
  void aCallFromStubTextIsACallOfTheApplicationLikeAnyOther() {
    load("ffe3"); // jmp *%rbx
    context.registers().set(Registers.RBX, Layout.TRACED_CALL);
    context.registers().set(Registers.RAX, Sys.GETPID);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(Sys.GETPID, context.syscallNumber());
    assertEquals(Event.FAULT, context.run(), "the trap behind it");
    context.registers().set(Registers.RIP, CODE);
    context.registers().set(Registers.RAX, Sys.MMAP); // which the filter would admit
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(Sys.MMAP, context.syscallNumber());
  }

  @Test
  void aReturnFromASignalThatWouldBlockKicksIsNeverMade() {
    load("ffe3");
    context.registers().set(Registers.RBX, Layout.TRACED_CALL);
    context.registers().set(Registers.RAX, Sys.RT_SIGRETURN);
    context.registers().set(Registers.RSP, DATA);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(Sys.RT_SIGRETURN, context.syscallNumber());
  }
}
