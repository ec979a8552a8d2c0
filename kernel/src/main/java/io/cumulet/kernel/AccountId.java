package io.cumulet.kernel;

import java.util.regex.Pattern;

/** An AWS account id: exactly 12 decimal digits. */
public record AccountId(String value) implements Comparable<AccountId> {

    private static final Pattern FORM = Pattern.compile("[0-9]{12}");

    /** The account of what belongs to no customer: hosts, capacity, the stack's clock. */
    public static final AccountId OPERATOR = new AccountId("000000000000");

    public AccountId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("An account id has 12 digits: " + value);
        }
    }

    public static boolean isValid(String value) {
        return FORM.matcher(value).matches();
    }

    @Override
    public int compareTo(AccountId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
