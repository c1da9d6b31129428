/**
 * The wire: records of requests and responses, ids, error codes and the JSON codec, as openapi.yaml describes them.
 *
 * <p>Field names are camelCase here and snake_case in JSON. A component that is {@code @Nullable} is written as JSON null
 * only where its Javadoc says so, and left out otherwise.
 *
 * <p>More than 25 types in one package, because the wire is one vocabulary: requests, answers and events share their
 * words, and the code that reads a type is out of sight beside it. Programs on the Java client import them from here.
 */
@NullMarked
package io.contree.api;

import org.jspecify.annotations.NullMarked;
