package io.cumulet.instances.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Refusal;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Query parameters as a filter: by field, by tag, by tag key. An empty value is refused. */
record FieldFilter<F extends Enum<F>>(
        Map<F, List<String>> fields, Map<String, List<String>> tags, List<String> tagKeys) {

    private static final String TAG = "tag:";

    /** @param names of the fields as the query has them */
    static <F extends Enum<F>> FieldFilter<F> of(
            MultivaluedMap<String, String> query, Class<F> kind, Map<String, F> names) {
        Map<F, List<String>> fields = new EnumMap<>(kind);
        Map<String, List<String>> tags = new HashMap<>();
        List<String> tagKeys = new ArrayList<>();
        query.forEach((name, values) -> {
            F field = names.get(name);
            if (field != null) {
                if (values.contains("")) {
                    throw Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, name, "There is no " + name + " ''")
                            .asException();
                }
                fields.put(field, List.copyOf(values));
            } else if (name.startsWith(TAG)) {
                tags.put(name.substring(TAG.length()), List.copyOf(values));
            } else if (name.equals("tagKey")) {
                tagKeys.addAll(values);
            }
        });
        return new FieldFilter<>(fields, tags, tagKeys);
    }

    /** The same with addresses as they are kept, however the caller wrote them; what is no address is refused. */
    FieldFilter<F> withAddresses(Map<String, F> names, Set<F> addresses) {
        Map<F, List<String>> normalised = new HashMap<>(fields);
        names.forEach((name, field) -> {
            if (addresses.contains(field)) {
                normalised.computeIfPresent(
                        field,
                        (same, texts) ->
                                texts.stream().map(text -> address(name, text)).toList());
            }
        });
        return new FieldFilter<>(normalised, tags, tagKeys);
    }

    private static String address(String name, String text) {
        return IpAddress.parse(text)
                .orElseThrow(() -> Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, name, "'" + text + "' is no address")
                        .asException())
                .toString();
    }
}
