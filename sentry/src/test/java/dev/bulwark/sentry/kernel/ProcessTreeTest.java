package dev.bulwark.sentry.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {
  private static final int SIGCHLD = 17;
  private static final int SIGTSTP = 20;
  private static final WaitFor ANY_END =
      new WaitFor(WaitFor.Target.ANY, 0, true, false, false, false, WaitFor.Kind.ORDINARY);

  private final List<String> log = new ArrayList<>();
  private boolean discards;
  private final ProcessTree tree =
      new ProcessTree(
          new ProcessEvents() {
            @Override
            public void childChanged(ThreadGroup parent, ThreadGroup child, WaitStatus status) {
              log.add(
                  parent.pid() + "<-" + child.pid() + ":" + Integer.toHexString(status.encoded()));
            }

            @Override
            public boolean discardsChildren(ThreadGroup parent) {
              return discards;
            }

            @Override
            public void orphanedWithStopped(ProcessGroup group) {
              log.add("orphaned " + group.id());
            }

            @Override
            public void parentEnded(ThreadGroup child) {}
          });
  private final ThreadGroup init = tree.init();

  private ThreadGroup fork(ThreadGroup parent) {
    return Objects.requireNonNull(tree.fork(parent, false, SIGCHLD));
  }

  @Test
  void firstProcessLeadsItsGroupAndSession() {
    assertEquals(1, init.pid());
    assertEquals(0, tree.parentPid(init));
    assertEquals(1, tree.group(init, 0));
    assertEquals(1, tree.session(init, 1));
    assertEquals(-Errno.EPERM, tree.setSession(init));
  }

  @Test
  void endedChildIsReportedOnceAndItsPidIsFreed() {
    ThreadGroup child = fork(init);
    assertEquals(ProcessTree.Waited.NOTHING, tree.poll(init, ANY_END));
    tree.exit(child, new WaitStatus.Exited(3));
    assertEquals(List.of("1<-2:300"), log);
    assertEquals(new ProcessTree.Waited(child, new WaitStatus.Exited(3)), tree.poll(init, ANY_END));
    assertNull(tree.poll(init, ANY_END));
    assertNull(tree.find(2));
  }

  @Test
  void lookThatKeepsTheStatusCanBeRepeated() {
    tree.exit(fork(init), new WaitStatus.Signalled(9, false));
    WaitFor keep =
        new WaitFor(WaitFor.Target.PROCESS, 2, true, false, false, true, WaitFor.Kind.ORDINARY);
    assertEquals(tree.poll(init, keep), tree.poll(init, keep));
    assertNotNull(tree.find(2));
  }

  @Test
  void stopAndContinueAreReportedOnlyToThoseWhoAsk() {
    ThreadGroup child = fork(init);
    tree.stop(child, SIGTSTP);
    assertEquals(ProcessTree.Waited.NOTHING, tree.poll(init, ANY_END));
    WaitFor stops =
        new WaitFor(WaitFor.Target.GROUP, 1, true, true, false, false, WaitFor.Kind.ORDINARY);
    assertEquals(
        0x147f,
        Objects.requireNonNull(Objects.requireNonNull(tree.poll(init, stops)).status()).encoded());
    assertEquals(ProcessTree.Waited.NOTHING, tree.poll(init, stops));
    tree.goOn(child);
    assertEquals(List.of("1<-2:147f", "1<-2:ffff"), log);
  }

  @Test
  void orphansGoToTheNearestLivingSubreaperElseToTheFirstProcess() {
    ThreadGroup reaper = fork(init);
    tree.setSubreaper(reaper, true);
    ThreadGroup middle = fork(reaper);
    ThreadGroup leaf = fork(middle);
    tree.exit(middle, new WaitStatus.Exited(0));
    assertEquals(reaper.pid(), tree.parentPid(leaf));
    tree.exit(reaper, new WaitStatus.Exited(0));
    assertEquals(1, tree.parentPid(leaf));
  }

  @Test
  void parentThatDiscardsChildrenFindsNone() {
    discards = true;
    ThreadGroup child = fork(init);
    tree.exit(child, new WaitStatus.Exited(0));
    assertNull(tree.poll(init, ANY_END));
    assertNull(tree.find(child.pid()));
  }

  @Test
  void groupsChangeByTheRulesOfSetpgid() {
    ThreadGroup shell = fork(init);
    assertEquals(shell.pid(), tree.setSession(shell));
    ThreadGroup job = fork(shell);
    ThreadGroup stranger = fork(init);
    assertEquals(0, tree.setGroup(shell, job.pid(), 0));
    assertEquals(job.pid(), tree.group(job, 0));
    assertEquals(-Errno.EINVAL, tree.setGroup(shell, 0, -5));
    assertEquals(-Errno.ESRCH, tree.setGroup(shell, 4000, 0));
    assertEquals(-Errno.ESRCH, tree.setGroup(shell, stranger.pid(), 0));
    assertEquals(-Errno.EPERM, tree.setGroup(shell, 0, job.pid()));
    assertEquals(-Errno.EPERM, tree.setGroup(init, shell.pid(), 0));
    assertEquals(-Errno.EPERM, tree.setGroup(job, 0, 1));
    tree.executed(job);
    assertEquals(-Errno.EACCES, tree.setGroup(shell, job.pid(), shell.pid()));
    assertEquals(0, tree.setGroup(job, 0, shell.pid()));
    assertEquals(List.of(), tree.members(job.pid()));
  }

  @Test
  void stoppedJobOfAnEndedShellIsToldThatItIsOrphaned() {
    ThreadGroup shell = fork(init);
    tree.setSession(shell);
    ThreadGroup job = fork(shell);
    tree.setGroup(shell, job.pid(), job.pid());
    tree.stop(job, SIGTSTP);
    log.clear();
    tree.exit(shell, new WaitStatus.Exited(0));
    assertEquals(List.of("orphaned " + job.pid(), "1<-2:0"), log);
  }

  @Test
  void pidThatStillNamesAGroupIsNotGivenToAnotherProcess() {
    ThreadGroup leader = fork(init);
    tree.setGroup(leader, 0, 0);
    ThreadGroup member = fork(leader);
    tree.exit(leader, new WaitStatus.Exited(0));
    tree.poll(init, ANY_END);
    for (int i = 0; i < PidTable.LIMIT; i++) {
      ThreadGroup next = tree.fork(init, false, SIGCHLD);
      if (next == null) {
        break;
      }
      assertTrue(next.pid() != leader.pid(), "pid of a living group was reused");
    }
    assertEquals(leader.pid(), tree.group(member, 0));
    assertNull(tree.fork(init, false, SIGCHLD));
  }

  @Test
  void cloneParentMakesASibling() {
    ThreadGroup child = fork(init);
    ThreadGroup sibling = Objects.requireNonNull(tree.fork(child, true, SIGCHLD));
    assertEquals(1, tree.parentPid(sibling));
  }
}
