package io.cumulet.e2e.aws;

import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** An account of its own, seen through clients of the AWS SDK for Java that sign and don't retry. */
public final class AwsClients {

    private final LocalStack stack;
    private final String accountId;

    private AwsClients(LocalStack stack, String accountId) {
        this.stack = stack;
        this.accountId = accountId;
    }

    /** An account that nobody has used. */
    public static AwsClients ofNewAccount(LocalStack stack) {
        return new AwsClients(
                stack,
                String.format(
                        "%012d", 700_000_000_000L + ThreadLocalRandom.current().nextLong(1_000_000_000L)));
    }

    public String accountId() {
        return accountId;
    }

    public Ec2Client ec2() {
        return ec2(Region.US_EAST_1);
    }

    public Ec2Client ec2(Region region) {
        return of(Ec2Client.builder(), region);
    }

    /** Any client: its endpoint is the stack's, its key id the account. */
    public <B extends AwsClientBuilder<B, C>, C> C of(B builder, Region region) {
        return builder.endpointOverride(stack.settings().url(Service.ENDPOINT))
                .region(region)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(accountId, "secret")))
                .overrideConfiguration(configuration -> configuration
                        .retryStrategy(RetryMode.STANDARD)
                        .retryStrategy(strategy -> strategy.maxAttempts(1)))
                .build();
    }

    /** The same account through REST. */
    public StackApi rest() {
        return StackApi.of(stack.settings(), StackApi.OPERATOR).as(accountId);
    }

    public StackApi operator() {
        return StackApi.of(stack.settings(), StackApi.OPERATOR);
    }

    /** The code that a call is refused with; "none" if it isn't. */
    public static String codeOf(Runnable call) {
        try {
            call.run();
            return "none";
        } catch (AwsServiceException e) {
            return e.awsErrorDetails().errorCode();
        }
    }
}
