/**
 * An image as a read-only {@link java.nio.file.FileSystem}: its paths work wherever a {@link java.nio.file.Path} works.
 *
 * <pre>{@code
 * try (FileSystem files = image.fileSystem(); Stream<Path> paths = Files.walk(files.getPath("/etc"))) {
 *     paths.filter(path -> path.toString().endsWith(".conf")).forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>No sandbox is started. A directory is asked for once and its answer has the attributes of what it holds, so a walk
 * costs one request per directory; reading a file costs one more. Since images never change, every answer stays true.
 * Links are followed as a kernel would follow them with the image as the root, never out of it.
 *
 * <p>Every attempt to write ends with {@link java.nio.file.ReadOnlyFileSystemException}. Times of creation and last access
 * are not part of an image: they are given as the time of modification, as the JDK does where a file system has none.
 *
 * <p>Names are bytes on Linux. Bytes that are not UTF-8 appear in a path as the chars U+DC80 to U+DCFF, one per byte, so
 * that such files are found and read like any other; printed, they are question marks.
 */
@NullMarked
package io.contree.sdk.nio;

import org.jspecify.annotations.NullMarked;
