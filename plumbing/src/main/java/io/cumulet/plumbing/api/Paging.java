package io.cumulet.plumbing.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list: how many entries, and behind which key it starts. Lists ask for one entry more than the page holds;
 * that one tells whether another page follows.
 *
 * @param size entries of a page, 1 to 1,000
 * @param afterKey the last key of the page before; null for the first page
 */
public record Paging(int size, @Nullable String afterKey) {

    private static final int USUAL = 100;
    private static final int MOST = 1000;

    /**
     * @param maxResults as the caller wrote it; 100 if it isn't said
     * @throws io.cumulet.kernel.RefusedException {@code InvalidParameterValue} or {@code InvalidNextToken}
     */
    public static Paging of(@Nullable String maxResults, @Nullable String nextToken) {
        return new Paging(size(maxResults), nextToken == null ? null : PageToken.decode(nextToken));
    }

    private static int size(@Nullable String maxResults) {
        if (maxResults == null) {
            return USUAL;
        }
        try {
            int size = Integer.parseInt(maxResults);
            if (size >= 1 && size <= MOST) {
                return size;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw Refusal.of(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "maxResults",
                        "A page has 1 to " + MOST + " results; not '" + maxResults + "'")
                .asException();
    }

    /** One more than the page holds: that one tells whether there is a next page. */
    public int sizeToAsk() {
        return size + 1;
    }

    /** What was asked for, without the one entry more. */
    public <T> List<T> page(List<T> asked) {
        return asked.size() > size ? asked.subList(0, size) : asked;
    }

    /** The token of the next page; null if there is none. */
    public <T> @Nullable String nextToken(List<T> asked, Function<T, String> key) {
        return asked.size() > size ? PageToken.encode(key.apply(asked.get(size - 1))) : null;
    }

    /** The page of a list that is all in memory, ordered by key. */
    public <T> List<T> ask(List<T> all, Function<T, String> key) {
        return all.stream()
                .filter(item -> afterKey == null || key.apply(item).compareTo(afterKey) > 0)
                .limit(sizeToAsk())
                .toList();
    }
}
