package io.cumulet.endpoint.actions;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.endpoint.model.Operation;
import io.cumulet.endpoint.model.Shape;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which filters there are, and what their names lead to. */
class FiltersTest {

    @Test
    void tagsAreAFilterHoweverTheModelWritesIt() {
        assertThat(operation("DescribeVpcs").filterNames())
                .contains("tag:<key>")
                .doesNotContain("tag");
        assertThat(operation("DescribeInstances").filterNames()).contains("tag:<key>", "tag-key");
    }

    @Test
    void aNameLeadsThroughListsToTheMemberThatItSays() {
        Shape vpc = Api.EC2.model().shape("Vpc");
        assertThat(Filters.path("is-default", vpc)).isEqualTo(List.of("IsDefault"));
        assertThat(Filters.path("cidr-block-association.cidr-block", vpc))
                .isEqualTo(List.of("CidrBlockAssociationSet", "CidrBlock"));
        assertThat(Filters.path("cidr-block-association.state", vpc)).isNull();
        assertThat(Filters.path("cidr", vpc)).isNull();
    }

    private static Operation operation(String name) {
        return Objects.requireNonNull(Api.EC2.model().operation(name));
    }
}
