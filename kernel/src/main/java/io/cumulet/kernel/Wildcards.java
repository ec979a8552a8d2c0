package io.cumulet.kernel;

/**
 * A text with wildcards, such as a filter's value: {@code *} is any text, {@code ?} any character, a backslash takes the next
 * one as it is. Case counts. Whoever calls may write any pattern, so matching takes at most the product of both lengths.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html">Filtering in EC2</a>
 */
public final class Wildcards {

    private static final char ANY_TEXT = '*';
    private static final char ANY_CHARACTER = '?';
    private static final char ESCAPE = '\\';

    private Wildcards() {}

    public static boolean matches(String pattern, String text) {
        int at = 0;
        int in = 0;
        // Behind the last star, and how much of the text it stands for: if the rest doesn't fit, it stands for one
        // more.
        int behindStar = -1;
        int covered = 0;
        while (in < text.length()) {
            if (at < pattern.length() && pattern.charAt(at) == ANY_TEXT) {
                at++;
                behindStar = at;
                covered = in;
            } else if (at < pattern.length() && isOne(pattern, at, text.charAt(in))) {
                at = next(pattern, at);
                in++;
            } else if (behindStar >= 0) {
                at = behindStar;
                covered++;
                in = covered;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == ANY_TEXT) {
            at++;
        }
        return at == pattern.length();
    }

    private static boolean isOne(String pattern, int at, char character) {
        return isEscaped(pattern, at)
                ? pattern.charAt(at + 1) == character
                : pattern.charAt(at) == ANY_CHARACTER || pattern.charAt(at) == character;
    }

    private static int next(String pattern, int at) {
        return isEscaped(pattern, at) ? at + 2 : at + 1;
    }

    private static boolean isEscaped(String pattern, int at) {
        return pattern.charAt(at) == ESCAPE && at + 1 < pattern.length();
    }

    /** Whether it is a text as it stands. */
    public static boolean isPlain(String pattern) {
        return pattern.indexOf(ANY_TEXT) < 0 && pattern.indexOf(ANY_CHARACTER) < 0 && pattern.indexOf(ESCAPE) < 0;
    }
}
