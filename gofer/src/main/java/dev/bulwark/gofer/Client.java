package dev.bulwark.gofer;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostIdentity;
import dev.bulwark.linux.HostStatfs;
import dev.bulwark.linux.MessageSocket;
import java.util.List;

/**
 * The Sentry's view of the Gofer: files by the numbers of their nodes. Thread-safe; every method
 * waits for the Gofer, and all fail with what it answers, or with EIO when it is dead.
 *
 * <p>Names are byte strings of one component. Every {@link NodeInfo} that a method returns must be
 * given back with {@link #forget}, and every descriptor closed.
 */
public final class Client implements AutoCloseable {
  /** Open for reading. */
  public static final int READ = 0;

  /** Open for reading and writing. */
  public static final int READ_WRITE = 2;

  /** Open for writing at the end, wherever a write is said to go. */
  public static final int APPEND = 3;

  /** How many names {@link #walk} takes at once. */
  public static final int MAX_NAMES = Request.MAX_NAMES;

  /** How many nodes {@link #forget} takes at once. */
  public static final int MAX_FORGOTTEN = Request.MAX_FORGOTTEN;

  /**
   * A root.
   *
   * @param info the directory, or whatever else it is
   * @param readOnly whether the server refuses to change anything
   * @param shared whether others change it too
   */
  public record RootFile(NodeInfo info, boolean readOnly, boolean shared) {}

  /**
   * What a walk found.
   *
   * @param nodes what the names stand for, from the first on; the walk ends behind whatever is no
   *     directory
   * @param errno why it went no further, such as ENOENT; 0 when all was found, or when the last is
   *     no directory
   */
  public record Path(List<NodeInfo> nodes, int errno) {}

  /**
   * A file that was made.
   *
   * @param info the file
   * @param directory attributes of the directory, with the file in it
   * @param fd of a regular file, a descriptor for reading and writing; else -1
   */
  public record Made(NodeInfo info, FileAttributes directory, int fd) {}

  /**
   * A name that was added.
   *
   * @param directory attributes of the directory after that
   * @param file attributes of the file after that
   */
  public record Linked(FileAttributes directory, FileAttributes file) {}

  /**
   * A name that was moved.
   *
   * @param from attributes of the old directory after that
   * @param to attributes of the new directory after that
   */
  public record Moved(FileAttributes from, FileAttributes to) {}

  /**
   * Part of a directory.
   *
   * @param entries in the order of the host, without {@code .} and {@code ..}
   * @param end whether nothing comes after them
   */
  public record Listing(List<ListedEntry> entries, boolean end) {}

  private final Connection connection;
  private final HostEvents events = new HostEvents(this);

  /**
   * Takes over a connected socket.
   *
   * @param onDeath run once, on any thread, when the connection ended without {@link #close}
   */
  public Client(MessageSocket socket, Runnable onDeath) {
    connection = new Connection(socket, onDeath);
    connection.watch();
  }

  private <R extends Reply> R ask(Request request, Class<R> expected) throws GoferException {
    Answer answer = connection.ask(request);
    if (answer.fd() >= 0) {
      HostFile.close(answer.fd()); // not asked for
    }
    return cast(answer.reply(), expected);
  }

  private <R extends Reply> R cast(Reply reply, Class<R> expected) throws GoferException {
    if (!expected.isInstance(reply)) {
      connection.die();
      throw GoferException.of(Errno.EIO);
    }
    return expected.cast(reply);
  }

  private Made made(Request request) throws GoferException {
    Reply.Made reply = ask(request, Reply.Made.class);
    return new Made(reply.info(), reply.directory(), -1);
  }

  private int descriptor(Answer answer) throws GoferException {
    if (answer.fd() < 0) {
      connection.die();
      throw GoferException.of(Errno.EIO);
    }
    return answer.fd();
  }

  /**
   * A root, by its place on the server's command line.
   *
   * @throws GoferException EINVAL when there is none
   */
  public RootFile attach(int root) throws GoferException {
    Reply.Attached reply = ask(new Request.Attach(root), Reply.Attached.class);
    return new RootFile(reply.root(), reply.readOnly(), reply.shared());
  }

  /**
   * Has the server refuse every change below a root from now on; there is no way back.
   *
   * @throws GoferException EINVAL when there is no such root
   */
  public void seal(int root) throws GoferException {
    ask(new Request.Seal(root), Reply.Done.class);
  }

  /**
   * Looks up to {@link #MAX_NAMES} names up, each in the directory that the one before is.
   *
   * @throws GoferException when the first name cannot be looked up; that it does not exist is no
   *     failure
   */
  public Path walk(long node, List<String> names) throws GoferException {
    Reply.Walked reply = ask(new Request.Walk(node, names), Reply.Walked.class);
    return new Path(reply.nodes(), reply.errno());
  }

  /**
   * Opens a regular file.
   *
   * @param access {@link #READ}, {@link #READ_WRITE} or {@link #APPEND}; or 1 for writing only
   * @return a descriptor
   * @throws GoferException EACCES when it is not regular, EROFS
   */
  public int open(long node, int access) throws GoferException {
    Answer answer = connection.ask(new Request.Open(node, access));
    cast(answer.reply(), Reply.Done.class);
    return descriptor(answer);
  }

  /** Makes a regular file with exactly these permission bits; EEXIST when the name is taken. */
  public Made create(long directory, String name, int mode, int uid, int gid)
      throws GoferException {
    Answer answer =
        connection.ask(new Request.Create(directory, name, new Request.Owner(mode, uid, gid)));
    Reply.Made reply = cast(answer.reply(), Reply.Made.class);
    return new Made(reply.info(), reply.directory(), descriptor(answer));
  }

  /** Makes a regular file without a name; EOPNOTSUPP when the host's file system cannot. */
  public Made createNameless(long directory, int mode, int uid, int gid) throws GoferException {
    Answer answer =
        connection.ask(new Request.CreateNameless(directory, new Request.Owner(mode, uid, gid)));
    Reply.Made reply = cast(answer.reply(), Reply.Made.class);
    return new Made(reply.info(), reply.directory(), descriptor(answer));
  }

  /** Makes a directory with exactly these permission bits. */
  public Made makeDirectory(long directory, String name, int mode, int uid, int gid)
      throws GoferException {
    Request.Owner owner = new Request.Owner(mode, uid, gid);
    return made(new Request.MakeDirectory(directory, name, owner));
  }

  /** Makes a symbolic link. */
  public Made makeSymlink(long directory, String name, String target, int uid, int gid)
      throws GoferException {
    Request.Owner owner = new Request.Owner(0, uid, gid);
    return made(new Request.MakeSymlink(directory, name, target, owner));
  }

  /**
   * Makes a FIFO, a socket, a regular file or a device.
   *
   * @param mode its type and permission bits
   * @param device number of a device
   * @throws GoferException EPERM for other types, and for devices that could do harm
   */
  public Made makeNode(long directory, String name, int mode, int uid, int gid, long device)
      throws GoferException {
    Request.Owner owner = new Request.Owner(mode, uid, gid);
    return made(new Request.MakeNode(directory, name, owner, device));
  }

  /** Gives a file one more name. */
  public Linked link(long node, long directory, String name) throws GoferException {
    Reply.Changed reply = ask(new Request.Link(node, directory, name), Reply.Changed.class);
    return new Linked(reply.first(), reply.second());
  }

  /** Takes a name away from what is no directory; returns attributes of its directory. */
  public FileAttributes unlink(long directory, String name) throws GoferException {
    return ask(new Request.Unlink(directory, name, false), Reply.Attributes.class).attributes();
  }

  /** Removes a directory; returns attributes of the directory that it was in. */
  public FileAttributes removeDirectory(long directory, String name) throws GoferException {
    return ask(new Request.Unlink(directory, name, true), Reply.Attributes.class).attributes();
  }

  /**
   * Moves a name.
   *
   * @param flags RENAME_NOREPLACE or RENAME_EXCHANGE of renameat2(2), or 0
   */
  public Moved rename(
      long oldDirectory, String oldName, long newDirectory, String newName, int flags)
      throws GoferException {
    Reply.Changed reply =
        ask(
            new Request.Rename(oldDirectory, oldName, newDirectory, newName, flags),
            Reply.Changed.class);
    return new Moved(reply.first(), reply.second());
  }

  /** What a symbolic link says. */
  public String readLink(long node) throws GoferException {
    return ask(new Request.ReadLink(node), Reply.Text.class).text();
  }

  /**
   * Lists part of a directory.
   *
   * @param position 0 for the beginning, or what an entry said is next
   * @param withNodes whether to look every entry up too
   */
  public Listing list(long directory, long position, boolean withNodes) throws GoferException {
    Reply.Entries reply =
        ask(new Request.ReadDirectory(directory, position, withNodes), Reply.Entries.class);
    return new Listing(reply.entries(), reply.end());
  }

  /** The attributes of a file. */
  public FileAttributes attributes(long node) throws GoferException {
    return ask(new Request.GetAttributes(node), Reply.Attributes.class).attributes();
  }

  /** Changes attributes; returns all of them after that. */
  public FileAttributes setAttributes(long node, AttributeChange change) throws GoferException {
    return ask(new Request.SetAttributes(node, change), Reply.Attributes.class).attributes();
  }

  /** Figures of the file system that a file is in. */
  public HostStatfs statfs(long node) throws GoferException {
    return ask(new Request.GetFigures(node), Reply.Figures.class).figures();
  }

  /** An extended attribute; EOPNOTSUPP for names that the server does not admit. */
  public byte[] getXattr(long node, String name) throws GoferException {
    return ask(new Request.GetXattr(node, name), Reply.Value.class).value();
  }

  /** Sets an extended attribute, with flags of setxattr(2). */
  public void setXattr(long node, String name, byte[] value, int flags) throws GoferException {
    ask(new Request.SetXattr(node, name, value, flags), Reply.Done.class);
  }

  /** The names of the extended attributes that the server admits. */
  public List<String> listXattr(long node) throws GoferException {
    return ask(new Request.ListXattr(node), Reply.Names.class).names();
  }

  /** Removes an extended attribute. */
  public void removeXattr(long node, String name) throws GoferException {
    ask(new Request.RemoveXattr(node, name), Reply.Done.class);
  }

  /** Brings a regular file or a directory to the disk. */
  public void sync(long node) throws GoferException {
    ask(new Request.Sync(node, false), Reply.Done.class);
  }

  /** Brings everything in the file system of a regular file or directory to the disk. */
  public void syncFileSystem(long node) throws GoferException {
    ask(new Request.Sync(node, true), Reply.Done.class);
  }

  /**
   * Connects to a socket of the host.
   *
   * @param type SOCK_STREAM (1), SOCK_DGRAM (2) or SOCK_SEQPACKET (5)
   * @param as the user that the host sees
   * @return a descriptor that does not block
   * @throws GoferException ECONNREFUSED, EACCES where the server or the host does not admit it,
   *     EPROTOTYPE, EAGAIN
   */
  public int connect(long node, int type, HostIdentity as) throws GoferException {
    Answer answer = connection.ask(new Request.Connect(node, type, as));
    cast(answer.reply(), Reply.Done.class);
    return descriptor(answer);
  }

  /** What happens on the host to files of shared roots. */
  public HostEvents events() {
    return events;
  }

  /** The queue of events; a descriptor that is the caller's. */
  int openWatches() throws GoferException {
    Answer answer = connection.ask(new Request.OpenWatches());
    cast(answer.reply(), Reply.Done.class);
    return descriptor(answer);
  }

  /** Has a file watched; returns the number of the watch. */
  int watch(long node) throws GoferException {
    return ask(new Request.Watch(node), Reply.Watching.class).watch();
  }

  /** Ends a watch. */
  void unwatch(long node) throws GoferException {
    ask(new Request.Unwatch(node), Reply.Done.class);
  }

  /**
   * Gives nodes back, without waiting.
   *
   * @param nodes their numbers, {@link #MAX_FORGOTTEN} at most
   * @param counts how often each was given
   */
  public void forget(long[] nodes, int[] counts) throws GoferException {
    connection.tell(new Request.Forget(nodes, counts));
  }

  /** How many messages were sent to the Gofer so far. */
  public long messages() {
    return connection.sent();
  }

  /** Ends the connection, and with it the Gofer; {@code onDeath} is not run. */
  @Override
  public void close() {
    events.close();
    connection.close();
  }
}
