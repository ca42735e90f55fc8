package dev.bulwark.sentry.ipc;

import dev.bulwark.sentry.kernel.ThreadGroup;

/** The System V IPC objects of a sandbox. Thread-safe. */
public final class IpcNamespace {
  private final SharedMemorySystem sharedMemory = new SharedMemorySystem();
  private final SemaphoreSystem semaphores = new SemaphoreSystem();
  private final MessageSystem messages = new MessageSystem();

  /** An empty namespace. */
  public IpcNamespace() {}

  SharedMemorySystem sharedMemory() {
    return sharedMemory;
  }

  SemaphoreSystem semaphores() {
    return semaphores;
  }

  MessageSystem messages() {
    return messages;
  }

  /** A process has ended: what it did with SEM_UNDO is undone. */
  public void exited(ThreadGroup process) {
    semaphores.exited(process);
  }

  /** The lines of /proc/sysvipc/shm. */
  public String sharedMemoryText() {
    return sharedMemory.text();
  }

  /** The lines of /proc/sysvipc/sem. */
  public String semaphoreText() {
    return semaphores.text();
  }

  /** The lines of /proc/sysvipc/msg. */
  public String messageText() {
    return messages.text();
  }
}
