package dev.bulwark.sentry.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.sentry.signal.ChildNotices;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class ResourcesTest {
  @Test
  void listsOfProcessorsAreReadAndWritten() {
    for (String list : new String[] {"0", "0-3", "1,3", "0-2,5,7-9", "8191"}) {
      assertEquals(list, ProcessorList.format(ProcessorList.parse(list)));
    }
    assertEquals("0-4", ProcessorList.format(ProcessorList.parse("3-4, 0-2\n")));
    assertEquals("", ProcessorList.format(new BitSet()));
    for (String wrong :
        new String[] {"", "x", "-1", "3-1", "1,,2", "8192", "0-99999999999", "1-"}) {
      assertThrows(IllegalArgumentException.class, () -> ProcessorList.parse(wrong), wrong);
    }
  }

  @Test
  void wishesThatCannotBeFulfilledAreForgotten() {
    Scheduling scheduling = new Scheduling();
    assertArrayEquals(new long[] {7}, scheduling.affinity(new long[] {7}));
    scheduling.setAffinity(new long[] {6});
    assertArrayEquals(new long[] {6}, scheduling.forChild().affinity(new long[] {7}));
    assertArrayEquals(new long[] {2}, scheduling.affinity(new long[] {3}));
    assertArrayEquals(new long[] {8, 1}, scheduling.affinity(new long[] {8, 1}));
  }

  @Test
  void tasksAreCountedUntilTheyAreWaitedFor() {
    ProcessTree tree = new ProcessTree(new ChildNotices());
    assertEquals(1, tree.taskCount());
    tree.setTaskLimit(3);
    ThreadGroup child = tree.fork(tree.init(), false, 17);
    assertNotNull(child);
    int thread = tree.allocateThread();
    assertTrue(thread > 0);
    assertEquals(3, tree.taskCount());
    assertNull(tree.fork(tree.init(), false, 17));
    assertTrue(tree.allocateThread() < 0);
    assertEquals(2, tree.refusedTasks());
    tree.releaseThread(child, thread);
    assertEquals(2, tree.taskCount());
    tree.abandon(child);
    assertEquals(1, tree.taskCount());
    assertEquals(3, tree.mostTasks());
    tree.setTaskLimit(1);
    assertNull(tree.fork(tree.init(), false, 17));
  }
}
