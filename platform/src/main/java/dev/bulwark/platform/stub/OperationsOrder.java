package dev.bulwark.platform.stub;

import java.util.Queue;

/** The order that brings operations to a stub's thread through its slot. */
final class OperationsOrder {
  private OperationsOrder() {}

  /** As {@link StubContext#operate}, up to {@link Layout#OPERATIONS_MAX} at once. */
  static int give(StubProcess stub, StubContext via, Queue<Operation> queue) {
    Slot slot = via.slot();
    int count = 0;
    for (; count < Layout.OPERATIONS_MAX && !queue.isEmpty(); count++) {
      Operation operation = queue.remove();
      long at = Layout.OPERATIONS + (long) count * Layout.OPERATION_SIZE;
      slot.putInt(at, operation.kind());
      slot.putInt(at + 4, operation.protection());
      slot.putLong(at + 8, operation.address());
      slot.putLong(at + 16, operation.length());
      slot.putLong(at + 24, operation.offset());
      if (operation.kind() == Layout.MAP_RECEIVED) {
        int sent = stub.hand(operation.fd());
        if (sent < 0) {
          return sent;
        }
      }
    }
    slot.putInt(Layout.COUNT, count);
    long result = via.obey(Layout.ORDER_OPERATIONS);
    return (int) Math.clamp(result, -4095L, 0L);
  }
}
