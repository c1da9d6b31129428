/**
 * A contree server inside this JVM, for tests and notebooks.
 *
 * <pre>{@code
 * try (EmbeddedContree contree = EmbeddedContree.start(Path.of("data"))) {
 *     Image box = contree.client().images().oci("docker://docker.io/library/busybox:latest");
 *     System.out.println(box.shell("echo hello").execute().stdout());
 * }
 * }</pre>
 *
 * <p>It needs what the server needs: Linux, root, an OCI runtime ({@code apt-get install crun}), Java 25 started with
 * {@code --enable-native-access=ALL-UNNAMED}; where cgroup v1 and v2 are both mounted, also
 * {@code unshare --mount --propagation slave} around {@code java}. {@link io.contree.embedded.CannotStartException}
 * says what is missing.
 */
@NullMarked
package io.contree.embedded;

import org.jspecify.annotations.NullMarked;
