package dev.bulwark.sentry.loader;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The bytes that a program finds on its stack, laid out as Linux does, from the top down: eight
 * zero bytes, the executed path, the environment, the arguments; a random gap; the platform's name
 * and 16 random bytes; then, ending at the stack pointer, the auxiliary vector and the two arrays
 * of pointers with the count of arguments lowest.
 */
final class InitialStack {
  private static final String PLATFORM = "x86_64";
  private static final int RANDOM_BYTES = 16;

  final long pointer;
  final byte[] bytes;
  final byte[] auxiliary;
  final long argumentsStart;
  final long argumentsEnd;
  final long environmentEnd;

  /**
   * Lays it out.
   *
   * @param vector without AT_RANDOM, AT_EXECFN and AT_PLATFORM, which are added
   * @param random 16 bytes
   */
  InitialStack(ExecArguments strings, AddressLayout layout, AuxiliaryVector vector, byte[] random) {
    List<String> arguments = strings.arguments();
    List<String> environment = strings.environment();
    long top = layout.stackTop();
    long filename = top - 8 - (strings.filename().length() + 1L);
    environmentEnd = filename;
    argumentsEnd = filename - size(environment);
    argumentsStart = argumentsEnd - size(arguments);

    long below = (argumentsStart - layout.stackShift()) & -16L;
    long platform = below - (PLATFORM.length() + 1);
    long randomAt = platform - RANDOM_BYTES;
    vector.put(AuxiliaryVector.RANDOM, randomAt);
    vector.put(AuxiliaryVector.EXECFN, filename);
    vector.put(AuxiliaryVector.PLATFORM, platform);
    auxiliary = vector.bytes();
    long words = 1 + arguments.size() + 1 + environment.size() + 1L;
    pointer = (randomAt - auxiliary.length - words * 8) & -16L;

    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(top - pointer)).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(arguments.size());
    pointers(out, arguments, argumentsStart);
    pointers(out, environment, argumentsEnd);
    out.put(auxiliary);
    out.position((int) (randomAt - pointer)).put(random, 0, RANDOM_BYTES);
    string(out, PLATFORM);
    out.position((int) (argumentsStart - pointer));
    arguments.forEach(argument -> string(out, argument));
    environment.forEach(variable -> string(out, variable));
    string(out, strings.filename());
    bytes = out.array();
  }

  private static long size(List<String> strings) {
    long size = 0;
    for (String string : strings) {
      size += string.length() + 1L;
    }
    return size;
  }

  private static void pointers(ByteBuffer out, List<String> strings, long first) {
    long at = first;
    for (String string : strings) {
      out.putLong(at);
      at += string.length() + 1L;
    }
    out.putLong(0);
  }

  private static void string(ByteBuffer out, String string) {
    out.put(string.getBytes(StandardCharsets.ISO_8859_1)).put((byte) 0);
  }
}
