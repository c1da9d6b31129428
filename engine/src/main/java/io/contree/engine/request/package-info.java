/** What a request may ask for, what it refers to, and what of it is kept and shown. Nothing is carried out here yet. */
@NullMarked
package io.contree.engine.request;

import org.jspecify.annotations.NullMarked;
