package dev.bulwark.microvm.hypervisor;

/** A virtual machine cannot be started or told something; the message is a sentence. */
public final class MachineException extends Exception {
  private static final long serialVersionUID = 1;

  /** With a sentence that says what to do. */
  public MachineException(String sentence) {
    super(sentence, null, false, false);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
