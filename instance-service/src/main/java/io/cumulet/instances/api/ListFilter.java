package io.cumulet.instances.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.Paging;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Query parameters as a filter of what accounts have so few of that it is looked through: a parameter given several times asks
 * for any of its values; {@code tag:key} and {@code tagKey} are about tags.
 */
final class ListFilter<T> {

    private static final String TAG = "tag:";
    private static final String TAG_KEY = "tagKey";

    private final MultivaluedMap<String, String> query;
    private final Function<T, Map<String, String>> tags;
    private Predicate<T> wanted = item -> true;

    ListFilter(MultivaluedMap<String, String> query, Function<T, Map<String, String>> tags) {
        this.query = query;
        this.tags = tags;
    }

    /** A parameter that names one of some texts of an item. */
    ListFilter<T> with(String parameter, Function<T, List<String>> texts) {
        List<String> values = query.get(parameter);
        if (values != null) {
            wanted = wanted.and(item -> texts.apply(item).stream().anyMatch(values::contains));
        }
        return this;
    }

    /** A parameter that is true or false. */
    ListFilter<T> withFlag(String parameter, Predicate<T> flag) {
        List<String> values = query.get(parameter);
        if (values != null && !List.of("true", "false").containsAll(values)) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            parameter,
                            "true or false, not '" + String.join("', '", values) + "'")
                    .asException();
        }
        return with(parameter, item -> List.of(Boolean.toString(flag.test(item))));
    }

    /**
     * The part of a list that a page shows.
     *
     * @param all in the order of ids
     */
    List<T> page(List<T> all, Paging paging, Function<T, String> id) {
        query.forEach((name, values) -> {
            if (name.startsWith(TAG)) {
                String key = name.substring(TAG.length());
                wanted = wanted.and(item -> values.contains(tags.apply(item).get(key)));
            } else if (name.equals(TAG_KEY)) {
                wanted = wanted.and(item -> tags.apply(item).keySet().containsAll(values));
            }
        });
        return paging.ask(all.stream().filter(wanted).toList(), id);
    }
}
