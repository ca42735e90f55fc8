package dev.bulwark.gofer;

/**
 * A reply and the descriptor that goes with it.
 *
 * @param fd a descriptor that whoever holds the answer owns, or -1
 */
record Answer(Reply reply, int fd) {
  static Answer of(Reply reply) {
    return new Answer(reply, -1);
  }

  static Answer failed(int errno) {
    return of(new Reply.Failed(errno));
  }

  static Answer done() {
    return of(new Reply.Done());
  }
}
