package io.cumulet.endpoint.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.Region;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ZonesTest {

    private static final Region REGION = new Region("us-east-1");

    @Test
    void aZoneIsNamedByItsNameOrItsId() {
        String id = Objects.requireNonNull(Zones.id("us-east-1a"));
        assertThat(id).startsWith("use1-az");
        assertThat(Zones.named(REGION, given("us-east-1b", null))).isEqualTo("us-east-1b");
        assertThat(Zones.named(REGION, given(null, id))).isEqualTo("us-east-1a");
        assertThat(Zones.named(REGION, given(null, null))).isNull();
    }

    @Test
    void bothAndAnotherRegionsIdAreRefused() {
        assertThatThrownBy(() -> Zones.named(REGION, given("us-east-1a", "use1-az1")))
                .isInstanceOfSatisfying(
                        AwsError.class, refused -> assertThat(refused.code()).isEqualTo("InvalidParameterCombination"));
        assertThatThrownBy(() -> Zones.named(REGION, given(null, "euw1-az1")))
                .isInstanceOfSatisfying(
                        AwsError.class, refused -> assertThat(refused.code()).isEqualTo("InvalidParameterValue"));
    }

    @Test
    void whatIsNoZoneHasNoId() {
        assertThat(Zones.id("us-east-1z")).isNull();
        assertThat(Zones.id("nowhere")).isNull();
        assertThat(Zones.put(Call.answer(), "us-east-1z").has("AvailabilityZoneId"))
                .isFalse();
    }

    private static ObjectNode given(String name, String id) {
        return Call.answer().put("AvailabilityZone", name).put("AvailabilityZoneId", id);
    }
}
