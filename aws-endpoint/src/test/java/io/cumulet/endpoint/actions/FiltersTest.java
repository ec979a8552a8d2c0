package io.cumulet.endpoint.actions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.access.Principal;
import io.cumulet.endpoint.model.Operation;
import io.cumulet.endpoint.model.Shape;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Map;
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

    @Test
    void aNameThatIsGivenTwiceHasToHoldTwice() throws Exception {
        assertThat(passes("tag-key", "a", "tag-key", "b")).isTrue();
        assertThat(passes("tag-key", "a", "tag-key", "c")).isFalse();
        assertThat(passes("tag-key", "c", "tag-key", "a")).isFalse();
    }

    /** Whether something with the tags a and b passes two filters of one value each. */
    private static boolean passes(String name, String value, String otherName, String otherValue) throws Exception {
        ObjectMapper json = new ObjectMapper();
        AccountId account = new AccountId("123456789012");
        Call call = new Call(
                operation("DescribeInstances"),
                Principal.ofAccount(account, account.value()),
                Region.DEFAULT,
                (ObjectNode) json.readTree("""
                        {"Filters": [{"Name": "%s", "Values": ["%s"]}, {"Name": "%s", "Values": ["%s"]}]}""".formatted(name, value, otherName, otherValue)),
                "request",
                // Nothing is asked of a service.
                null);
        return Filters.of(call)
                .pass(
                        json.readTree("{\"Tags\": [{\"Key\": \"a\"}, {\"Key\": \"b\"}]}"),
                        Api.EC2.model().shape("Instance"),
                        Map.of());
    }

    private static Operation operation(String name) {
        return Objects.requireNonNull(Api.EC2.model().operation(name));
    }
}
