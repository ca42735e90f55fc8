package dev.bulwark.sentry.kernel;

/** An inode that stands for a process: the directory of one in /proc. */
public interface ProcessReference {

  /** The process, which may have ended. */
  ThreadGroup process();
}
