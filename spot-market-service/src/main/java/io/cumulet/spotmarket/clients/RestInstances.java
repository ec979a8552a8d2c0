package io.cumulet.spotmarket.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
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
import java.util.Arrays;
import java.util.HashMap;
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

    /** It doesn't know us (401, 403), we were too slow (408), or it is too busy (429). */
    private static final Set<Integer> ABOUT_THE_CALL = Set.of(401, 403, 408, 429);

    /** Answers to a launch that is only tried which say that it can be done, at once or later. */
    private static final Set<String> GOOD =
            Set.of(ErrorCode.DRY_RUN_OPERATION.code(), ErrorCode.INSUFFICIENT_FREE_ADDRESSES.code());

    /** Its fields that have other names in a spot request. */
    private static final Map<String, String> FIELDS = Map.of("placement.availabilityZone", "availabilityZone");

    private static final int OK = 200;

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
    public Outcome<AvailabilityZone> zoneOfSubnet(AccountId account, Region region, String subnetId) {
        URI uri = base.resolve("/v1/subnets/" + URLEncoder.encode(subnetId, StandardCharsets.UTF_8) + in(region));
        return asked(account, HttpRequest.newBuilder(uri), answer -> {
            String zone = answer.body.path("availabilityZone").asText();
            return answer.status == OK && AvailabilityZone.isValid(zone)
                    ? Optional.of(new AvailabilityZone(zone))
                    : Optional.empty();
        });
    }

    @Override
    public Outcome<Launch> tried(AccountId account, Region region, Launch launch) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve("/v1/instances" + in(region)))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body(launch)));
        // As in EC2, the code says that nothing but the word dryRun kept it from being done. For addresses, as for
        // room, a
        // request can wait.
        return asked(
                account,
                request,
                answer -> GOOD.contains(answer.body.path("code").asText()) ? Optional.of(launch) : Optional.empty());
    }

    private record Answer(int status, JsonNode body) {}

    /** @param good what to make of an answer; empty if it isn't the one hoped for */
    private <T> Outcome<T> asked(AccountId account, HttpRequest.Builder request, Function<Answer, Optional<T>> good) {
        try {
            HttpResponse<String> response = send(account, request);
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
        if (code.isEmpty() || !isFinal(answer.status)) {
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

    private String body(Launch launch) {
        Map<String, Object> body = new HashMap<>(launch.options() == null ? Map.of() : launch.options());
        body.put("dryRun", true);
        put(body, "imageId", launch.imageId());
        put(body, "instanceType", launch.instanceType());
        put(body, "subnetId", launch.subnetId());
        put(body, "keyName", launch.keyName());
        put(body, "securityGroupIds", launch.securityGroupIds());
        put(body, "userData", launch.userData());
        if (launch.availabilityZone() != null) {
            body.put("placement", Map.of("availabilityZone", launch.availabilityZone()));
        }
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
            return calls.http()
                    .send(calls.onBehalfOf(account, request.timeout(PATIENCE)).build(), BodyHandlers.ofString());
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
