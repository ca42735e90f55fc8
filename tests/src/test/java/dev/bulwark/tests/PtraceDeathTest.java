package dev.bulwark.tests;

/** The same where stubs are traced, whose deaths the host tells differently. */
class PtraceDeathTest extends DeathTest {
  @Override
  String[] options() {
    return new String[] {"--platform=ptrace"};
  }
}
