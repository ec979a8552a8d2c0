package io.cumulet.endpoint.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.endpoint.actions.Api;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ServiceModelTest {

    private final ServiceModel ec2 = Api.EC2.model();

    @Test
    void whatAwsAddedAfterTheLastModelsIsKnown() {
        assertThat(ec2.operation("DescribeVpcBlockPublicAccessOptions")).isNotNull();
        assertThat(input("TerminateInstances").member("SkipOsShutdown")).isNotNull();
        assertThat(input("TerminateInstances").member("InstanceIds")).isNotNull();
        Shape.Member revoked = Objects.requireNonNull(
                operation("RevokeSecurityGroupIngress").output().member("RevokedSecurityGroupRules"));
        assertThat(Objects.requireNonNull(revoked.shape().element()).member("CidrIpv4"))
                .isNotNull();
        assertThat(operation("DeregisterImage").output().member("Return")).isNotNull();
    }

    @Test
    void newerFiltersComeBesidesThoseOfTheModel() {
        assertThat(operation("DescribeInstances").filterNames())
                .contains("availability-zone", "availability-zone-id", "operator.managed", "tag:<key>");
    }

    private Operation operation(String name) {
        return Objects.requireNonNull(ec2.operation(name));
    }

    private Shape input(String operation) {
        return operation(operation).input();
    }
}
