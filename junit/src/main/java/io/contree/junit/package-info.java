/**
 * Tests of JUnit 5 and 6 with a container runtime: each gets an image or a session of its own, from a server that is
 * started once per JVM.
 *
 * <pre>{@code
 * @ContreeTest(image = "docker://docker.io/library/debian:12", files = "src/test/resources/site : /srv")
 * class SiteTest {
 *     @Test
 *     void builds(Session session) {
 *         assertEquals(0, session.shell("make -C /srv").execute().exitCode());
 *         assertTrue(session.exists("/srv/index.html"));
 *     }
 * }
 * }</pre>
 *
 * @see io.contree.junit.ContreeTest
 */
@NullMarked
package io.contree.junit;

import org.jspecify.annotations.NullMarked;
