/**
 * How the Sentry gets hold of an application's system calls: the platform SPI and its providers.
 */
@org.jspecify.annotations.NullMarked
module dev.bulwark.platform {
  requires static transitive org.jspecify;
  requires transitive dev.bulwark.linux;

  exports dev.bulwark.platform;
  exports dev.bulwark.platform.systrap to
      dev.bulwark.sentry;
}
