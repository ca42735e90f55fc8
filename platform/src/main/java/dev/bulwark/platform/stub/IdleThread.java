package dev.bulwark.platform.stub;

/**
 * A thread of a stub that has stopped for good as far as the application knows, and could become
 * another of its threads. It shares the address space with the application, which knows all that is
 * left in it. It was ordered to tell its CPU time, and is idle when it has.
 *
 * @param slot its slot
 * @param tid its host thread identifier, or 0 for the stub's first thread
 * @param patched whether it stopped in a patched call; else there is a signal frame
 * @param registersAt where the slot holds its registers
 */
public record IdleThread(Slot slot, int tid, boolean patched, long registersAt) {}
