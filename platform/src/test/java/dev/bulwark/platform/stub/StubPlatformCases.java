package dev.bulwark.platform.stub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.Event;
import dev.bulwark.platform.Platform;
import dev.bulwark.platform.Registers;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What every platform with stubs does: machine code in real stubs. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StubPlatformCases {
  protected static final long CODE = 0x400000;
  protected static final long DATA = 0x500000;
  protected static final int RW = 3;
  protected static final int RX = 5;
  protected static final String SYSCALL = "0f05";
  protected static final String LOOP = "ebfe";
  private static final String UD2 = "0f0b";
  private static final int SIGILL = 4;
  private static final int SIGTRAP = 5;
  private static final int SIGFPE = 8;
  protected static final int SIGSEGV = 11;
  protected static final int SIGSYS = 31;
  protected static final int SIGKILL = 9;

  protected Platform platform;
  protected AddressSpace space;
  protected Context context;

  protected abstract Platform open() throws IOException;

  @BeforeAll
  void start() throws IOException {
    platform = open();
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  @BeforeEach
  void newSpace() throws IOException {
    space = platform.newAddressSpace();
    context = space.firstContext();
  }

  @AfterEach
  void close() {
    context.close();
    space.close();
  }

  /** Maps code at CODE and a page of data at DATA, and points the context at the code. */
  protected final void load(String hex) {
    byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
    space.memory().at(0, code.length).copyFrom(MemorySegment.ofArray(code));
    space.mapMemory(context, CODE, 4096, RX, 0);
    space.mapMemory(context, DATA, 4096, RW, 4096);
    assertEquals(0, space.commit(context));
    context.registers().set(Registers.RIP, CODE);
  }

  @Test
  void systemCallsArriveWithTheirRegistersAndAreAnswered() {
    load(SYSCALL + SYSCALL);
    for (int i = 0; i < Registers.RIP; i++) {
      context.registers().set(i, 1000 + i);
    }
    context.registers().set(Registers.RSP, DATA + 4096);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(1000 + Registers.RAX, context.syscallNumber());
    assertEquals(1000 + Registers.RDI, context.registers().get(Registers.RDI));
    assertEquals(1000 + Registers.R15, context.registers().get(Registers.R15));
    assertEquals(CODE + 2, context.registers().rip());
    context.registers().set(Registers.RAX, 77);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(77, context.syscallNumber());
    assertEquals(CODE + 4, context.registers().rip());
  }

  @Test
  void thirtyTwoBitCallsAreNoCalls() {
    load("cd80");
    context.registers().set(Registers.RAX, Sys.GETPID);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(-1, context.syscallNumber());
  }

  @Test
  void memoryIsSharedWithTheSentryBothWays() {
    // mov (%rdi),%rax; inc %rax; mov %rax,8(%rdi); syscall
    load("488b07 48ffc0 48894708" + SYSCALL);
    space.memory().at(4096, 8).set(ValueLayout.JAVA_LONG, 0, 41);
    context.registers().set(Registers.RDI, DATA);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(42, space.memory().at(4096, 16).get(ValueLayout.JAVA_LONG, 8));
  }

  @Test
  void faultsTellAddressAndKind() {
    load("488907" + SYSCALL); // mov %rax,(%rdi)
    context.registers().set(Registers.RDI, 0x123450);
    assertEquals(Event.FAULT, context.run());
    assertEquals(SIGSEGV, context.fault().signal);
    assertEquals(1, context.fault().code);
    assertEquals(0x123450, context.fault().address);
    assertTrue(context.fault().write());
    assertEquals(14, context.fault().trapNumber);
    assertEquals(CODE, context.registers().rip());
    context.registers().set(Registers.RDI, DATA);
    assertEquals(Event.SYSCALL, context.run());
  }

  @Test
  void operationsChangeWhatIsMapped() {
    load("488b07" + SYSCALL + "488907" + SYSCALL); // load, call, store, call
    context.registers().set(Registers.RDI, DATA);
    assertEquals(Event.SYSCALL, context.run());
    space.protect(context, DATA, 4096, 1);
    assertEquals(0, space.commit(context));
    assertEquals(Event.FAULT, context.run());
    assertEquals(2, context.fault().code);
    space.unmap(context, DATA, 4096);
    assertEquals(0, space.commit(context));
    assertEquals(Event.FAULT, context.run());
    assertEquals(1, context.fault().code);
  }

  @Test
  void presentPagesAreMappedLikeOthers() {
    load("488b07" + SYSCALL + "488907" + SYSCALL); // load, call, store, call
    for (int protection : new int[] {1, RW, 0}) {
      space.memory().at(8192, 8).set(ValueLayout.JAVA_LONG, 0, 4711);
      space.mapPresent(context, 0x1000000, 4096, protection, 8192);
      context.registers().set(Registers.RIP, CODE);
      context.registers().set(Registers.RDI, 0x1000000);
      assertEquals(protection == 0 ? Event.FAULT : Event.SYSCALL, context.run());
      if (protection != 0) {
        assertEquals(4711, context.syscallNumber());
        context.setResult(4712);
        assertEquals(protection == 1 ? Event.FAULT : Event.SYSCALL, context.run());
        long stored = space.memory().at(8192, 8).get(ValueLayout.JAVA_LONG, 0);
        assertEquals(protection == 1 ? 4711 : 4712, stored);
      }
    }
  }

  @Test
  void aFailedOperationIsReportedAndTheNextOnesAreNotMade() {
    load(SYSCALL);
    space.protect(context, 0x900000, 4096, 1);
    space.unmap(context, CODE, 4096);
    assertEquals(-12, space.commit(context));
    assertEquals(Event.SYSCALL, context.run());
  }

  @Test
  void manyOperationsTravelTogether() {
    load(SYSCALL);
    for (int i = 0; i < 200; i++) {
      space.mapMemory(context, 0x1000000 + 8192L * i, 4096, RW, 8192 + 4096L * i);
    }
    assertEquals(0, space.commit(context));
    context.registers().set(Registers.RIP, CODE);
    assertEquals(Event.SYSCALL, context.run());
  }

  @Test
  void aDonatedFileIsMappedAsItsDescriptorPermits() {
    load("488b07 488907" + SYSCALL);
    try (var file = dev.bulwark.platform.MemoryFile.create("test", 1L << 28)) {
      file.at(0, 8).set(ValueLayout.JAVA_LONG, 0, 99);
      byte[] path = ("/proc/self/fd/" + file.fd() + "\0").getBytes(StandardCharsets.UTF_8);
      MemorySegment name = java.lang.foreign.Arena.ofAuto().allocate(path.length);
      name.copyFrom(MemorySegment.ofArray(path));
      int readOnly = (int) HostCall.call(Sys.OPEN, name.address(), 0);
      space.mapFile(context, 0x2000000, 4096, RW, readOnly, 0);
      assertEquals(-13, space.commit(context));
      space.mapFile(context, 0x2000000, 4096, 1, readOnly, 0);
      space.mapMemory(context, 0x3000000, 4096, RW, 8192);
      assertEquals(0, space.commit(context));
      HostCall.call(Sys.CLOSE, readOnly);
      context.registers().set(Registers.RDI, 0x2000000);
      assertEquals(Event.FAULT, context.run());
      assertEquals(99, context.registers().rax());
      assertEquals(2, context.fault().code);
    } catch (dev.bulwark.linux.HostException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aKickEndsAnEndlessLoop() throws Exception {
    load(LOOP);
    Thread kicker =
        Thread.ofPlatform()
            .start(
                () -> {
                  awaitTheLoop();
                  context.kick();
                });
    assertEquals(Event.KICKED, context.run());
    kicker.join();
    assertEquals(CODE, context.registers().rip());
  }

  private void awaitTheLoop() {
    while (space.cpuTimeNanos() < 20_000_000) {
      Thread.onSpinWait();
    }
  }

  @Test
  void noKickIsLost() throws Exception {
    load(LOOP);
    try (Kicker _ = new Kicker(context)) {
      for (int i = 0; i < 2000; i++) {
        assertEquals(Event.KICKED, context.run());
      }
    }
  }

  @Test
  void threadsShareTheAddressSpace() throws Exception {
    load("f0ff07" + SYSCALL); // lock incl (%rdi)
    context.registers().set(Registers.RDI, DATA);
    context.registers().fsBase = 0x12345;
    CountDownLatch done = new CountDownLatch(20);
    for (int i = 0; i < 20; i++) {
      Context thread = context.newThread();
      Thread.ofPlatform()
          .start(
              () -> {
                if (thread.run() == Event.SYSCALL && thread.registers().fsBase == 0x12345) {
                  done.countDown();
                }
                thread.close();
              });
    }
    done.await();
    assertEquals(20, space.memory().at(4096, 4).get(ValueLayout.JAVA_INT, 0));
  }

  @Test
  void basesOfSegmentsArePutAndGot() {
    load("64488b07" + SYSCALL); // mov %fs:(%rdi),%rax
    space.memory().at(4096 + 0x80, 8).set(ValueLayout.JAVA_LONG, 0, 4711);
    context.registers().fsBase = DATA;
    context.registers().set(Registers.RDI, 0x80);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(4711, context.syscallNumber());
    assertEquals(DATA, context.registers().fsBase);
  }

  @Test
  void floatingPointStateIsReadWrittenReset() throws Exception {
    // movq %rax,%xmm3; syscall; movq %xmm3,%rax; syscall
    load("66480f6ed8" + SYSCALL + "66480f7ed8" + SYSCALL);
    context.registers().set(Registers.RAX, 0x1122334455667788L);
    assertEquals(Event.SYSCALL, context.run());
    byte[] image = new byte[platform.fpStateSize()];
    context.readFpState(image);
    byte[] xmm3 = java.util.Arrays.copyOfRange(image, 160 + 48, 160 + 56);
    assertArrayEquals(HexFormat.of().parseHex("8877665544332211"), xmm3);
    image[160 + 48] = 0x42;
    assertTrue(context.writeFpState(image));
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(0x1122334455667742L, context.registers().rax());
    context.registers().set(Registers.RIP, CODE + 7);
    context.resetFpState();
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(0, context.syscallNumber());
    image[512 + 10] = 1;
    assertFalse(context.writeFpState(image), "a reserved byte of the header is set");
  }

  @Test
  void aKilledStubIsNoticed() throws Exception {
    load(LOOP);
    Thread killer =
        Thread.ofPlatform()
            .start(
                () -> {
                  awaitTheLoop();
                  HostCall.call(Sys.KILL, space.hostPid(), SIGKILL);
                });
    assertEquals(Event.DIED, context.run());
    killer.join();
    assertEquals(SIGKILL, space.deathStatus());
    assertEquals(-3, commitAnything());
  }

  @Test
  void aStubThatIsKilledWhileAllItsThreadsAreStoppedIsMourned() throws Exception {
    load(SYSCALL + LOOP);
    CountDownLatch stopped = new CountDownLatch(3);
    CountDownLatch mourned = new CountDownLatch(1);
    space.addMourner(mourned::countDown);
    Thread[] threads = new Thread[3];
    for (int i = 0; i < threads.length; i++) {
      Context thread = context.newThread();
      threads[i] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    assertEquals(Event.SYSCALL, thread.run());
                    stopped.countDown();
                    awaitQuietly(mourned);
                    assertEquals(Event.DIED, thread.run());
                    thread.close();
                  });
    }
    assertEquals(Event.SYSCALL, context.run());
    stopped.await();
    HostCall.call(Sys.KILL, space.hostPid(), SIGKILL);
    mourned.await();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(Event.DIED, context.run());
    assertEquals(SIGKILL, space.deathStatus());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void threadsOfAKilledStubAllHearOfIt() throws Exception {
    load(LOOP);
    CountDownLatch died = new CountDownLatch(3);
    for (int i = 0; i < 3; i++) {
      Context thread = context.newThread();
      Thread.ofPlatform()
          .start(
              () -> {
                if (thread.run() == Event.DIED) {
                  died.countDown();
                }
                thread.close();
              });
    }
    awaitTheLoop();
    space.close();
    died.await();
    assertEquals(Event.DIED, context.run());
  }

  /** The order to go on may reach the slot after the watcher has marked it. */
  @Test
  void whoAnswersACallWhileTheStubDiesHearsOfIt() throws Exception {
    for (int calls = 1; calls <= 300; calls++) {
      load(SYSCALL + "ebfc"); // for ever
      Context other = context.newThread();
      Thread thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    answerUntilDeath(other);
                    other.close();
                  });
      for (int i = 0; i < calls % 50; i++) {
        assertEquals(Event.SYSCALL, context.run());
      }
      HostCall.call(Sys.KILL, space.hostPid(), SIGKILL);
      answerUntilDeath(context);
      thread.join();
      close();
      newSpace();
    }
  }

  private static void answerUntilDeath(Context context) {
    while (context.run() != Event.DIED) {
      // another call
    }
  }

  private int commitAnything() {
    space.unmap(context, DATA, 4096);
    return space.commit(context);
  }

  @Test
  void scribblingOverTheSlotHarmsOnlyTheStub() {
    // mov $-1,%rax; mov $0x20000/8,%ecx; rep stos %rax,(%rdi); syscall
    load("48c7c0ffffffff b900400000 f348ab" + SYSCALL);
    context.registers().set(Registers.RDI, Layout.SLOTS_START);
    Event event = context.run();
    assertTrue(event == Event.SYSCALL || event == Event.DIED || event == Event.FAULT, "" + event);
    assertEquals(Event.DIED, event == Event.DIED ? event : runOutOfLuck());
  }

  private Event runOutOfLuck() {
    Event event = Event.SYSCALL;
    for (int i = 0; i < 10 && event != Event.DIED; i++) {
      context.registers().set(Registers.RIP, CODE);
      context.registers().set(Registers.RDI, Layout.SLOTS_START);
      event = context.run();
      if (i == 9) {
        space.close();
        event = context.run();
      }
    }
    return event;
  }

  @Test
  void aTrapInsideApplicationCodeIsAFault() {
    load(UD2);
    assertEquals(Event.FAULT, context.run());
    assertEquals(SIGILL, context.fault().signal);
    assertEquals(CODE, context.fault().address);
  }

  @Test
  void cpuTimeOfTheApplicationIsMeasured() {
    // mov $0x4000000,%ecx; dec %ecx; jnz -4; syscall
    load("b900000004 ffc9 75fc" + SYSCALL);
    long before = context.sampleCpuTime();
    assertEquals(Event.SYSCALL, context.run());
    assertTrue(context.sampleCpuTime() > before + 1_000_000);
    assertTrue(space.cpuTimeNanos() >= context.cpuTimeNanos());
  }

  @Test
  void threadsMadeByARunningThreadStartWithItsState() throws Exception {
    load(SYSCALL + SYSCALL);
    assertEquals(Event.SYSCALL, context.run());
    context.registers().set(Registers.RBX, 4711);
    Context thread = context.newThread();
    thread.registers().set(Registers.RAX, 5);
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  assertEquals(Event.SYSCALL, thread.run());
                  assertEquals(5, thread.syscallNumber());
                  assertEquals(4711, thread.registers().get(Registers.RBX));
                  thread.close();
                });
    other.join();
    context.setResult(6);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(6, context.syscallNumber());
  }

  @Test
  void memoryIsChangedBetweenACallAndItsAnswer() {
    // mov %rax,%rbx; syscall; mov (%rdi),%rcx; syscall
    load("4889c3" + SYSCALL + "488b0f" + SYSCALL);
    context.registers().set(Registers.RDI, 0x7000000);
    context.registers().set(Registers.RAX, 100);
    assertEquals(Event.SYSCALL, context.run());
    space.memory().at(1 << 20, 8).set(ValueLayout.JAVA_LONG, 0, 31);
    space.mapMemory(context, 0x7000000, 4096, RW, 1 << 20);
    assertEquals(0, space.commit(context));
    context.setResult(-11);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(-11, context.syscallNumber());
    assertEquals(100, context.registers().get(Registers.RBX));
    assertEquals(0x7000000, context.registers().get(Registers.RDI));
  }

  @Test
  void aFaultLeavesEverythingAsItWas() {
    // movq %rax,%xmm3; mov (%rdi),%rcx; movq %xmm3,%rax; syscall
    load("66480f6ed8 488b0f 66480f7ed8" + SYSCALL);
    for (int i = 0; i < Registers.RIP; i++) {
      context.registers().set(i, 1000 + i);
    }
    context.registers().set(Registers.RDI, 0x123000);
    assertEquals(Event.FAULT, context.run());
    assertEquals(4, context.fault().errorCode, "a read by user code");
    assertEquals(CODE + 5, context.registers().rip());
    context.registers().set(Registers.RDI, DATA);
    context.registers().set(Registers.RAX, 0);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(1000 + Registers.RAX, context.syscallNumber());
    assertEquals(1000 + Registers.R15, context.registers().get(Registers.R15));
    assertEquals(1000 + Registers.RSP, context.registers().rsp());
  }

  @Test
  void faultsOfOtherKindsTellTheirVector() {
    load("31c9 f7f1 cc" + SYSCALL); // xor %ecx,%ecx; div %ecx; int3
    assertEquals(Event.FAULT, context.run());
    assertEquals(SIGFPE, context.fault().signal);
    assertEquals(0, context.fault().trapNumber);
    assertEquals(CODE + 2, context.registers().rip());
    context.registers().set(Registers.RIP, CODE + 4);
    assertEquals(Event.FAULT, context.run());
    assertEquals(SIGTRAP, context.fault().signal);
    assertEquals(3, context.fault().trapNumber);
    assertEquals(CODE + 5, context.registers().rip());
    context.registers().set(Registers.RIP, 0x8000_0000_0000_0000L);
    assertEquals(Event.FAULT, context.run());
    assertEquals(SIGSEGV, context.fault().signal);
    assertEquals(13, context.fault().trapNumber);
  }

  @Test
  void resultsThatMeanRestartingToTheHostArePassedOn() throws Exception {
    // again: syscall; mov %rax,%rbx; mov $7,%eax; jmp again
    load(SYSCALL + "4889c3 b807000000 ebf4");
    try (Kicker _ = new Kicker(context)) {
      for (int i = 0; i < 500; ) {
        if (context.run() == Event.SYSCALL) {
          assertEquals(CODE + 2, context.instructionPointer());
          if (i > 0) {
            assertEquals(-512 - (i - 1) % 5, context.registers().get(Registers.RBX));
          }
          context.setResult(-512 - i % 5);
          i++;
        }
      }
    }
  }

  /** Kicks a context all the time. */
  private static final class Kicker implements AutoCloseable {
    private final AtomicBoolean enough = new AtomicBoolean();
    private final Thread thread;

    Kicker(Context context) {
      thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!enough.get()) {
                      context.kick();
                      Thread.onSpinWait();
                    }
                  });
    }

    @Override
    public void close() {
      enough.set(true);
      while (thread.isAlive()) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void codeIn32BitModeIsServedToo() {
    // push $0x23; push $CODE+12; lretq; in 32-bit mode: mov $7,%ebx; int3; inc %ebx; int3
    load("6a23 680c004000 48cb 909090 bb07000000 cc 43 cc");
    context.registers().set(Registers.RSP, DATA + 2048);
    assertEquals(Event.FAULT, context.run());
    assertEquals(SIGTRAP, context.fault().signal);
    assertEquals(CODE + 18, context.registers().rip());
    assertEquals(7, context.registers().get(Registers.RBX));
    space.mapMemory(context, 0x7000000, 4096, RW, 1 << 20);
    assertEquals(0, space.commit(context));
    assertEquals(Event.FAULT, context.run());
    assertEquals(8, context.registers().get(Registers.RBX));
    assertEquals(CODE + 20, context.registers().rip());
  }

  @Test
  void theApplicationMayUseTheBaseOfGs() {
    load("65488b07" + SYSCALL); // mov %gs:(%rdi),%rax
    space.memory().at(4096 + 0x80, 8).set(ValueLayout.JAVA_LONG, 0, 4712);
    context.registers().gsBase = DATA;
    context.registers().set(Registers.RDI, 0x80);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(4712, context.syscallNumber());
    assertEquals(DATA, context.registers().gsBase);
  }
}
