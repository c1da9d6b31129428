/** HTTP as the client speaks it: requests and answers, their repetition, bodies with limits, JSON, lists and event streams. */
@NullMarked
package io.contree.sdk.internal.http;

import org.jspecify.annotations.NullMarked;
