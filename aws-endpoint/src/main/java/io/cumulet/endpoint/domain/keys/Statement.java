package io.cumulet.endpoint.domain.keys;

import java.util.List;

/**
 * One sentence of a policy.
 *
 * @param actions {@code ec2:RunInstances}, or with wildcards: {@code ec2:Describe*}, {@code *}. Case doesn't count.
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html">IAM: Action</a>
 */
public record Statement(Effect effect, List<String> actions) {

    /** What it says of its actions. */
    public enum Effect {
        ALLOW("Allow"),
        DENY("Deny");

        private final String code;

        Effect(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    public Statement {
        actions = List.copyOf(actions);
    }

    /** Whether it speaks of an action. */
    boolean covers(String action) {
        for (String pattern : actions) {
            if (matches(pattern, action)) {
                return true;
            }
        }
        return false;
    }

    /** {@code *} is any text, {@code ?} any one character. */
    public static boolean matches(String pattern, String action) {
        int p = 0;
        int a = 0;
        int star = -1;
        int resume = 0;
        while (a < action.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = a;
            } else if (p < pattern.length()
                    && (pattern.charAt(p) == '?' || isSame(pattern.charAt(p), action.charAt(a)))) {
                p++;
                a++;
            } else if (star >= 0) {
                p = star + 1;
                a = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    private static boolean isSame(char one, char other) {
        return one == other || Character.toLowerCase(one) == Character.toLowerCase(other);
    }
}
