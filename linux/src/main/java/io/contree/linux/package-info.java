/**
 * System calls of Linux that the JDK does not offer, through {@code java.lang.foreign}.
 *
 * <p>File names on Linux are bytes. The calls here take a <em>raw</em> name or path: a {@link String} that holds one
 * byte per char (ISO-8859-1), which loses nothing and costs one byte per byte. {@link io.contree.linux.RawPath} is the
 * type of such a path.
 *
 * <p>It is one package, larger than others, because the foreign-function core ({@code Syscalls}, {@code Call},
 * {@code CallMemory}) is package-private: whoever could call it from elsewhere could crash the JVM.
 *
 * <p>Every failure is a {@link io.contree.linux.LinuxException} with the call, the path and the errno's name.
 *
 * <p>More than 25 types lie here, because there is one for each kind of call, small, and all of them build on the same few.
 */
@NullMarked
package io.contree.linux;

import org.jspecify.annotations.NullMarked;
