package io.cumulet.firewall.store;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page of an account's rows, by filters that all have to hold. Only names of ours become text of the query; what callers
 * wrote is always a parameter.
 */
final class SqlFilter {

    private final StringBuilder where =
            new StringBuilder("WHERE account = :account AND region = :region AND id > :after");
    private final Map<String, Object> values = new LinkedHashMap<>();

    SqlFilter(AccountId account, Region region, @Nullable String afterId) {
        values.put("account", account.value());
        values.put("region", region.value());
        values.put("after", afterId == null ? "" : afterId);
    }

    /** Any of these values; anything if there are none. */
    void in(String expression, List<String> wanted) {
        if (!wanted.isEmpty()) {
            String parameter = "p" + values.size();
            where.append(" AND ")
                    .append(expression)
                    .append(" IN (:")
                    .append(parameter)
                    .append(')');
            values.put(parameter, wanted);
        }
    }

    /** For each key any of its values. */
    void tags(Map<String, List<String>> tags) {
        tags.forEach((key, wanted) -> {
            String parameter = "key" + values.size();
            values.put(parameter, key);
            in("tags ->> :" + parameter, wanted);
        });
    }

    Query query(EntityManager entities, String table, int limit, Class<?> row) {
        Query query =
                entities.createNativeQuery("SELECT * FROM " + table + " " + where + " ORDER BY id LIMIT " + limit, row);
        values.forEach(query::setParameter);
        return query;
    }
}
