package io.cumulet.localstack.cli;

import io.cumulet.localstack.Service;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a shell needs so that AWS clients talk to this stack.
 *
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html">service-specific endpoints</a>
 */
@Command(
        name = "env",
        description = {
            "Prints the environment with which AWS clients talk to this stack:",
            "eval $(./cumulet env)",
            "aws ec2 describe-instances"
        })
final class EnvCommand implements Runnable {

    @Option(
            names = "--account",
            defaultValue = "123456789012",
            description = "12 digits; the key id of a call is its account. ${DEFAULT-VALUE} if not said.")
    private String account = "";

    @Option(names = "--region", defaultValue = "us-east-1", description = "${DEFAULT-VALUE} if not said.")
    private String region = "";

    @Override
    public void run() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put(
                "AWS_ENDPOINT_URL",
                CumuletCommand.stack().settings().url(Service.ENDPOINT).toString());
        variables.put("AWS_ACCESS_KEY_ID", account);
        variables.put("AWS_SECRET_ACCESS_KEY", "cumulet");
        variables.put("AWS_REGION", region);
        variables.put("AWS_DEFAULT_REGION", region);
        // Without it some clients ask the network for credentials before they take these.
        variables.put("AWS_EC2_METADATA_DISABLED", "true");
        variables.forEach((name, value) -> System.out.println("export " + name + "=" + value + ";"));
        System.out.println("unset AWS_SESSION_TOKEN AWS_PROFILE;");
    }
}
