package dev.bulwark.gofer;

import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostStatfs;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What the file server answers. On the wire: the tag (4 bytes), the kind (1 byte), the components.
 */
sealed interface Reply {
  /** How many entries of a directory, or names, one reply carries. */
  int MAX_ENTRIES = 4096;

  /** It failed, with an errno. */
  record Failed(int errno) implements Reply {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 0).putInt(errno);
    }
  }

  /** It is done. */
  record Done() implements Reply {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 1);
    }
  }

  /** A root; whether it cannot be changed, and whether others change it. */
  record Attached(NodeInfo root, boolean readOnly, boolean shared) implements Reply {
    @Override
    public void write(ByteBuffer to) {
      Wire.putNode(to.put((byte) 2), root);
      Wire.putBoolean(to, readOnly);
      Wire.putBoolean(to, shared);
    }
  }

  /**
   * What a walk found, from the first name on. The errno is why it went no further; 0 when there
   * was no more to walk, or when the last node is no directory.
   */
  record Walked(List<NodeInfo> nodes, int errno) implements Reply {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 3).putInt(nodes.size());
      nodes.forEach(node -> Wire.putNode(to, node));
      to.putInt(errno);
    }
  }

  /** A file that was made, and what its directory is like now. A descriptor may come with it. */
  record Made(NodeInfo info, FileAttributes directory) implements Reply {
    @Override
    public void write(ByteBuffer to) {
      Wire.putNode(to.put((byte) 4), info);
      Wire.putAttributes(to, directory);
    }
  }

  /** Attributes, after a change if one was asked for. */
  record Attributes(FileAttributes attributes) implements Reply {
    @Override
    public void write(ByteBuffer to) {
      Wire.putAttributes(to.put((byte) 5), attributes);
    }
  }

  /**
   * Attributes of what a change concerned: of the directory and the file for a link, of the old and
   * the new directory for a rename.
   */
  record Changed(FileAttributes first, FileAttributes second) implements Reply {
    @Override
    public void write(ByteBuffer to) {
      Wire.putAttributes(to.put((byte) 11), first);
      Wire.putAttributes(to, second);
    }
  }

  /** What a symbolic link says. */
  record Text(String text) implements Reply {
    @Override
    public void write(ByteBuffer to) {
      Wire.putString(to.put((byte) 6), text);
    }
  }

  /** Some entries of a directory; whether there are no more after them. */
  record Entries(List<ListedEntry> entries, boolean end) implements Reply {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 7).putInt(entries.size());
      entries.forEach(entry -> Wire.putEntry(to, entry));
      Wire.putBoolean(to, end);
    }
  }

  /** Figures of a file system. */
  record Figures(HostStatfs figures) implements Reply {
    @Override
    public void write(ByteBuffer to) {
      HostStatfs f = figures;
      to.put((byte) 8).putLong(f.magic()).putLong(f.blockSize()).putLong(f.blocks());
      to.putLong(f.free()).putLong(f.available()).putLong(f.files());
      to.putLong(f.freeFiles()).putLong(f.nameLength());
    }
  }

  /** An extended attribute. */
  @SuppressWarnings("ArrayRecordComponent") // messages are never compared
  record Value(byte[] value) implements Reply {
    @Override
    public void write(ByteBuffer to) {
      Wire.putBytes(to.put((byte) 9), value);
    }
  }

  /** Names of extended attributes. */
  record Names(List<String> names) implements Reply {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 10).putInt(names.size());
      names.forEach(name -> Wire.putString(to, name));
    }
  }

  /** The number that a watched file has in the queue. */
  record Watching(int watch) implements Reply {
    @Override
    public void write(ByteBuffer to) {
      to.put((byte) 12).putInt(watch);
    }
  }

  /** Writes the message into an empty buffer. */
  default void encode(int tag, ByteBuffer to) {
    write(to.putInt(tag));
  }

  /** Writes the kind and the components. */
  void write(ByteBuffer to);

  /** Reads what follows the tag. */
  static Reply decode(ByteBuffer from) throws MalformedMessageException {
    byte kind = Wire.getByte(from);
    Reply reply =
        switch (kind) {
          case 0 -> new Failed(Wire.getInt(from));
          case 1 -> new Done();
          case 2 -> new Attached(Wire.getNode(from), Wire.getBoolean(from), Wire.getBoolean(from));
          case 3 -> new Walked(nodes(from), Wire.getInt(from));
          case 4 -> new Made(Wire.getNode(from), Wire.getAttributes(from));
          case 5 -> new Attributes(Wire.getAttributes(from));
          case 6 -> new Text(Wire.getString(from));
          case 7 -> new Entries(entries(from), Wire.getBoolean(from));
          case 8 ->
              new Figures(
                  new HostStatfs(
                      Wire.getLong(from),
                      Wire.getLong(from),
                      Wire.getLong(from),
                      Wire.getLong(from),
                      Wire.getLong(from),
                      Wire.getLong(from),
                      Wire.getLong(from),
                      Wire.getLong(from)));
          case 9 -> new Value(Wire.getBytes(from, HostFile.MAX_XATTR_VALUE));
          case 10 -> new Names(names(from));
          case 11 -> new Changed(Wire.getAttributes(from), Wire.getAttributes(from));
          case 12 -> new Watching(Wire.getInt(from));
          default -> throw new MalformedMessageException("a reply of kind " + kind);
        };
    Wire.end(from);
    return reply;
  }

  private static List<NodeInfo> nodes(ByteBuffer from) throws MalformedMessageException {
    int count = Wire.getCount(from, Request.MAX_NAMES, Long.BYTES + Wire.ATTRIBUTES);
    List<NodeInfo> nodes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      nodes.add(Wire.getNode(from));
    }
    return nodes;
  }

  private static List<ListedEntry> entries(ByteBuffer from) throws MalformedMessageException {
    int count = Wire.getCount(from, MAX_ENTRIES, Integer.BYTES);
    List<ListedEntry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      entries.add(Wire.getEntry(from));
    }
    return entries;
  }

  private static List<String> names(ByteBuffer from) throws MalformedMessageException {
    int count = Wire.getCount(from, MAX_ENTRIES, Integer.BYTES);
    List<String> names = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      names.add(Wire.getString(from));
    }
    return names;
  }
}
