package io.contree.catalog;

import io.contree.engine.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The where-clause of a list: SQL of our own with values bound by name, never a client's text. */
final class Condition {
    private final List<String> terms = new ArrayList<>();
    private final Map<String, Object> values = new LinkedHashMap<>();

    Condition(String term, String name, Object value) {
        terms.add(term);
        values.put(name, value);
    }

    /** Adds a term if there is a value for it. */
    Condition and(String term, String name, Optional<?> value) {
        value.ifPresent(present -> {
            terms.add(term);
            values.put(name, present);
        });
        return this;
    }

    /** Adds a term with several values. */
    Condition and(String term, Map<String, Object> more) {
        terms.add(term);
        values.putAll(more);
        return this;
    }

    /** Adds a term without a value. */
    Condition andIf(boolean wanted, String term) {
        if (wanted) {
            terms.add(term);
        }
        return this;
    }

    Query query(Handle handle, String select, String order, Page page) {
        Query query = handle.createQuery(
                        select + " where " + String.join(" and ", terms) + " " + order + " limit :limit offset :offset")
                .bind("limit", page.limit())
                .bind("offset", page.offset());
        values.forEach(query::bind);
        return query;
    }
}
