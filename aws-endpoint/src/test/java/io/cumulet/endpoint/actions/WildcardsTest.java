package io.cumulet.endpoint.actions;

import static org.assertj.core.api.Assertions.assertThat;

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
            """)
    void wildcardsMatchAsInEc2(String pattern, String text, boolean matches) {
        assertThat(Wildcards.matches(pattern, text)).isEqualTo(matches);
    }
}
