package dev.bulwark.microvm.image;

/** A guest image cannot be made or used; the message is a sentence for a person. */
public final class ImageException extends Exception {
  private static final long serialVersionUID = 1;

  /** With a sentence that says what to do. */
  public ImageException(String sentence) {
    super(sentence);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
