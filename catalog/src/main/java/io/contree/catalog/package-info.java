/**
 * The durable records of store and engine in SQL: {@link io.contree.catalog.SqlCatalog}. What one database does its own way is in
 * {@code Dialect}; everything else is SQL that SQLite and PostgreSQL understand alike.
 */
@NullMarked
package io.contree.catalog;

import org.jspecify.annotations.NullMarked;
