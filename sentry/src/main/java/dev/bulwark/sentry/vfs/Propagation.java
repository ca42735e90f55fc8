package dev.bulwark.sentry.vfs;

/**
 * Whether a mount passes mounts upon it on to others (mount_namespaces(7)). A sandbox has one tree
 * of mounts, and what is bound from a shared mount is private: so a shared mount has no peers that
 * it could send to, and a slave none that it could receive from.
 */
public enum Propagation {
  /** To nobody. */
  PRIVATE,
  /** To its peers, of which there are none. */
  SHARED,
  /** To nobody, and it cannot be bound elsewhere. */
  UNBINDABLE
}
