package dev.bulwark.microvm.agent;

/** Numbers of the protocol, as microvm/src/main/c/wire.h has them. */
final class Wire {
  static final int VERSION = 2;
  static final int MOST_PAYLOAD = 65536;
  static final int MOST_FRAME = MOST_PAYLOAD + 5 + 256;
  static final int HEAD = 9;
  static final int INPUT_WINDOW = 65536;
  static final int OUTPUT_WINDOW = 262144;

  static final int SPAWN = 1;
  static final int INPUT = 2;
  static final int INPUT_END = 3;
  static final int TAKEN = 4;
  static final int SIGNAL = 5;
  static final int WINDOW = 6;
  static final int MOUNT = 7;
  static final int UNMOUNT = 8;
  static final int WRITE_FILE = 9;
  static final int READ_FILE = 10;
  static final int STAT = 11;
  static final int MAKE_DIRECTORY = 12;
  static final int RESUMED = 13;
  static final int ONLINE = 14;
  static final int PING = 15;
  static final int POWER_OFF = 16;
  static final int CLOSE_OUTPUT = 17;
  static final int ADOPT = 18;

  static final int HELLO = 64;
  static final int REPLY = 65;
  static final int OUTPUT = 66;
  static final int OUTPUT_END = 67;
  static final int CREDIT = 68;
  static final int EXIT = 69;

  private Wire() {}
}
