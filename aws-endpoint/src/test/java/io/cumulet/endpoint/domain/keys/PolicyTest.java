package io.cumulet.endpoint.domain.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.endpoint.domain.keys.Statement.Effect;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTest {

    private static final Policy READER = new Policy(List.of(
            new Statement(Effect.ALLOW, List.of("ec2:Describe*", "ec2:RunInstance?")),
            new Statement(Effect.DENY, List.of("ec2:DescribeSpot*"))));

    @Test
    void whatAStatementAllowsAndNoneDeniesIsAllowed() {
        assertThat(READER.allows("ec2:DescribeInstances")).isTrue();
        assertThat(READER.allows("ec2:RunInstances")).isTrue();
    }

    @Test
    void whatOneStatementDeniesNoOtherAllows() {
        assertThat(READER.allows("ec2:DescribeSpotPriceHistory")).isFalse();
        Policy denyFirst = new Policy(List.of(
                new Statement(Effect.DENY, List.of("ec2:TerminateInstances")),
                new Statement(Effect.ALLOW, List.of("*"))));
        assertThat(denyFirst.allows("ec2:TerminateInstances")).isFalse();
        assertThat(denyFirst.allows("sts:AssumeRole")).isTrue();
    }

    @Test
    void whatNoStatementSpeaksOfIsDenied() {
        assertThat(READER.allows("ec2:TerminateInstances")).isFalse();
        assertThat(READER.allows("sts:DescribeInstances")).isFalse();
        assertThat(READER.allows("ec2:RunInstancesOdd")).isFalse();
    }

    @Test
    void caseDoesNotCountAndStarsStandForAnyText() {
        assertThat(Statement.matches("EC2:describe*", "ec2:DescribeVpcs")).isTrue();
        assertThat(Statement.matches("*:*Vpc*", "ec2:DescribeVpcs")).isTrue();
        assertThat(Statement.matches("ec2:*s*s", "ec2:DescribeVpcs")).isTrue();
        assertThat(Statement.matches("ec2:*x", "ec2:DescribeVpcs")).isFalse();
        assertThat(Statement.matches("*", "")).isTrue();
        assertThat(Statement.matches("?", "")).isFalse();
    }
}
