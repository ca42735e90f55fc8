package dev.bulwark.sentry.loader;

import dev.bulwark.sentry.vfs.Location;
import org.jspecify.annotations.Nullable;

/**
 * A loaded program: where to start, and what {@code /proc/PID} shows of it. All registers but the
 * two below are zero at the start; rdx in particular, which the C library takes for a function to
 * call at exit.
 *
 * @param entry the first instruction
 * @param stackPointer the stack pointer
 * @param brk where the heap begins
 * @param codeStart lowest address of the program
 * @param codeEnd end of its code
 * @param dataStart start of its data
 * @param dataEnd end of its initialised data
 * @param argumentsStart where the argument strings begin
 * @param argumentsEnd where they end and the environment strings begin
 * @param environmentEnd where those end
 * @param auxiliary the auxiliary vector as bytes, with the closing pair
 * @param executable where the program was found, for {@code /proc/PID/exe}; null when nowhere
 * @param name the task's new name: the last component of the executed path, at most 15 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Image(
    long entry,
    long stackPointer,
    long brk,
    long codeStart,
    long codeEnd,
    long dataStart,
    long dataEnd,
    long argumentsStart,
    long argumentsEnd,
    long environmentEnd,
    byte[] auxiliary,
    @Nullable Location executable,
    String name) {}
