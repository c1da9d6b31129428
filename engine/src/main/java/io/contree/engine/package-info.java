/**
 * The API: operations with their event logs; what a project has, which is images by tag, files and tokens; and the catalogs
 * that keep the records of both, which {@code catalog} implements.
 *
 * <p>{@code server} opens a {@link io.contree.engine.local.LocalEngine}, and then talks to {@link io.contree.engine.Engine} and
 * nothing below it. Failures are {@link io.contree.api.ContreeException}s. Everything is scoped by project: what belongs to
 * another project is NOT_FOUND.
 *
 * <p>The packages below build on each other in this order, each knowing only those before it: this one, {@code
 * request}, {@code log} (and on that {@code check}), {@code process}, {@code operation}, {@code disk}, {@code run}, {@code local}.
 */
@NullMarked
package io.contree.engine;

import org.jspecify.annotations.NullMarked;
