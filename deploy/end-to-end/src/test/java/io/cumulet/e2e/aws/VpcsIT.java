package io.cumulet.e2e.aws;

import static io.cumulet.e2e.aws.AwsClients.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.e2e.RunningStack;
import io.cumulet.localstack.LocalStack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.Vpc;

@ExtendWith(RunningStack.class)
class VpcsIT {

    @Test
    void everyAccountHasItsDefaultVpcAndMakesOthers(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        try (Ec2Client ec2 = account.ec2()) {
            assertThat(ec2.describeVpcs(all -> all.filters(
                                    isDefault -> isDefault.name("is-default").values("true")))
                            .vpcs())
                    .singleElement()
                    .satisfies(vpc -> assertThat(vpc.cidrBlock()).isEqualTo("172.31.0.0/16"));

            Vpc made = ec2.createVpc(wish -> wish.cidrBlock("10.0.0.0/16")
                            .tagSpecifications(tags -> tags.resourceType(ResourceType.VPC)
                                    .tags(Tag.builder()
                                            .key("Name")
                                            .value("one <&> two")
                                            .build())))
                    .vpc();
            assertThat(made.ownerId()).isEqualTo(account.accountId());
            assertThat(ec2.describeVpcs(all ->
                                    all.filters(name -> name.name("tag:Name").values("one*")))
                            .vpcs())
                    .containsExactly(made);
            assertThat(ec2.describeVpcs(all -> all.vpcIds(made.vpcId()))
                            .vpcs()
                            .getFirst()
                            .tags())
                    .containsExactly(
                            Tag.builder().key("Name").value("one <&> two").build());

            ec2.deleteVpc(gone -> gone.vpcId(made.vpcId()));
            assertThat(codeOf(() -> ec2.describeVpcs(all -> all.vpcIds(made.vpcId()))))
                    .isEqualTo("InvalidVpcID.NotFound");
        }
    }

    @Test
    void whatIsWrongIsRefusedByName(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            assertThat(codeOf(() -> ec2.describeVpcs(
                            all -> all.filters(odd -> odd.name("colour").values("red")))))
                    .isEqualTo("InvalidParameterValue");
            assertThat(codeOf(() -> ec2.describeVpcs(all -> all.maxResults(1)))).isEqualTo("InvalidParameterValue");
            assertThat(codeOf(() ->
                            ec2.createVpc(wish -> wish.cidrBlock("10.0.0.0/16").dryRun(true))))
                    .isEqualTo("DryRunOperation");
            assertThat(codeOf(() -> ec2.describeVolumes())).isEqualTo("UnsupportedOperation");
        }
    }
}
