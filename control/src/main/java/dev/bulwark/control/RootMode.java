package dev.bulwark.control;

/** What becomes of writes to a sandbox's root file system. */
public enum RootMode {
  /** They go to a layer in memory that ends with the sandbox. */
  OVERLAY,
  /** They are refused with EROFS. */
  READ_ONLY,
  /** They go through to the directory on the host. */
  WRITE_THROUGH
}
