package io.cumulet.e2e.aws;

import static io.cumulet.e2e.aws.AwsClients.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.e2e.RunningStack;
import io.cumulet.localstack.LocalStack;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.costexplorer.CostExplorerClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.savingsplans.SavingsplansClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** Access keys, as the SDK signs with them. */
@ExtendWith(RunningStack.class)
class AccessIT {

    @Test
    void aKeysSignatureIsVerifiedByEachService(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        AwsBasicCredentials key = AwsClients.newKey(account.rest(), Map.of());
        AwsBasicCredentials wrong = AwsBasicCredentials.create(key.accessKeyId(), "wrong");
        try (Ec2Client ec2 = client(stack, Ec2Client.builder(), key);
                Ec2Client refused = client(stack, Ec2Client.builder(), wrong);
                StsClient sts = client(stack, StsClient.builder(), key);
                StsClient refusedSts = client(stack, StsClient.builder(), wrong);
                CostExplorerClient costs = client(stack, CostExplorerClient.builder(), wrong);
                SavingsplansClient plans = client(stack, SavingsplansClient.builder(), wrong)) {
            assertThat(ec2.describeVpcs().vpcs())
                    .singleElement()
                    .satisfies(vpc -> assertThat(vpc.ownerId()).isEqualTo(account.accountId()));
            assertThat(sts.getCallerIdentity().account()).isEqualTo(account.accountId());
            assertThat(codeOf(refused::describeVpcs)).isEqualTo("AuthFailure");
            assertThat(codeOf(refusedSts::getCallerIdentity)).isEqualTo("SignatureDoesNotMatch");
            assertThat(codeOf(() -> costs.getCostAndUsage(wish -> wish.metrics("UnblendedCost")
                            .granularity("MONTHLY")
                            .timePeriod(month -> month.start("2026-01-01").end("2026-02-01")))))
                    .isEqualTo("InvalidSignatureException");
            assertThat(codeOf(() -> plans.describeSavingsPlans(all -> {}))).isEqualTo("InvalidSignatureException");
        }
    }

    @Test
    void aPolicyLimitsAKeyAndTheSessionsThatBeginWithIt(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        AwsBasicCredentials reader = AwsClients.newKey(
                account.rest(),
                Map.of(
                        "policy",
                        List.of(
                                Map.of("effect", "Allow", "actions", List.of("ec2:Describe*", "sts:AssumeRole")),
                                Map.of("effect", "Deny", "actions", List.of("ec2:DescribeSubnets")))));
        try (StsClient sts = client(stack, StsClient.builder(), reader)) {
            Credentials assumed = sts.assumeRole(
                            role -> role.roleArn("arn:aws:iam::" + account.accountId() + ":role/readers")
                                    .roleSessionName("me"))
                    .credentials();
            AwsSessionCredentials session = AwsSessionCredentials.create(
                    assumed.accessKeyId(), assumed.secretAccessKey(), assumed.sessionToken());
            try (StsClient asRole = client(stack, StsClient.builder(), session)) {
                assertThat(asRole.getCallerIdentity().arn())
                        .isEqualTo("arn:aws:sts::" + account.accountId() + ":assumed-role/readers/me");
            }
            for (AwsCredentials credentials : List.of(reader, session)) {
                try (Ec2Client ec2 = client(stack, Ec2Client.builder(), credentials)) {
                    assertThat(ec2.describeVpcs().vpcs()).hasSize(1);
                    assertThat(codeOf(ec2::describeSubnets)).isEqualTo("UnauthorizedOperation");
                    assertThat(codeOf(() -> ec2.createVpc(
                                    wish -> wish.cidrBlock("10.0.0.0/16").dryRun(true))))
                            .isEqualTo("UnauthorizedOperation");
                }
            }
            assertThat(codeOf(sts::getSessionToken)).isEqualTo("AccessDenied");
        }
    }

    private static <B extends AwsClientBuilder<B, C>, C> C client(
            LocalStack stack, B builder, AwsCredentials credentials) {
        return AwsClients.client(stack, builder, Region.US_EAST_1, credentials);
    }
}
