package io.cumulet.localstack.demo;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Holds what the stack says against what it must say, on screen. */
final class Checks {

    private final List<String> failures = new ArrayList<>();
    private int count;

    /** Equal as text. */
    void same(String what, Object expected, Object actual) {
        note(what, expected.toString(), actual.toString(), expected.equals(actual));
    }

    /** Equal as numbers: 0.05 is 0.0500000000. */
    void amount(String what, String expected, BigDecimal actual) {
        note(
                what,
                expected,
                actual.stripTrailingZeros().toPlainString(),
                new BigDecimal(expected).compareTo(actual) == 0);
    }

    private void note(String what, String expected, String actual, boolean right) {
        count++;
        if (right) {
            System.out.println("    ✓ " + what + ": " + actual);
        } else {
            String failure = what + ": expected " + expected + ", got " + actual;
            failures.add(failure);
            System.out.println("    ✗ " + failure);
        }
    }

    int count() {
        return count;
    }

    /** What was not as it must be. */
    List<String> failures() {
        return List.copyOf(failures);
    }
}
