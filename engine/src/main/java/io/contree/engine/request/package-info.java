/** What a request may ask for, whom and what it means, and what of it is kept and shown. Nothing is done here yet. */
@NullMarked
package io.contree.engine.request;

import org.jspecify.annotations.NullMarked;
