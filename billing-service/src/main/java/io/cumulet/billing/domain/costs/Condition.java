package io.cumulet.billing.domain.costs;

import io.cumulet.billing.domain.billing.Charge;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which charges are wanted.
 *
 * @see <a href="https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Expression.html">Expression</a> of Cost
 *     Explorer, which it has the forms of
 */
public sealed interface Condition {

    /** Every charge. */
    Condition NONE = new All(List.of());

    /** @param tags of what is charged, in force then */
    boolean holds(Charge charge, Map<String, String> tags);

    /** Whether tags have to be known. */
    boolean needsTags();

    /** All of them hold. */
    record All(List<Condition> of) implements Condition {
        @Override
        public boolean holds(Charge charge, Map<String, String> tags) {
            return of.stream().allMatch(one -> one.holds(charge, tags));
        }

        @Override
        public boolean needsTags() {
            return of.stream().anyMatch(Condition::needsTags);
        }
    }

    /** One of them holds, or more. */
    record Any(List<Condition> of) implements Condition {
        @Override
        public boolean holds(Charge charge, Map<String, String> tags) {
            return of.stream().anyMatch(one -> one.holds(charge, tags));
        }

        @Override
        public boolean needsTags() {
            return of.stream().anyMatch(Condition::needsTags);
        }
    }

    record Not(Condition of) implements Condition {
        @Override
        public boolean holds(Charge charge, Map<String, String> tags) {
            return !of.holds(charge, tags);
        }

        @Override
        public boolean needsTags() {
            return of.needsTags();
        }
    }

    /**
     * What a charge is in a dimension matches one of the values.
     *
     * @param values in lower case if case doesn't count
     */
    record Matches(Dimension dimension, Match match, boolean caseSensitive, Set<String> values) implements Condition {

        public Matches {
            values = caseSensitive
                    ? Set.copyOf(values)
                    : Set.copyOf(values.stream()
                            .map(value -> value.toLowerCase(Locale.ROOT))
                            .toList());
        }

        /** Is one of the values. */
        public static Matches equal(Dimension dimension, String... values) {
            return new Matches(dimension, Match.EQUALS, true, Set.of(values));
        }

        @Override
        public boolean holds(Charge charge, Map<String, String> tags) {
            String found = dimension.of(charge, tags);
            return match.holds(found == null || caseSensitive ? found : found.toLowerCase(Locale.ROOT), values);
        }

        @Override
        public boolean needsTags() {
            return dimension instanceof Dimension.Tag;
        }
    }

    /** How a value is compared. What has none is only absent. */
    enum Match {
        EQUALS("equals") {
            @Override
            boolean holds(String found, String value) {
                return found.equals(value);
            }

            @Override
            boolean holds(@Nullable String found, Set<String> values) {
                return found != null && values.contains(found);
            }
        },
        STARTS_WITH("starts-with") {
            @Override
            boolean holds(String found, String value) {
                return found.startsWith(value);
            }
        },
        ENDS_WITH("ends-with") {
            @Override
            boolean holds(String found, String value) {
                return found.endsWith(value);
            }
        },
        CONTAINS("contains") {
            @Override
            boolean holds(String found, String value) {
                return found.contains(value);
            }
        },
        ABSENT("absent") {
            @Override
            boolean holds(String found, String value) {
                return false;
            }

            @Override
            boolean holds(@Nullable String found, Set<String> values) {
                return found == null;
            }
        };

        private final String code;

        Match(String code) {
            this.code = code;
        }

        abstract boolean holds(String found, String value);

        boolean holds(@Nullable String found, Set<String> values) {
            return found != null && values.stream().anyMatch(value -> holds(found, value));
        }

        public static Optional<Match> ofCode(String code) {
            for (Match match : values()) {
                if (match.code.equals(code)) {
                    return Optional.of(match);
                }
            }
            return Optional.empty();
        }
    }
}
