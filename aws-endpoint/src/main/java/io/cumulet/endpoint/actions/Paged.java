package io.cumulet.endpoint.actions;

import io.cumulet.endpoint.protocol.AwsError;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list that is all at hand, of the APIs that speak JSON. As with {@link Listing} its token names the last item
 * before it.
 */
public record Paged<T>(List<T> items, @Nullable String nextToken) {

    /**
     * @param token the parameter with a page's token
     * @param most how many items a page has at most; 0 for what is usual, 1,000
     * @param all in any order
     * @param key identifies an item, and orders it
     * @throws AwsError for a token of another action, or none at all
     */
    public static <T> Paged<T> of(Call call, String token, int most, List<T> all, Function<T, String> key) {
        String after = call.has(token) ? decode(call, call.requiredText(token)) : null;
        int size = most == 0 ? 1_000 : most;
        List<T> rest = all.stream()
                .filter(item -> after == null || key.apply(item).compareTo(after) > 0)
                .sorted(Comparator.comparing(key))
                .toList();
        return rest.size() <= size
                ? new Paged<>(rest, null)
                : new Paged<>(rest.subList(0, size), encode(call, key.apply(rest.get(size - 1))));
    }

    private static String encode(Call call, String last) {
        return Base64.getEncoder()
                .encodeToString((call.operation().name() + ' ' + last).getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(Call call, String token) {
        String prefix = call.operation().name() + ' ';
        try {
            String text = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith(prefix)) {
                return text.substring(prefix.length());
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw AwsError.of("InvalidNextToken", "The token '" + token + "' is invalid");
    }
}
