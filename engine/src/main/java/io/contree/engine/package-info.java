/**
 * Operations: their queue, their life from PENDING to exactly one true end, and their event logs; and what a project has:
 * images by tag, files, tokens.
 *
 * <p>{@code server} opens a {@link io.contree.engine.LocalEngine}, talks to {@link io.contree.engine.Engine} and nothing below it. Failures are
 * {@link io.contree.api.ContreeException}s. Everything is scoped by project: what belongs to another project is NOT_FOUND.
 */
@NullMarked
package io.contree.engine;

import org.jspecify.annotations.NullMarked;
