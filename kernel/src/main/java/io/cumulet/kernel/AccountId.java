package io.cumulet.kernel;

/** An AWS account id: exactly 12 decimal digits. */
public record AccountId(String value) implements Comparable<AccountId> {

    private static final int DIGITS = 12;

    /** The account of what belongs to no customer: hosts, capacity, the stack's clock. */
    public static final AccountId OPERATOR = new AccountId("000000000000");

    public AccountId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("An account id has 12 digits: " + value);
        }
    }

    // Checked for every event that is read: no regular expression.
    public static boolean isValid(String value) {
        if (value.length() != DIGITS) {
            return false;
        }
        for (int i = 0; i < DIGITS; i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return true;
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
