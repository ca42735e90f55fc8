/**
 * The Gofer: a process that owns the container's directories and opens files in them for the
 * Sentry, which has no way to open anything itself.
 *
 * <p>Both talk over one socket that keeps the bounds of messages. The Sentry's {@link
 * dev.bulwark.gofer.Client} sends a {@link dev.bulwark.gofer.Request} with a tag of its own
 * choosing; the {@link dev.bulwark.gofer.Server} answers with a {@link dev.bulwark.gofer.Reply}
 * that carries the tag, in any order. A file is named by the number of a <em>node</em>, which the
 * server gives for a file that a walk found and keeps until the client has forgotten it as often as
 * it was given. What a regular file holds travels past the Gofer: it donates an open descriptor.
 *
 * <p>The server takes the Sentry for hostile. It never follows a symbolic link or {@code ..},
 * accepts only names of one component, opens only regular files and directories, connects only to
 * sockets that it was told to, makes only devices that can do no harm, refuses to change anything
 * below a read-only root, and hides the kernel's own file systems. What it cannot decode ends the
 * connection, and the end of the connection ends the process.
 *
 * <p>Lock order in the server: the tree lock of {@code NodeTable}, monitors of nodes from child to
 * parent, the table's monitor. In the client there is one lock, not held while the socket is read
 * or written.
 */
package dev.bulwark.gofer;
