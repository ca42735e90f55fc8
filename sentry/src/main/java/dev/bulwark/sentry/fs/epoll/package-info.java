/**
 * Waiting for many files at once (epoll(7)).
 *
 * <p>An {@link dev.bulwark.sentry.fs.epoll.Epoll} has an {@link
 * dev.bulwark.sentry.fs.epoll.Interest} for every file that it watches. A file that changes calls
 * the interest, perhaps under its own lock; the interest goes to the ready list and waiters are
 * told. Only who collects events asks the file what holds.
 *
 * <p>Locks: the nesting lock of {@link dev.bulwark.sentry.fs.epoll.EpollSystem}, then the lock of
 * an Epoll, then that of the Epolls it watches (a tree without cycles), then those of files, then
 * ready lists, which are leaves. So an interest that is called under the lock of a file may only
 * take the lock of the ready list.
 */
package dev.bulwark.sentry.fs.epoll;
