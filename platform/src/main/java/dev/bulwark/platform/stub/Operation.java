package dev.bulwark.platform.stub;

/**
 * A change of what is mapped in a stub.
 *
 * @param kind {@link Layout#MAP_OWN}, {@link Layout#MAP_PRESENT}, {@link Layout#MAP_RECEIVED},
 *     {@link Layout#UNMAP} or {@link Layout#PROTECT}
 * @param protection PROT_ bits
 * @param address page-aligned start, below {@link Layout#APPLICATION_END} with all of the range
 * @param length bytes
 * @param offset in the file that is mapped
 * @param fd the file for {@link Layout#MAP_RECEIVED}, as this process numbers it
 */
public record Operation(int kind, int protection, long address, long length, long offset, int fd) {}
