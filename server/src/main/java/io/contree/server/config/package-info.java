/**
 * Configuration: a few dozen keys, each with a typed value and a documented default, from flags, then environment
 * variables, then one file. API of this module, with its root package.
 */
@NullMarked
package io.contree.server.config;

import org.jspecify.annotations.NullMarked;
