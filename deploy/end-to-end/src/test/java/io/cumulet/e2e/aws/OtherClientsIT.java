package io.cumulet.e2e.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cumulet.e2e.OwnStack;
import io.cumulet.e2e.RunningStack;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;

/** Clients that aren't Java's, where they are on the machine: the {@code aws} command, boto3, Terraform with the AWS provider. */
@OwnStack
@ExtendWith(RunningStack.class)
class OtherClientsIT {

    private static final String IMAGE = "ami-04681a1dbd79675a5";
    private static final long PATIENCE_MINUTES = 6;
    /** Where a mirror of Terraform's providers may be; a variable names another place. */
    private static final String MIRROR_VARIABLE = "CUMULET_TERRAFORM_MIRROR";

    private static final String AWS_PROVIDER = "registry.terraform.io/hashicorp/aws";
    private static final List<String> CONFIGURATION =
            List.of("main.tf", "network.tf", "groups.tf", "interfaces.tf", "instances.tf", "fleets.tf", "data.tf");
    private static final String PUBLIC_KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDaUXvvM0CBz3I0HxJ3SmIgJ7X3M1zN8sF5uE2eYyU3p deployer";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private record Ran(int status, String output) {}

    @Test
    void theAwsCommandLaunchesAndWaits(LocalStack stack) {
        assumeTrue(isThere("aws", "--version"), "The aws command is not on this machine");
        Map<String, String> environment = environment(stack);
        String id = ok(
                        environment,
                        "aws",
                        "ec2",
                        "run-instances",
                        "--image-id",
                        IMAGE,
                        "--instance-type",
                        "t2.micro",
                        "--query",
                        "Instances[0].InstanceId",
                        "--output",
                        "text")
                .strip();
        ok(environment, "aws", "ec2", "wait", "instance-running", "--instance-ids", id);
        assertThat(ok(
                                environment,
                                "aws",
                                "ec2",
                                "describe-instances",
                                "--filters",
                                "Name=instance-state-name,Values=run*",
                                "--query",
                                "Reservations[].Instances[].InstanceId",
                                "--output",
                                "text")
                        .strip())
                .isEqualTo(id);
        ok(environment, "aws", "ec2", "terminate-instances", "--instance-ids", id);
        assertThat(run(environment, "aws", "ec2", "describe-instances", "--instance-ids", "i-0123456789abcdef0")
                        .output())
                .contains("InvalidInstanceID.NotFound");
    }

    @Test
    void aTestSuiteWithBoto3Passes(LocalStack stack) throws IOException {
        assumeTrue(isThere("python3", "-c", "import boto3"), "boto3 is not on this machine");
        AwsClients account = AwsClients.ofNewAccount(stack);
        Path script = copy("boto3_session.py");
        ok(
                Map.of(),
                "python3",
                script.toString(),
                stack.settings().url(Service.ENDPOINT).toString(),
                account.accountId(),
                IMAGE);
    }

    @Test
    void terraformBuildsChangesInPlaceFindsNothingMoreToChangeAndLeavesNothingBehind(LocalStack stack)
            throws IOException {
        AwsClients account = AwsClients.ofNewAccount(stack);
        Map<String, String> environment = terraform(stack, account);
        for (String file : CONFIGURATION) {
            copy("terraform/" + file);
        }
        ok(environment, "terraform", "init", "-no-color", "-input=false");
        apply(environment);
        findsNothingToChange(environment);
        environment.put("TF_VAR_step", "2");
        apply(environment);
        findsNothingToChange(environment);
        destroy(environment);
        try (Ec2Client ec2 = account.ec2()) {
            assertThat(ec2.describeInstances(all -> all.filters(Filter.builder()
                                    .name("instance-state-name")
                                    .values("pending", "running", "stopping", "stopped")
                                    .build()))
                            .reservations())
                    .isEmpty();
            assertThat(ec2.describeVpcs().vpcs())
                    .singleElement()
                    .satisfies(vpc -> assertThat(vpc.isDefault()).isTrue());
            assertThat(ec2.describeAddresses().addresses()).isEmpty();
            assertThat(ec2.describeKeyPairs().keyPairs()).isEmpty();
            assertThat(ec2.describeLaunchTemplates().launchTemplates()).isEmpty();
            assertThat(ec2.describeManagedPrefixLists(own -> own.filters(Filter.builder()
                                    .name("owner-id")
                                    .values(account.accountId())
                                    .build()))
                            .prefixLists())
                    .isEmpty();
            assertThat(ec2.describeSpotInstanceRequests(all -> all.filters(Filter.builder()
                                    .name("state")
                                    .values("open", "active")
                                    .build()))
                            .spotInstanceRequests())
                    .isEmpty();
        }
    }

    /** What Terraform is told of the stack; nothing is tested where it, or its provider, isn't there. */
    private Map<String, String> terraform(LocalStack stack, AwsClients account) throws IOException {
        assumeTrue(isThere("terraform", "version"), "Terraform is not on this machine");
        Optional<Path> mirror = mirror();
        assumeTrue(
                mirror.isPresent(),
                "No mirror with Terraform's AWS provider is on this machine; " + MIRROR_VARIABLE + " can name one");
        Path configuration = directory.resolve("terraformrc");
        Files.writeString(
                configuration,
                "provider_installation {\n  filesystem_mirror {\n    path = \"" + mirror.orElseThrow()
                        + "\"\n  }\n}\n");
        Map<String, String> environment = new HashMap<>();
        environment.put("TF_CLI_CONFIG_FILE", configuration.toString());
        environment.put("TF_IN_AUTOMATION", "1");
        environment.put("CHECKPOINT_DISABLE", "1");
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        environment.put(
                "TF_VAR_endpoint", stack.settings().url(Service.ENDPOINT).toString());
        environment.put("TF_VAR_account", account.accountId());
        environment.put("TF_VAR_public_key", PUBLIC_KEY);
        return environment;
    }

    private void apply(Map<String, String> environment) {
        ok(environment, "terraform", "apply", "-no-color", "-input=false", "-auto-approve", "-parallelism=20");
    }

    private void findsNothingToChange(Map<String, String> environment) {
        Ran plan = run(
                environment, "terraform", "plan", "-no-color", "-input=false", "-detailed-exitcode", "-parallelism=20");
        assertThat(plan.status()).as(plan.output()).isZero();
    }

    private void destroy(Map<String, String> environment) {
        ok(environment, "terraform", "destroy", "-no-color", "-input=false", "-auto-approve", "-parallelism=20");
    }

    private static Map<String, String> environment(LocalStack stack) {
        Map<String, String> environment = new HashMap<>();
        environment.put(
                "AWS_ENDPOINT_URL", stack.settings().url(Service.ENDPOINT).toString());
        environment.put("AWS_ACCESS_KEY_ID", AwsClients.ofNewAccount(stack).accountId());
        environment.put("AWS_SECRET_ACCESS_KEY", "secret");
        environment.put("AWS_DEFAULT_REGION", "us-east-1");
        environment.put("AWS_PAGER", "");
        return environment;
    }

    /** The first directory that has the AWS provider as Terraform lays out its mirrors. */
    private static Optional<Path> mirror() {
        List<Path> candidates = new ArrayList<>();
        Optional.ofNullable(System.getenv(MIRROR_VARIABLE)).map(Path::of).ifPresent(candidates::add);
        candidates.add(Path.of(System.getProperty("user.home"), ".terraform.d", "plugins"));
        candidates.add(Path.of("/usr/share/terraform/plugins"));
        candidates.add(Path.of("/usr/local/share/terraform/plugins"));
        try (DirectoryStream<Path> optional = Files.newDirectoryStream(Path.of("/opt"))) {
            optional.forEach(candidates::add);
        } catch (IOException e) {
            // Then it isn't there.
            assertThat(e).isNotNull();
        }
        return candidates.stream()
                .filter(candidate -> Files.isDirectory(candidate.resolve(AWS_PROVIDER)))
                .findFirst();
    }

    private Path copy(String resource) throws IOException {
        Path copy = directory.resolve(Objects.requireNonNull(Path.of(resource).getFileName()));
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/aws/" + resource))) {
            Files.copy(in, copy);
        }
        return copy;
    }

    private boolean isThere(String... command) {
        try {
            return run(Map.of(), command).status() == 0;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private String ok(Map<String, String> environment, String... command) {
        Ran ran = run(environment, command);
        assertThat(ran.status())
                .as(String.join(" ", command) + "\n" + ran.output())
                .isZero();
        return ran.output();
    }

    private Ran run(Map<String, String> environment, String... command) {
        try {
            Path output = Files.createTempFile(directory, "output", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " takes too long:\n" + Files.readString(output));
            }
            return new Ran(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
