package dev.bulwark.gofer;

import org.jspecify.annotations.Nullable;

/**
 * A file that the client knows by number, or that lies on the way to one. The mutable fields are
 * guarded by the table's monitor; {@link #parent} and {@link #name} moreover change only under the
 * tree lock.
 */
final class Node {
  /** Tells a file apart as long as it exists. */
  record Identity(int root, long device, long inode) {
    // Of the methods that Java makes for records every start would pay some milliseconds.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Identity identity
          && root == identity.root
          && device == identity.device
          && inode == identity.inode;
    }

    @Override
    public int hashCode() {
      return Long.hashCode((inode * 31 + device) * 31 + root);
    }
  }

  final long id;
  final Identity identity;
  final Root root;

  /** File type as bits of a mode. */
  final int type;

  /** Time of birth, which tells files apart that had the same number one after the other. */
  final long born;

  /** The mount of the host through which it was reached. */
  final long mount;

  /** Whether it is the root of one of the kernel's own file systems, which is shown empty. */
  final boolean hidden;

  /** Where it was found last; null for a root, and for a file that lost its name. */
  @Nullable Node parent;

  /** The name it was found by in {@link #parent}. */
  String name = "";

  /** An O_PATH descriptor, or -1. */
  int fd = -1;

  /** How often the client was given it and has not forgotten it. */
  long lookups;

  /** How many nodes have it as their parent. */
  int children;

  /** How many operations work with it now. */
  int users;

  Node(long id, Identity identity, Root root, int type, long born, long mount, boolean hidden) {
    this.id = id;
    this.identity = identity;
    this.root = root;
    this.type = type;
    this.born = born;
    this.mount = mount;
    this.hidden = hidden;
  }

  boolean isRoot() {
    return fd == root.fd();
  }
}
