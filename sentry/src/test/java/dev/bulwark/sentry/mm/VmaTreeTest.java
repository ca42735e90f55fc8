package dev.bulwark.sentry.mm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VmaTreeTest {
  private static final int PAGES = 64;

  private static Vma area(long firstPage, long endPage, int protection) {
    return new Vma(
        firstPage * Pages.SIZE,
        endPage * Pages.SIZE,
        protection,
        0,
        null,
        0,
        firstPage * Pages.SIZE,
        null);
  }

  private static VmaTree map(VmaTree tree, Vma area) {
    return tree.replace(area.start(), area.end(), List.of(area));
  }

  @Test
  void neighboursThatAreAlikeBecomeOne() {
    VmaTree tree = map(map(VmaTree.EMPTY, area(1, 2, 3)), area(3, 4, 3));
    assertEquals(2, tree.size());
    tree = map(tree, area(2, 3, 3));
    assertEquals(List.of(area(1, 4, 3)), tree.all());
  }

  @Test
  void neighboursWhoseMemoryDoesNotFollowStayApart() {
    Vma elsewhere = area(2, 3, 3).withMemory(0x100000);
    VmaTree tree = map(map(VmaTree.EMPTY, area(1, 2, 3)), elsewhere);
    assertEquals(2, tree.size());
    assertTrue(tree.get(0).continuedBy(tree.get(1)));
  }

  @Test
  void aHoleInTheMiddleSplits() {
    VmaTree tree = map(VmaTree.EMPTY, area(1, 9, 3));
    tree = tree.replace(3 * Pages.SIZE, 5 * Pages.SIZE, List.of());
    assertEquals(List.of(area(1, 3, 3), area(5, 9, 3)), tree.all());
  }

  @Test
  void gapIsTheHighestThatFits() {
    VmaTree tree = map(map(VmaTree.EMPTY, area(10, 12, 1)), area(20, 22, 1));
    assertEquals(18 * Pages.SIZE, tree.gap(0, 22 * Pages.SIZE, 2 * Pages.SIZE));
    assertEquals(22 * Pages.SIZE, tree.gap(0, 24 * Pages.SIZE, 2 * Pages.SIZE));
    assertEquals(0, tree.gap(0, 22 * Pages.SIZE, 10 * Pages.SIZE));
    assertEquals(-1, tree.gap(0, 22 * Pages.SIZE, 11 * Pages.SIZE));
    assertEquals(-1, tree.gap(12 * Pages.SIZE, 20 * Pages.SIZE, 9 * Pages.SIZE));
  }

  @Test
  void gapKeepsAwayFromAStack() {
    Vma stack = area(1000, 1001, 3).withFlags(Vma.GROWS_DOWN);
    VmaTree tree = map(VmaTree.EMPTY, stack);
    assertEquals((1000 - 256 - 1) * Pages.SIZE, tree.gap(0, 1001 * Pages.SIZE, Pages.SIZE));
    assertFalse(tree.isFreeGuarded(999 * Pages.SIZE, 1000 * Pages.SIZE));
    assertTrue(tree.isFree(999 * Pages.SIZE, 1000 * Pages.SIZE));
  }

  @Test
  void agreesWithAnArrayOfPages() {
    Random random = new Random(4711);
    for (int round = 0; round < 200; round++) {
      VmaTree tree = VmaTree.EMPTY;
      int[] model = new int[PAGES]; // protection + 1 of each page; 0 is unmapped
      for (int step = 0; step < 60; step++) {
        int start = random.nextInt(PAGES);
        int end = start + 1 + random.nextInt(PAGES - start);
        int protection = random.nextInt(3);
        List<Vma> next = new ArrayList<>();
        switch (random.nextInt(3)) {
          case 0 -> {
            next.add(area(start, end, protection));
            java.util.Arrays.fill(model, start, end, protection + 1);
          }
          case 1 -> java.util.Arrays.fill(model, start, end, 0);
          default -> {
            for (Vma part : tree.within(start * Pages.SIZE, end * Pages.SIZE)) {
              next.add(part.withProtection(protection));
            }
            for (int i = start; i < end; i++) {
              model[i] = model[i] == 0 ? 0 : protection + 1;
            }
          }
        }
        tree = tree.replace(start * Pages.SIZE, end * Pages.SIZE, next);
        assertAgrees(tree, model, random);
      }
    }
  }

  private static void assertAgrees(VmaTree tree, int[] model, Random random) {
    List<Vma> expected = new ArrayList<>();
    for (int i = 0; i < PAGES; i++) {
      Vma found = tree.find(i * Pages.SIZE + random.nextInt((int) Pages.SIZE));
      if (model[i] == 0) {
        assertNull(found);
      } else {
        assertEquals(model[i] - 1, java.util.Objects.requireNonNull(found).protection());
        int first = i;
        while (i + 1 < PAGES && model[i + 1] == model[i]) {
          i++;
        }
        expected.add(area(first, i + 1, model[i] - 1));
      }
    }
    assertEquals(expected, tree.all());
    int start = random.nextInt(PAGES);
    int end = start + 1 + random.nextInt(PAGES - start);
    assertEquals(count(model, start, end) == 0, tree.isFree(start * Pages.SIZE, end * Pages.SIZE));
    assertEquals(
        count(model, start, end) == end - start, tree.covers(start * Pages.SIZE, end * Pages.SIZE));
    int length = 1 + random.nextInt(8);
    long gap = -1;
    for (int i = end - length; i >= start && gap < 0; i--) {
      gap = count(model, i, i + length) == 0 ? i * Pages.SIZE : -1;
    }
    assertEquals(gap, tree.gap(start * Pages.SIZE, end * Pages.SIZE, length * Pages.SIZE));
  }

  private static int count(int[] model, int start, int end) {
    int mapped = 0;
    for (int i = start; i < end; i++) {
      mapped += model[i] == 0 ? 0 : 1;
    }
    return mapped;
  }
}
