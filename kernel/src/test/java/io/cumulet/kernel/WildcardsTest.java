package io.cumulet.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WildcardsTest {

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            running  | running      | true
            run*     | running      | true
            *        | anything     | true
            r?nning  | running      | true
            r?nning  | rnning       | false
            Running  | running      | false
            a.c      | abc          | false
            \\*      | *            | true
            \\*      | x            | false
            a\\\\b*  | a\\bc        | true
            *(x)*    | web (x) one  | true
            a*b*c    | aXbXbXc      | true
            a*b*c    | aXbXb        | false
            *?       | x            | true
            """)
    void wildcardsMatchAsInEc2(String pattern, String text, boolean matches) {
        assertThat(Wildcards.matches(pattern, text)).isEqualTo(matches);
    }

    /** It would take years if each star tried each length. */
    @Test
    void manyStarsTakeNoTime() {
        assertThat(Wildcards.matches("*a".repeat(200) + "Z", "a".repeat(1_000))).isFalse();
    }
}
