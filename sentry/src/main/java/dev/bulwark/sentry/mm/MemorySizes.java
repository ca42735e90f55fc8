package dev.bulwark.sentry.mm;

/**
 * The sizes that /proc/PID/status and statm show, in bytes.
 *
 * @param total all areas (VmSize)
 * @param peak the most there ever was of that (VmPeak)
 * @param resident private memory that is there (VmRSS); pages of files are not known
 * @param peakResident the most that was seen of that (VmHWM)
 * @param data private writable areas (VmData)
 * @param stack areas that grow down (VmStk)
 * @param locked locked areas (VmLck)
 * @param executable code (VmExe and VmLib)
 */
public record MemorySizes(
    long total,
    long peak,
    long resident,
    long peakResident,
    long data,
    long stack,
    long locked,
    long executable) {}
