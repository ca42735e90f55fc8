/** The least that a JVM can be asked to do. */
public class Hello {
  private Hello() {}

  public static void main(String[] arguments) {
    System.out.println("hello");
  }
}
