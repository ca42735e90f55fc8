package dev.bulwark.sentry.mm;

/**
 * A line of /proc/PID/maps.
 *
 * @param start first address
 * @param end first address behind it
 * @param protection {@link Protection} bits
 * @param shared whether it was made with MAP_SHARED
 * @param growsDown whether it is a stack that grows
 * @param locked whether it is locked in memory
 * @param offset in the file; 0 without one
 * @param device number of the file's device; 0 without one
 * @param inode number of the file; 0 without one
 * @param name path of the file, or a name such as {@code [heap]}; empty when there is neither
 * @param anonymous bytes of memory that the area's private pages take; measured only for smaps
 */
public record MapsEntry(
    long start,
    long end,
    int protection,
    boolean shared,
    boolean growsDown,
    boolean locked,
    long offset,
    long device,
    long inode,
    String name,
    long anonymous) {

  /** The four letters of the second column. */
  public String permissions() {
    return ((protection & Protection.READ) != 0 ? "r" : "-")
        + ((protection & Protection.WRITE) != 0 ? "w" : "-")
        + ((protection & Protection.EXEC) != 0 ? "x" : "-")
        + (shared ? "s" : "p");
  }
}
