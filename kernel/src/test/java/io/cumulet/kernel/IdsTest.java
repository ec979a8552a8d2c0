package io.cumulet.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class IdsTest {

    @Test
    void newIdsHaveTheFormOfEc2() {
        assertThat(ResourceKind.INSTANCE.newId()).matches("i-[0-9a-f]{17}");
        assertThat(ResourceKind.INSTANCE.isId("i-1234")).isFalse();
        assertThat(ResourceKind.INSTANCE.isId("i-1234567890abcdef0")).isTrue();
    }

    @Test
    void theDefaultNetworkIsTheSameForWhoeverAsksAndDiffersByAccountAndRegion() {
        AccountId account = new AccountId("123456789012");
        Region region = Region.DEFAULT;
        assertThat(DefaultNetwork.vpcId(account, region)).isEqualTo(DefaultNetwork.vpcId(account, region));
        assertThat(DefaultNetwork.vpcId(account, region))
                .isNotEqualTo(DefaultNetwork.vpcId(new AccountId("210987654321"), region))
                .isNotEqualTo(DefaultNetwork.vpcId(account, new Region("eu-west-1")))
                .matches("vpc-[0-9a-f]{17}");
    }

    @Test
    void namesCheckThemselves() {
        assertThat(new AvailabilityZone("us-east-1a").region()).isEqualTo(Region.DEFAULT);
        assertThat(AvailabilityZone.isValid("us-east-1")).isFalse();
        assertThatThrownBy(() -> new AccountId("12345678901")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new InstanceType("m4large")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Interval(Instant.EPOCH, Instant.EPOCH))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
