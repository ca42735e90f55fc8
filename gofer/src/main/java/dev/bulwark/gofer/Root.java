package dev.bulwark.gofer;

/**
 * A directory that the server serves with everything below it.
 *
 * @param fd an open descriptor of the directory; O_PATH is enough
 * @param readOnly whether nothing below may be changed, whatever the host would admit
 */
public record Root(int fd, boolean readOnly) {}
