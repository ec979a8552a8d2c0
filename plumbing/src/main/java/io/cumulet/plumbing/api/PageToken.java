package io.cumulet.plumbing.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The opaque token that says where the next page of a list starts: behind the last key of this one. It survives changes
 * in between, since it holds no position.
 */
public final class PageToken {

    private static final String MARK = "1:";

    private PageToken() {}

    public static String encode(String lastKey) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((MARK + lastKey).getBytes(StandardCharsets.UTF_8));
    }

    /** @throws io.cumulet.kernel.RefusedException {@code InvalidNextToken} if it isn't a token of ours */
    public static String decode(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith(MARK) && !NoNul.isIn(text)) {
                return text.substring(MARK.length());
            }
        } catch (IllegalArgumentException e) {
            // Not base64: refused below, like every other token that isn't ours.
        }
        throw Refusal.of(ErrorCode.INVALID_NEXT_TOKEN, "nextToken", "This is not a token of a page of this list")
                .asException();
    }
}
