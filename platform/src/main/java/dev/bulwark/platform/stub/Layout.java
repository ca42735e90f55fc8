package dev.bulwark.platform.stub;

/** What {@code layout.h} says to the stub, for the Sentry; a test compares the two. */
public final class Layout {
  public static final long APPLICATION_START = 0x10000;
  public static final long APPLICATION_END = 0x7fde_0000_0000L;
  public static final long TRACED_CALL = 0x7fe0_0000_00c0L;
  public static final long TRACED_CLONE = 0x7fe0_0000_00d0L;
  public static final long TRACED_LENGTH = 3;
  public static final long PATCH_ENTRY = 0x7fe0_0000_0100L;
  public static final long SLOTS_START = 0x7fe1_0000_0000L;
  public static final long SLOT_SIZE = 0x20000;
  public static final int SLOT_COUNT = 8192;
  public static final long BOOT_STACK_TOP = 0x2000;
  public static final long FP_STATE = 0x2000;

  public static final int CONTROL_FD = 3;
  public static final int MEMORY_FD = 4;
  public static final long THREAD_FLAGS = 0x250f00;

  public static final int TURN_GONE = 0;
  public static final int TURN_STUB = 1;
  public static final int TURN_SENTRY = 2;
  public static final int TURN_DEAD = 3;

  public static final int EVENT_READY = 1;
  public static final int EVENT_SYSCALL = 2;
  public static final int EVENT_FAULT = 3;
  public static final int EVENT_KICK = 4;
  public static final int EVENT_DONE = 5;
  public static final int EVENT_PATCHED = 6;
  public static final int EVENT_BARE = 7;

  public static final int ORDER_RESUME = 1;
  public static final int ORDER_OPERATIONS = 2;
  public static final int ORDER_CLONE = 3;
  public static final int ORDER_CPU_TIME = 4;
  public static final int ORDER_EXIT = 5;
  public static final int ORDER_NAME = 6;
  public static final int ORDER_SAVE = 7;
  public static final int ORDER_RESUME_ALL = 8;

  public static final int RAN_SHIFT = 8;

  public static final int MAP_OWN = 1;
  public static final int MAP_RECEIVED = 2;
  public static final int UNMAP = 3;
  public static final int PROTECT = 4;
  public static final int MAP_PRESENT = 5;

  public static final int TURN = 0;
  public static final int MESSAGE = 4;
  public static final int NUMBER = 8;
  public static final int ARGUMENTS = 16;
  public static final int SENTRY_ASLEEP = 64;
  public static final int STUB_ASLEEP = 68;
  public static final int SPIN = 72;
  public static final int KICKED = 76;
  public static final int PID = 80;
  public static final int TID = 84;
  public static final int BASES = 88;
  public static final int COUNT = 92;
  public static final int FRAME = 96;
  public static final int FS_BASE = 104;
  public static final int GS_BASE = 112;
  public static final int SAVED = 128;
  public static final int SIGNAL = 280;
  public static final int CODE = 284;
  public static final int ADDRESS = 288;
  public static final int RESULT = 296;
  public static final int ARGUMENT = 304;
  public static final int OPERATIONS = 312;
  public static final int OPERATION_SIZE = 32;
  public static final int OPERATIONS_MAX = 64;

  public static final int BASES_READABLE = 1;
  public static final int BASES_CHANGED = 2;

  /** Offsets in {@code struct ucontext}, fixed by the kernel's ABI. */
  public static final int UC_REGISTERS = 40;

  public static final int UC_ERR = 192;
  public static final int UC_TRAPNO = 200;
  public static final int UC_FPSTATE = 224;
  public static final int UC_SIZE = 304;

  private Layout() {}

  /** The event in a message, which also tells how long the application ran before it. */
  public static int event(int message) {
    return message & ((1 << RAN_SHIFT) - 1);
  }
}
