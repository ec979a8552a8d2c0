package io.cumulet.firewall.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.PageToken;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How many to answer, and where to go on. */
record Paging(int size, @Nullable String afterKey) {

    private static final int USUAL = 100;
    private static final int MOST = 1000;

    static Paging of(@Nullable String maxResults, @Nullable String nextToken) {
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
    int sizeToAsk() {
        return size + 1;
    }

    <T> List<T> page(List<T> asked) {
        return asked.size() > size ? asked.subList(0, size) : asked;
    }

    <T> @Nullable String nextToken(List<T> asked, Function<T, String> key) {
        return asked.size() > size ? PageToken.encode(key.apply(asked.get(size - 1))) : null;
    }
}
