package dev.bulwark.platform.stub;

import dev.bulwark.platform.Context;
import java.util.Queue;

/** An application thread in a stub, as its {@link StubAddressSpace} sees it. */
public interface StubContext extends Context {
  /** What it shares with the Sentry. */
  Slot slot();

  /**
   * Has the stopped thread carry out an order in its slot other than to resume.
   *
   * @return its result, which the application can forge; ESRCH negated when the stub has died
   */
  long obey(int order);

  /**
   * Has the stopped thread carry out operations from the head of a queue, at least one.
   *
   * @param stub the process
   * @return 0, or the errno negated of the first that failed
   */
  default int operate(StubProcess stub, Queue<Operation> queue) {
    return OperationsOrder.give(stub, this, queue);
  }

  /**
   * Has the stopped thread clone itself.
   *
   * @param child the slot of the new thread
   * @return its thread identifier on the host, or an errno negated
   */
  default long cloneInto(Slot child) {
    slot().putLong(Layout.ARGUMENT, child.index());
    return obey(Layout.ORDER_CLONE);
  }
}
