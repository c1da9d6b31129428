/**
 * The wire: records of requests and responses, ids, error codes and the JSON codec, as openapi.yaml describes them.
 *
 * <p>Field names are camelCase here and snake_case in JSON. A component that is {@code @Nullable} is written as JSON null
 * only where its Javadoc says so, and left out otherwise.
 */
@NullMarked
package io.contree.api;

import org.jspecify.annotations.NullMarked;
