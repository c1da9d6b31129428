/** Work on files for requests: off the threads that serve everybody, bounded, and in turn between projects. */
@NullMarked
package io.contree.server.work;

import org.jspecify.annotations.NullMarked;
