package dev.bulwark.platform.systrap;

/** What {@code layout.h} says to the stub, for the Sentry; a test compares the two. */
final class Layout {
  static final long APPLICATION_START = 0x10000;
  static final long APPLICATION_END = 0x7fde_0000_0000L;
  static final long PATCH_ENTRY = 0x7fe0_0000_0100L;
  static final long SLOTS_START = 0x7fe1_0000_0000L;
  static final long SLOT_SIZE = 0x20000;
  static final int SLOT_COUNT = 8192;
  static final long BOOT_STACK_TOP = 0x2000;
  static final long FP_STATE = 0x2000;

  static final int TURN_GONE = 0;
  static final int TURN_STUB = 1;
  static final int TURN_SENTRY = 2;
  static final int TURN_DEAD = 3;

  static final int EVENT_READY = 1;
  static final int EVENT_SYSCALL = 2;
  static final int EVENT_FAULT = 3;
  static final int EVENT_KICK = 4;
  static final int EVENT_DONE = 5;
  static final int EVENT_PATCHED = 6;
  static final int EVENT_BARE = 7;

  static final int ORDER_RESUME = 1;
  static final int ORDER_OPERATIONS = 2;
  static final int ORDER_CLONE = 3;
  static final int ORDER_CPU_TIME = 4;
  static final int ORDER_EXIT = 5;
  static final int ORDER_NAME = 6;
  static final int ORDER_SAVE = 7;
  static final int ORDER_RESUME_ALL = 8;

  static final int RAN_SHIFT = 8;

  static final int MAP_OWN = 1;
  static final int MAP_RECEIVED = 2;
  static final int UNMAP = 3;
  static final int PROTECT = 4;
  static final int MAP_PRESENT = 5;

  static final int TURN = 0;
  static final int MESSAGE = 4;
  static final int NUMBER = 8;
  static final int ARGUMENTS = 16;
  static final int SENTRY_ASLEEP = 64;
  static final int STUB_ASLEEP = 68;
  static final int SPIN = 72;
  static final int KICKED = 76;
  static final int PID = 80;
  static final int TID = 84;
  static final int BASES = 88;
  static final int COUNT = 92;
  static final int FRAME = 96;
  static final int FS_BASE = 104;
  static final int GS_BASE = 112;
  static final int SAVED = 128;
  static final int SIGNAL = 280;
  static final int CODE = 284;
  static final int ADDRESS = 288;
  static final int RESULT = 296;
  static final int ARGUMENT = 304;
  static final int OPERATIONS = 312;
  static final int OPERATION_SIZE = 32;
  static final int OPERATIONS_MAX = 64;

  static final int BASES_READABLE = 1;
  static final int BASES_CHANGED = 2;

  /** Offsets in {@code struct ucontext}, fixed by the kernel's ABI. */
  static final int UC_REGISTERS = 40;

  static final int UC_ERR = 192;
  static final int UC_TRAPNO = 200;
  static final int UC_FPSTATE = 224;
  static final int UC_SIZE = 304;

  private Layout() {}
}
