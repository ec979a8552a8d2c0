package io.cumulet.endpoint.actions;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.endpoint.model.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiltersTest {

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource(
            delimiter = '|',
            textBlock = """
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

    @Test
    void aFiltersNameLeadsToWhatItLooksAt() {
        Shape vpc = Api.EC2.model().shape("Vpc");
        assertThat(Filters.path("is-default", vpc)).containsExactly("IsDefault");
        assertThat(Filters.path("cidr-block-association.cidr-block", vpc))
                .containsExactly("CidrBlockAssociationSet", "CidrBlock");
        assertThat(Filters.path("cidr-block-association", vpc)).isNull();
        assertThat(Filters.path("cidr", vpc)).isNull();
    }
}
