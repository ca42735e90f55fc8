/**
 * Guest images: a kernel and an initial file system, put together from Debian packages without root
 * and without changing the host.
 *
 * <p>An image is a directory named by the content that it was made from ({@link
 * dev.bulwark.microvm.image.GuestImage}). It is built beside its place and renamed into it, so that
 * what is there is whole; images are never changed, only replaced by others.
 *
 * <p>What is read here comes from the distribution's signed packages; it is checked for being what
 * it should be, so that errors name the package, but it is not hostile.
 */
package dev.bulwark.microvm.image;
