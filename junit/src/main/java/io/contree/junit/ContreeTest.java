package io.contree.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * On a test class or method: parameters of the type {@link io.contree.sdk.Contree}, {@link io.contree.sdk.Image} and
 * {@link io.contree.sdk.session.Session} of its constructors and methods are filled in. Image and files are each taken
 * from the nearest that names them: the method, its class, an enclosing class.
 *
 * <ul>
 *   <li>An {@code Image} is the named one, with the files. It cannot be changed, so every test starts from the same.
 *   <li>A {@code Session} begins on that image and is the test's own: the same in {@code @BeforeEach}, the test and {@code
 *       @AfterEach}, another one in every other test.
 *   <li>{@code Contree} is the client, shared by all tests of the JVM and not to be closed.
 * </ul>
 *
 * <p>The server is embedded, started when first needed, and ends with the test run. Configuration parameters of JUnit
 * (junit-platform.properties or system properties) change that:
 *
 * <ul>
 *   <li>{@code contree.junit.server}: {@code embedded}, or {@code environment} for the server that environment variables and
 *       profiles name, as {@link io.contree.sdk.Contree#connect()} finds it.
 *   <li>{@code contree.junit.data}: a directory that an embedded server keeps from one test run to the next, so that images
 *       need not be imported again; temporary if absent.
 *   <li>{@code contree.junit.missing}: {@code fail}, or {@code skip} for tests that are skipped where no server can be started
 *       or reached.
 * </ul>
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(ContreeExtension.class)
public @interface ContreeTest {
    /**
     * What tests start from: a tag or UUID that the server has, a registry reference ({@code docker://…}), or a root
     * file system of this machine ({@code rootfs:DIRECTORY}, {@code rootfs:FILE.tar}; relative to the working
     * directory). Imports happen once per JVM.
     */
    String image() default "";

    /**
     * Files and directories of this machine to be put into the image before tests start, each as {@code LOCAL : /IN/THE/IMAGE}.
     * The image needs a program {@code true} for that.
     */
    String[] files() default {};
}
