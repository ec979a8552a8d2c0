package io.cumulet.endpoint;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.embedded.StackResource;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Actions.Action;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.model.Shape;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the actions have in common that are supported: all that there are, as the running service has them. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "endpoint"))
@WithTestResource(value = EmptyServices.class, scope = TestResourceScope.GLOBAL)
class SupportedActionsTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "aws-actions.md");
    private static final String ACCOUNT = "123456789012";

    /** What actions need besides filters: of each required member its parameters. */
    private static final Map<String, Map<String, String>> REQUIRED = Map.of(
            "VpcId", Map.of("VpcId", "vpc-0123456789abcdef0"),
            "FleetId", Map.of("FleetId", "fleet-0123456789abcdef0"),
            "Recurrence", Map.of("Recurrence.Frequency", "Daily", "Recurrence.Interval", "1"),
            "FirstSlotStartTimeRange",
                    Map.of(
                            "FirstSlotStartTimeRange.EarliestTime", "2026-12-02T00:00:00Z",
                            "FirstSlotStartTimeRange.LatestTime", "2026-12-03T00:00:00Z"));

    /** What actions need though their model doesn't say so. */
    private static final Map<String, Map<String, String>> NEEDED = Map.of(
            "DescribeLaunchTemplateVersions", Map.of("LaunchTemplateVersion.1", "$Latest"),
            "DescribeScheduledInstanceAvailability",
                    Map.of(
                            "MinSlotDurationInHours",
                            "1",
                            "Filter.2.Name",
                            "instance-type",
                            "Filter.2.Value.1",
                            "c4.large"));

    @Inject
    Actions actions;

    @Test
    void theTableOfActionsIsTrue() throws IOException {
        StringBuilder text = new StringBuilder("""
                # AWS actions

                Made from the registry of the AWS endpoint; SupportedActionsTest holds it true and writes it anew with `-Dcontract.write=true`.
                What isn't listed is answered with `UnsupportedOperation`, what the API doesn't have with `InvalidAction`.

                | API | supported | in its model |
                |---|---|---|
                """);
        for (Api api : Api.values()) {
            text.append("| `%s` %s | %d | %d |%n"
                    .formatted(
                            api.signingName(),
                            api.model().apiVersion(),
                            actions.of(api).size(),
                            api.model().operations().size()));
        }
        for (Api api : Api.values()) {
            Collection<Action> supported = actions.of(api).values();
            if (!supported.isEmpty()) {
                text.append("%n## `%s`%n%n| action | note |%n|---|---|%n".formatted(api.signingName()));
                supported.forEach(action -> text.append("| %s | %s |%n"
                        .formatted(action.operation().name(), action.note().replace("|", "\\|"))));
            }
        }
        if (Boolean.getBoolean("contract.write")) {
            Files.writeString(DOCUMENT, text);
        }
        assertThat(Files.readString(DOCUMENT)).isEqualTo(text.toString());
    }

    @Test
    void everyDocumentedFilterOfASupportedActionIsKnownAndNoOther() {
        List<String> faults = new ArrayList<>();
        for (Action action : actions.of(Api.EC2).values()) {
            for (String documented : action.operation().filterNames()) {
                String filter = documented.replace("<key>", "probe");
                Response answer = ask(action, filter);
                // One filter's values are looked at, as EC2 does: the probe is no group's id.
                if (answer.statusCode() != 200 && !answer.asString().contains("InvalidGroupId.Malformed")) {
                    faults.add(action.operation().name() + " " + filter + ": " + answer.asString());
                }
            }
            if (!action.operation().filterNames().isEmpty()) {
                Response answer = ask(action, "colour");
                if (answer.statusCode() != 400 || !answer.asString().contains("The filter 'colour' is invalid")) {
                    faults.add(action.operation().name() + " colour: " + answer.asString());
                }
            }
        }
        assertThat(faults).isEmpty();
    }

    private static Response ask(Action action, String filter) {
        Shape input = action.operation().input();
        String filters = Objects.requireNonNull(
                        input.member("Filters") == null ? input.member("Filter") : input.member("Filters"))
                .queryName();
        RequestSpecification request = given().header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=" + ACCOUNT
                                + "/20261201/us-east-1/ec2/aws4_request, SignedHeaders=host;x-amz-date, Signature=0")
                .header("X-Amz-Date", "20261201T000000Z")
                .contentType("application/x-www-form-urlencoded; charset=utf-8")
                .formParam("Action", action.operation().name())
                .formParam("Version", Api.EC2.model().apiVersion())
                .formParam(filters + ".1.Name", filter)
                .formParam(filters + ".1.Value.1", "probe");
        for (String required : input.required()) {
            request.formParams(Objects.requireNonNull(
                    REQUIRED.get(required), action.operation().name() + " " + required));
        }
        request.formParams(NEEDED.getOrDefault(action.operation().name(), Map.of()));
        return request.post("/");
    }
}
