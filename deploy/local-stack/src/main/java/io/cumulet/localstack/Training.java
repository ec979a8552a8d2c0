package io.cumulet.localstack;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.embedded.Directories;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Makes the {@linkplain StartCaches caches} by which a stack starts faster: runs a stack beside it, on free ports and
 * empty data, does with it what users do, and stops it. Nothing of the stack it is for is touched but its caches.
 */
public final class Training {

    private static final String ACCOUNT = "123456789012";

    private final StackSettings settings;

    /** @param settings of the stack that will start faster */
    public Training(StackSettings settings) {
        this.settings = settings;
    }

    /** @throws StackFailure if this Java has no AOT caches, or the stack for training doesn't come up */
    public void run(Progress progress) {
        if (!StartCaches.canTrain()) {
            throw new StackFailure("AOT caches need Java 25 or newer; this is " + Runtime.version()
                    + ". Without them the second start of each build is faster than the first by itself.");
        }
        Path home = settings.home().resolve("training");
        StackSettings beside = StackSettings.onFreePorts(settings.project(), home);
        StartCaches trained = StartCaches.training(beside);
        LocalStack stack = new LocalStack(beside, trained);
        stack.down(progress);
        Directories.delete(home);
        // Its processes live on without this one, as those of any stack; nobody else would find them.
        Thread brokenOff = new Thread(() -> stack.kill(), "training-broken-off");
        Runtime.getRuntime().addShutdownHook(brokenOff);
        try {
            stack.up(progress);
            exercise(StackApi.of(beside, ACCOUNT));
            progress.say("Writing the caches");
        } finally {
            stack.down(progress);
            Runtime.getRuntime().removeShutdownHook(brokenOff);
        }
        for (Service service : Service.values()) {
            if (!trained.has(service.serviceName())) {
                throw new StackFailure("The " + service.module() + " has written no cache. Its log may say why: "
                        + stack.process(service).log());
            }
        }
        StartCaches.of(settings).takeFrom(trained);
        Directories.delete(home);
    }

    private static void exercise(StackApi account) {
        account.get(Service.INSTANCES, "/v1/instance-types?maxResults=5");
        account.post(Service.FIREWALL, "/v1/security-groups", Map.of("name", "training", "description", "training"));
        account.get(Service.FIREWALL, "/v1/security-groups");
        account.get(Service.SPOT_MARKET, "/v1/spot-requests");
        account.get(Service.SPOT_MARKET, "/v1/spot-prices?maxResults=5");
        for (int i = 0; i < 20; i++) {
            JsonNode launched = account.post(
                    Service.INSTANCES,
                    "/v1/instances",
                    Map.of(
                            "imageId",
                            "ami-04681a1dbd79675a5",
                            "instanceType",
                            "t2.micro",
                            "minCount",
                            1,
                            "maxCount",
                            1));
            for (JsonNode instance : StackApi.list(launched.path("instances"))) {
                String path = "/v1/instances/" + instance.path("instanceId").asText();
                account.get(Service.INSTANCES, path);
                account.delete(Service.INSTANCES, path);
            }
        }
        StackApi operator = account.as(StackApi.OPERATOR);
        String month = operator.freezeClock().now().toString().substring(0, "2026-11".length());
        for (String path : List.of("/v1/usage", "/v1/bills/" + month, "/v1/prices?maxResults=5")) {
            account.get(Service.BILLING, path);
        }
        account.get(Service.INSTANCES, "/v1/instances");
    }
}
