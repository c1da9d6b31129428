@NullMarked
package io.contree.sdk;

import org.jspecify.annotations.NullMarked;
