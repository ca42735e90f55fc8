package dev.bulwark.sentry.mm;

/**
 * A file to be mapped, and what the open file description admits.
 *
 * @param file the contents
 * @param readable whether it was opened for reading
 * @param writable whether it was opened for writing
 * @param executable whether its mount lets programs be executed from it
 */
public record FileBacking(Mappable file, boolean readable, boolean writable, boolean executable) {

  /** A file opened for reading only, as the loader maps programs. */
  public static FileBacking readOnly(Mappable file) {
    return new FileBacking(file, true, false, true);
  }
}
