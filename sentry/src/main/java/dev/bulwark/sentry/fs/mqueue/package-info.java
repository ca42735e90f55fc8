/**
 * POSIX message queues (mq_overview(7)) and the file system that shows them. A sandbox has one
 * {@link dev.bulwark.sentry.fs.mqueue.MqueueSystem}, which may be mounted any number of times and
 * is there without being mounted.
 *
 * <p>Locks: the directory's monitor guards names, that of a {@code MessageQueue} its messages; the
 * budget's is a leaf. No queue is locked while a signal is sent or application memory is touched.
 */
package dev.bulwark.sentry.fs.mqueue;
