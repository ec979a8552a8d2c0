package io.cumulet.endpoint.domain.keys;

import io.cumulet.kernel.AccountId;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Ids of access keys: {@code AKIA} (of an account) or {@code ASIA} (of a session) and 16 characters of base32. They hold the
 * account as AWS's own do: of the 48 bits of the first six bytes the highest is set, 40 are the account, and 39 more bits are
 * random.
 *
 * @see <a href="https://medium.com/@TalBeerySec/a-short-note-on-aws-key-id-f88cc4317489">A short note on AWS KEY ID</a>
 */
public final class AccessKeyIds {

    /** What the id of an account's key begins with. */
    public static final String LASTING = "AKIA";

    /** What the id of a session's key begins with. */
    public static final String PASSING = "ASIA";

    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int PREFIX_LENGTH = 4;
    private static final int LENGTH = 20;
    private static final int BITS_PER_DIGIT = 5;
    /** The first eight digits; of their 40 bits the highest is the mark and the others begin the account. */
    private static final int HALF = 8;

    private static final int ACCOUNT_BITS_IN_FIRST_HALF = 39;
    private static final long MARK = 1L << ACCOUNT_BITS_IN_FIRST_HALF;
    private static final long MOST = 999_999_999_999L;

    private AccessKeyIds() {}

    /** A new id; whether it was given before is for the caller to find out. */
    public static String newId(String prefix, AccountId account, RandomGenerator random) {
        long number = Long.parseLong(account.value());
        long first = MARK | (number >>> 1);
        long second = (number & 1) << ACCOUNT_BITS_IN_FIRST_HALF | random.nextLong(MARK);
        return digits(digits(new StringBuilder(LENGTH).append(prefix), first), second)
                .toString();
    }

    /** Sixteen characters that look like an id's, for things that are named like keys. */
    public static String digits(long first, long second) {
        return digits(digits(new StringBuilder(LENGTH), first), second).toString();
    }

    private static StringBuilder digits(StringBuilder out, long bits) {
        for (int shift = BITS_PER_DIGIT * (HALF - 1); shift >= 0; shift -= BITS_PER_DIGIT) {
            out.append(DIGITS.charAt((int) (bits >>> shift) & (DIGITS.length() - 1)));
        }
        return out;
    }

    /** Whether a text has the form of such an id. */
    public static boolean isId(String prefix, String text) {
        if (text.length() != LENGTH || !text.startsWith(prefix)) {
            return false;
        }
        for (int i = PREFIX_LENGTH; i < LENGTH; i++) {
            if (DIGITS.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The account that an id holds; nothing if it is no id of ours. Says nothing of whether the key exists. */
    public static Optional<AccountId> accountOf(String id) {
        if (!isId(LASTING, id) && !isId(PASSING, id)) {
            return Optional.empty();
        }
        long first = 0;
        for (int i = PREFIX_LENGTH; i < PREFIX_LENGTH + HALF; i++) {
            first = first << BITS_PER_DIGIT | DIGITS.indexOf(id.charAt(i));
        }
        long lowest = DIGITS.indexOf(id.charAt(PREFIX_LENGTH + HALF)) >>> (BITS_PER_DIGIT - 1);
        long number = (first & (MARK - 1)) << 1 | lowest;
        return (first & MARK) == 0 || number > MOST
                ? Optional.empty()
                : Optional.of(new AccountId(String.format("%012d", number)));
    }
}
