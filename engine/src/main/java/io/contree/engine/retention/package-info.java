/** What a project keeps and for how long: the rules, and the records that they are applied to. Part of the module's API. */
@NullMarked
package io.contree.engine.retention;

import org.jspecify.annotations.NullMarked;
