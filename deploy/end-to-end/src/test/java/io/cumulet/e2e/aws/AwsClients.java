package io.cumulet.e2e.aws;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
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
        return client(stack, builder, region, AwsBasicCredentials.create(accountId, "secret"));
    }

    /** A client that signs with these credentials. */
    public static <B extends AwsClientBuilder<B, C>, C> C client(
            LocalStack stack, B builder, Region region, AwsCredentials credentials) {
        return builder.endpointOverride(stack.settings().url(Service.ENDPOINT))
                .region(region)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .overrideConfiguration(configuration -> configuration
                        .retryStrategy(RetryMode.STANDARD)
                        .retryStrategy(strategy -> strategy.maxAttempts(1)))
                .build();
    }

    /** An access key made over REST, by whoever calls there. */
    public static AwsBasicCredentials newKey(StackApi caller, Map<String, ?> wish) {
        JsonNode made = caller.post(Service.ENDPOINT, "/v1/access-keys", wish);
        return AwsBasicCredentials.create(
                made.path("accessKeyId").asText(), made.path("secretAccessKey").asText());
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
