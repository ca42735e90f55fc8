package dev.bulwark.linux;

/** Classes that a JVM loads for the first time when it cannot open files any more. */
final class LateClasses {
  private LateClasses() {}

  /**
   * Opens all that such classes are read with: each archive of the class path, which stays open,
   * and whatever the JDK itself loads to inflate, check and define a class.
   *
   * @param rehearsal whether a recording is made, in which {@link Late} must not be
   */
  static void prepare(boolean rehearsal) {
    if (LateClasses.class.getResource("/nowhere") != null) { // it is looked for in every archive
      throw new IllegalStateException("the class path has a resource that nobody put there");
    }
    if (!rehearsal) {
      Late.load();
    }
  }

  /** A class that no recording has, so that it is read from its archive. */
  private static final class Late {
    private Late() {}

    static void load() {}
  }
}
