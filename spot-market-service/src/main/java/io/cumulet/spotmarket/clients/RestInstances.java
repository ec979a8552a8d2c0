package io.cumulet.spotmarket.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.catalog.Architecture;
import io.cumulet.catalog.Image;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.calls.ServiceCalls;
import io.cumulet.spotmarket.app.InstanceService;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Asks the instance service, as the account that makes a request. */
@ApplicationScoped
public class RestInstances implements InstanceService {

    private static final Logger LOG = Logger.getLogger(RestInstances.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Where it isn't asked but told to do something, which may wait for its turn in a zone. */
    private static final Duration LAUNCH_PATIENCE = Duration.ofSeconds(15);

    /** It doesn't know us (401, 403), we were too slow (408), or it is too busy (429). */
    private static final Set<Integer> ABOUT_THE_CALL = Set.of(401, 403, 408, 429);

    /** Answers to a launch that is only tried which say that it can be done, at once or later. */
    private static final Set<String> GOOD =
            Set.of(ErrorCode.DRY_RUN_OPERATION.code(), ErrorCode.INSUFFICIENT_FREE_ADDRESSES.code());

    /** Its fields that have other names in a spot request. */
    private static final Map<String, String> FIELDS = Map.of("placement.availabilityZone", "availabilityZone");

    private static final int OK = 200;
    private static final int CREATED = 201;

    private final URI base;
    private final ServiceCalls calls;
    private final ObjectMapper json;

    public RestInstances(
            @ConfigProperty(name = "cumulet.instances.url") URI base, ServiceCalls calls, ObjectMapper json) {
        this.base = base;
        this.calls = calls;
        this.json = json;
    }

    @Override
    public Outcome<Image> image(AccountId account, Region region, String imageId) {
        URI uri = base.resolve("/v1/images/" + URLEncoder.encode(imageId, StandardCharsets.UTF_8) + in(region));
        return asked(account, HttpRequest.newBuilder(uri), PATIENCE, answer -> {
            Optional<OperatingSystem> os =
                    OperatingSystem.ofCode(answer.body.path("os").asText());
            Optional<Architecture> architecture =
                    Architecture.ofCode(answer.body.path("architecture").asText());
            return answer.status == OK && os.isPresent() && architecture.isPresent()
                    ? Optional.of(new Image(
                            imageId,
                            os.get(),
                            architecture.get(),
                            answer.body.path("rootDeviceName").asText(),
                            answer.body.path("ownerId").asText(),
                            answer.body.path("name").asText(),
                            LocalDate.EPOCH))
                    : Optional.empty();
        });
    }

    @Override
    public Outcome<AvailabilityZone> zoneOfSubnet(AccountId account, Region region, String subnetId) {
        URI uri = base.resolve("/v1/subnets/" + URLEncoder.encode(subnetId, StandardCharsets.UTF_8) + in(region));
        return asked(account, HttpRequest.newBuilder(uri), PATIENCE, answer -> {
            String zone = answer.body.path("availabilityZone").asText();
            return answer.status == OK && AvailabilityZone.isValid(zone)
                    ? Optional.of(new AvailabilityZone(zone))
                    : Optional.empty();
        });
    }

    @Override
    public Outcome<Launch> tried(AccountId account, Region region, Launch launch) {
        Map<String, Object> body = said(launch);
        body.put("dryRun", true);
        // As in EC2, the code says that nothing but the word dryRun kept it from being done. For addresses, as for
        // room, a
        // request can wait.
        return asked(
                account,
                post("/v1/instances", region, body),
                PATIENCE,
                answer -> GOOD.contains(answer.body.path("code").asText()) ? Optional.of(launch) : Optional.empty());
    }

    @Override
    public Outcome<List<Launched>> launched(AccountId account, Region region, FleetLaunch launch) {
        Map<String, Object> body = said(launch.launch());
        body.put("minCount", 1);
        body.put("maxCount", launch.count());
        body.put("clientToken", launch.token());
        body.put("tags", launch.tags());
        body.put("launchedBy", Map.of("fleetId", launch.fleetId()));
        HttpRequest.Builder request = post("/v1/instances", region, body);
        return asked(account, request, LAUNCH_PATIENCE, answer -> {
            if (answer.status != CREATED) {
                return Optional.empty();
            }
            List<Launched> launched = new ArrayList<>();
            for (JsonNode instance : answer.body.path("instances")) {
                launched.add(new Launched(
                        instance.path("instanceId").asText(),
                        new InstanceType(instance.path("instanceType").asText()),
                        new AvailabilityZone(instance.path("availabilityZone").asText())));
            }
            return Optional.of(launched);
        });
    }

    @Override
    public Outcome<List<String>> terminated(AccountId account, Region region, List<String> instanceIds) {
        Map<String, Object> body = Map.of("action", "terminate", "instanceIds", instanceIds);
        return asked(
                account,
                post("/v1/instance-state-changes", region, body),
                LAUNCH_PATIENCE,
                answer -> answer.status == OK ? Optional.of(instanceIds) : Optional.empty());
    }

    private HttpRequest.Builder post(String path, Region region, Map<String, Object> body) {
        return HttpRequest.newBuilder(base.resolve(path + in(region)))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(text(body)));
    }

    private record Answer(int status, JsonNode body) {}

    /** @param good what to make of an answer; empty if it isn't the one hoped for */
    private <T> Outcome<T> asked(
            AccountId account, HttpRequest.Builder request, Duration patience, Function<Answer, Optional<T>> good) {
        try {
            HttpResponse<String> response = send(account, request.timeout(patience));
            Answer answer = new Answer(response.statusCode(), json.readTree(response.body()));
            return good.apply(answer).map(Outcome::done).orElseGet(() -> Outcome.refused(refusal(answer)));
        } catch (IOException e) {
            LOG.warnf(e, "The instance service at %s can't be asked", base);
            return Outcome.refused(unknown("can't be asked"));
        } catch (RefusedException e) {
            // No token to call with.
            return Outcome.refused(e.refusal());
        }
    }

    /** Its own words, if they are about the launch; else it isn't known whether it would refuse it. */
    private static Refusal refusal(Answer answer) {
        Optional<ErrorCode> code = Arrays.stream(ErrorCode.values())
                .filter(known -> known.code().equals(answer.body.path("code").asText()))
                .findFirst();
        if (code.isEmpty() || !isFinal(answer.status) && code.get() != ErrorCode.INSUFFICIENT_INSTANCE_CAPACITY) {
            return unknown("answered " + answer.status);
        }
        String detail = answer.body.path("detail").asText();
        String field = field(answer.body.path("field"));
        return field == null ? Refusal.of(code.get(), detail) : Refusal.of(code.get(), field, detail);
    }

    private static @Nullable String field(JsonNode field) {
        return field.isTextual() ? FIELDS.getOrDefault(field.textValue(), field.textValue()) : null;
    }

    private static Refusal unknown(String why) {
        return Refusal.of(
                ErrorCode.UNAVAILABLE,
                "Whether the instances could be launched isn't known here, and the instance service " + why);
    }

    private static Map<String, Object> said(Launch launch) {
        Map<String, Object> body = new HashMap<>(launch.options() == null ? Map.of() : launch.options());
        put(body, "imageId", launch.imageId());
        put(body, "instanceType", launch.instanceType());
        put(body, "subnetId", launch.subnetId());
        put(body, "keyName", launch.keyName());
        put(body, "securityGroupIds", launch.securityGroupIds());
        put(body, "userData", launch.userData());
        if (launch.availabilityZone() != null) {
            body.put("placement", Map.of("availabilityZone", launch.availabilityZone()));
        }
        return body;
    }

    private String text(Map<String, Object> body) {
        try {
            return json.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Plain values can always be written", e);
        }
    }

    private static void put(Map<String, Object> body, String field, @Nullable Object value) {
        if (value != null) {
            body.put(field, value);
        }
    }

    private HttpResponse<String> send(AccountId account, HttpRequest.Builder request) throws IOException {
        try {
            return calls.http().send(calls.onBehalfOf(account, request).build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Not waited for", e);
        }
    }

    private static String in(Region region) {
        return "?region=" + region.value();
    }

    /** Whether it would say the same again. */
    private static boolean isFinal(int status) {
        return status >= 400 && status < 500 && !ABOUT_THE_CALL.contains(status);
    }
}
