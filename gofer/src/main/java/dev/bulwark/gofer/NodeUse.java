package dev.bulwark.gofer;

/**
 * A node while an operation works with it: it is not dropped and keeps its descriptor. Made with
 * the table's monitor held.
 */
final class NodeUse implements AutoCloseable {
  final Node node;
  private final NodeTable table;

  NodeUse(NodeTable table, Node node) {
    this.table = table;
    this.node = node;
    node.users++;
  }

  /** An O_PATH descriptor, open until {@link #close}; see {@link NodeTable#fd}. */
  int fd() throws GoferException {
    return table.fd(node);
  }

  @Override
  public void close() {
    table.unuse(node);
  }
}
