package dev.bulwark.gofer;

import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostIdentity;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What the Sentry asks of the file server. Names are byte strings of one component; numbers of
 * nodes are those that the server gave.
 *
 * <p>On the wire: the tag (4 bytes), the position of the record in the {@code permits} clause (1
 * byte), its components in order.
 */
sealed interface Request {
  /** How many names one walk follows. */
  int MAX_NAMES = 64;

  /** How many nodes one message forgets. */
  int MAX_FORGOTTEN = 2048;

  /** Asks for a root directory by its place on the server's command line. */
  record Attach(int root) implements Request {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 0).putInt(root);
    }
  }

  /**
   * Looks names up, each in what the one before it stands for. Ends early at a name that does not
   * exist and behind everything that is no directory.
   */
  record Walk(long node, List<String> names) implements Request {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 1).putLong(node).putInt(names.size());
      names.forEach(name -> Wire.putString(to, name));
    }
  }

  /** Opens a regular file: 0 for reading, 1 for writing, 2 for both, 3 for appending. */
  record Open(long node, int access) implements Request {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 2).putLong(node).putInt(access);
    }
  }

  /** Makes a regular file and opens it for reading and writing. */
  record Create(long directory, String name, Owner owner) implements Request {
    @Override
    public void write(ByteBuffer to) {
      Wire.putString(to.put((byte) 3).putLong(directory), name);
      owner.write(to);
    }
  }

  /** Makes a regular file without a name and opens it for reading and writing. */
  record CreateNameless(long directory, Owner owner) implements Request {
    @Override
    public void write(ByteBuffer to) {
      owner.write(to.put((byte) 4).putLong(directory));
    }
  }

  /** Makes a directory. */
  record MakeDirectory(long directory, String name, Owner owner) implements Request {
    @Override
    public void write(ByteBuffer to) {
      Wire.putString(to.put((byte) 5).putLong(directory), name);
      owner.write(to);
    }
  }

  /** Makes a symbolic link. */
  record MakeSymlink(long directory, String name, String target, Owner owner) implements Request {
    @Override
    public void write(ByteBuffer to) {
      Wire.putString(to.put((byte) 6).putLong(directory), name);
      Wire.putString(to, target);
      owner.write(to);
    }
  }

  /** Makes a FIFO, a socket, an empty regular file, or a device of the harmless ones. */
  record MakeNode(long directory, String name, Owner owner, long device) implements Request {
    @Override
    public void write(ByteBuffer to) {
      Wire.putString(to.put((byte) 7).putLong(directory), name);
      owner.write(to);
      to.putLong(device);
    }
  }

  /** Gives a file one more name. */
  record Link(long node, long directory, String name) implements Request {
    @Override
    public void write(ByteBuffer to) {
      Wire.putString(to.put((byte) 8).putLong(node).putLong(directory), name);
    }
  }

  /** Takes a name away: of a directory, or of something else. */
  record Unlink(long directory, String name, boolean isDirectory) implements Request {
    @Override
    public void write(ByteBuffer to) {
      Wire.putString(to.put((byte) 9).putLong(directory), name);
      Wire.putBoolean(to, isDirectory);
    }
  }

  /** Moves a name, with flags of renameat2(2). */
  record Rename(long oldDirectory, String oldName, long newDirectory, String newName, int flags)
      implements Request {
    @Override
    public void write(ByteBuffer to) {
      Wire.putString(to.put((byte) 10).putLong(oldDirectory), oldName);
      Wire.putString(to.putLong(newDirectory), newName);
      to.putInt(flags);
    }
  }

  /** Asks what a symbolic link says. */
  record ReadLink(long node) implements Request {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 11).putLong(node);
    }
  }

  /** Lists a directory from a position on: 0, or what an entry said is next. */
  record ReadDirectory(long directory, long position, boolean withNodes) implements Request {
    @Override
    public void write(ByteBuffer to) {
      Wire.putBoolean(to.put((byte) 12).putLong(directory).putLong(position), withNodes);
    }
  }

  /** Asks for attributes. */
  record GetAttributes(long node) implements Request {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 13).putLong(node);
    }
  }

  /** Changes attributes. */
  record SetAttributes(long node, AttributeChange change) implements Request {
    @Override
    public void write(ByteBuffer to) {
      change.write(to.put((byte) 14).putLong(node));
    }
  }

  /** Asks for figures of the file system that a node is in. */
  record GetFigures(long node) implements Request {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 15).putLong(node);
    }
  }

  /** Asks for an extended attribute. */
  record GetXattr(long node, String name) implements Request {
    @Override
    public void write(ByteBuffer to) {
      Wire.putString(to.put((byte) 16).putLong(node), name);
    }
  }

  /** Sets an extended attribute, with flags of setxattr(2). */
  @SuppressWarnings("ArrayRecordComponent") // messages are never compared
  record SetXattr(long node, String name, byte[] value, int flags) implements Request {
    @Override
    public void write(ByteBuffer to) {
      Wire.putString(to.put((byte) 17).putLong(node), name);
      Wire.putBytes(to, value);
      to.putInt(flags);
    }
  }

  /** Asks for the names of extended attributes. */
  record ListXattr(long node) implements Request {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 18).putLong(node);
    }
  }

  /** Removes an extended attribute. */
  record RemoveXattr(long node, String name) implements Request {
    @Override
    public void write(ByteBuffer to) {
      Wire.putString(to.put((byte) 19).putLong(node), name);
    }
  }

  /** Brings a file, or all of its file system, to the disk. */
  record Sync(long node, boolean fileSystem) implements Request {
    @Override
    public void write(ByteBuffer to) {
      Wire.putBoolean(to.put((byte) 20).putLong(node), fileSystem);
    }
  }

  /** Gives nodes back; counts say how often each was given. There is no reply. */
  @SuppressWarnings("ArrayRecordComponent") // messages are never compared
  record Forget(long[] nodes, int[] counts) implements Request {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 21).putInt(nodes.length);
      for (int i = 0; i < nodes.length; i++) {
        to.putLong(nodes[i]).putInt(counts[i]);
      }
    }
  }

  /** Asks for the queue of what happens to watched files. */
  record OpenWatches() implements Request {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 22);
    }
  }

  /** Has a file of a shared root watched. */
  record Watch(long node) implements Request {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 23).putLong(node);
    }
  }

  /** Ends a watch. */
  record Unwatch(long node) implements Request {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 24).putLong(node);
    }
  }

  /** Asks for a socket that is connected, as a user, to the socket that a node stands for. */
  record Connect(long node, int type, HostIdentity as) implements Request {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 25).putLong(node).putInt(type);
      Wire.putIdentity(to, as);
    }
  }

  /** Lets nothing below a root be changed any more. */
  record Seal(int root) implements Request {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 26).putInt(root);
    }
  }

  /**
   * What a new file starts with.
   *
   * @param mode file type and permission bits, which the server's umask leaves alone
   * @param uid owner
   * @param gid group
   */
  record Owner(int mode, int uid, int gid) {
    void write(ByteBuffer to) {
      to.putInt(mode).putInt(uid).putInt(gid);
    }

    static Owner read(ByteBuffer from) throws MalformedMessageException {
      return new Owner(Wire.getInt(from), Wire.getInt(from), Wire.getInt(from));
    }
  }

  /** Writes the message into an empty buffer. */
  default void encode(int tag, ByteBuffer to) {
    write(to.putInt(tag));
  }

  /** Writes the kind and the components. */
  void write(ByteBuffer to);

  /** Reads what follows the tag. */
  static Request decode(ByteBuffer from) throws MalformedMessageException {
    byte kind = Wire.getByte(from);
    Request request =
        switch (kind) {
          case 0 -> new Attach(Wire.getInt(from));
          case 1 -> new Walk(Wire.getLong(from), names(from));
          case 2 -> new Open(Wire.getLong(from), Wire.getInt(from));
          case 3 -> new Create(Wire.getLong(from), Wire.getString(from), Owner.read(from));
          case 4 -> new CreateNameless(Wire.getLong(from), Owner.read(from));
          case 5 -> new MakeDirectory(Wire.getLong(from), Wire.getString(from), Owner.read(from));
          case 6 ->
              new MakeSymlink(
                  Wire.getLong(from), Wire.getString(from), Wire.getString(from), Owner.read(from));
          case 7 ->
              new MakeNode(
                  Wire.getLong(from), Wire.getString(from), Owner.read(from), Wire.getLong(from));
          case 8 -> new Link(Wire.getLong(from), Wire.getLong(from), Wire.getString(from));
          case 9 -> new Unlink(Wire.getLong(from), Wire.getString(from), Wire.getBoolean(from));
          case 10 ->
              new Rename(
                  Wire.getLong(from),
                  Wire.getString(from),
                  Wire.getLong(from),
                  Wire.getString(from),
                  Wire.getInt(from));
          case 11 -> new ReadLink(Wire.getLong(from));
          case 12 ->
              new ReadDirectory(Wire.getLong(from), Wire.getLong(from), Wire.getBoolean(from));
          case 13 -> new GetAttributes(Wire.getLong(from));
          case 14 -> new SetAttributes(Wire.getLong(from), AttributeChange.read(from));
          case 15 -> new GetFigures(Wire.getLong(from));
          case 16 -> new GetXattr(Wire.getLong(from), Wire.getString(from));
          case 17 ->
              new SetXattr(
                  Wire.getLong(from),
                  Wire.getString(from),
                  Wire.getBytes(from, HostFile.MAX_XATTR_VALUE),
                  Wire.getInt(from));
          case 18 -> new ListXattr(Wire.getLong(from));
          case 19 -> new RemoveXattr(Wire.getLong(from), Wire.getString(from));
          case 20 -> new Sync(Wire.getLong(from), Wire.getBoolean(from));
          case 21 -> forgotten(from);
          case 22 -> new OpenWatches();
          case 23 -> new Watch(Wire.getLong(from));
          case 24 -> new Unwatch(Wire.getLong(from));
          case 26 -> new Seal(Wire.getInt(from));
          case 25 -> new Connect(Wire.getLong(from), Wire.getInt(from), Wire.getIdentity(from));
          default -> throw new MalformedMessageException("a request of kind " + kind);
        };
    Wire.end(from);
    return request;
  }

  private static List<String> names(ByteBuffer from) throws MalformedMessageException {
    int count = Wire.getCount(from, MAX_NAMES, Integer.BYTES);
    List<String> names = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      names.add(Wire.getString(from));
    }
    return names;
  }

  private static Forget forgotten(ByteBuffer from) throws MalformedMessageException {
    int count = Wire.getCount(from, MAX_FORGOTTEN, Long.BYTES + Integer.BYTES);
    long[] nodes = new long[count];
    int[] counts = new int[count];
    for (int i = 0; i < count; i++) {
      nodes[i] = Wire.getLong(from);
      counts[i] = Wire.getInt(from);
    }
    return new Forget(nodes, counts);
  }
}
