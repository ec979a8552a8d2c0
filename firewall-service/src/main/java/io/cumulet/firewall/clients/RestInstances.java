package io.cumulet.firewall.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.firewall.app.InstanceService;
import io.cumulet.firewall.app.Vpc;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.calls.ServiceCalls;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Asks the instance service, as the account whose VPC or group it is. */
@ApplicationScoped
public class RestInstances implements InstanceService {

    private static final Logger LOG = Logger.getLogger(RestInstances.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** It doesn't know us (401, 403), we were too slow (408), or it is too busy (429). */
    private static final Set<Integer> ABOUT_THE_CALL = Set.of(401, 403, 408, 429);

    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int CONFLICT = 409;

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
    public Optional<Vpc> vpc(AccountId account, Region region, String vpcId) {
        try {
            HttpResponse<String> response = send(account, HttpRequest.newBuilder(uri("/v1/vpcs/", vpcId, region)));
            if (response.statusCode() == OK) {
                JsonNode vpc = json.readTree(response.body());
                return Optional.of(new Vpc(
                        vpcId, account, region, vpc.path("version").asLong(), vpc.hasNonNull("ipv6CidrBlock"), false));
            }
            if (isFinal(response.statusCode())) {
                return Optional.empty();
            }
            throw unknown("answered " + response.statusCode());
        } catch (IOException e) {
            LOG.warnf(e, "The instance service at %s can't be asked", base);
            throw unknown("can't be asked");
        }
    }

    private static RefusedException unknown(String what) {
        return Refusal.of(
                        ErrorCode.UNAVAILABLE,
                        "Whether the VPC exists isn't known here yet, and the instance service " + what)
                .asException();
    }

    @Override
    public Retirement retire(AccountId account, Region region, String vpcId, String groupId, long version) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri("/v1/retired-security-groups/", groupId, region))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body(vpcId, version)));
        try {
            HttpResponse<String> response = send(account, request);
            return switch (response.statusCode()) {
                case NO_CONTENT -> new Retirement.Done();
                case CONFLICT -> refused(groupId, response.body());
                default -> away("answered " + response.statusCode(), true);
            };
        } catch (ConnectException e) {
            LOG.warnf(e, "The instance service at %s can't be reached", base);
            return away("can't be reached", false);
        } catch (IOException e) {
            LOG.warnf(e, "The instance service at %s gave no answer", base);
            return away("gave no answer", true);
        } catch (RefusedException e) {
            // No token to call with, so it wasn't called.
            return new Retirement.Away(e.refusal().message(), false);
        }
    }

    private static Retirement away(String what, boolean perhapsDone) {
        return new Retirement.Away(
                "The instance service says whether anything has the security group, and " + what, perhapsDone);
    }

    private String body(String vpcId, long version) {
        try {
            return json.writeValueAsString(Map.of("vpcId", vpcId, "version", version));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Two plain values can always be written", e);
        }
    }

    /** The instance service knows what has the group; its words are for the caller. Its field says if it is the version. */
    private Retirement refused(String groupId, String problem) {
        String usual = "The security group '" + groupId + "' is in use";
        try {
            JsonNode answer = json.readTree(problem);
            return answer.path("field").asText().equals("version")
                    ? new Retirement.Changed()
                    : new Retirement.InUse(answer.path("detail").asText(usual));
        } catch (JsonProcessingException e) {
            LOG.warnf("The instance service answered with what is no problem document: %s", problem);
            return new Retirement.InUse(usual);
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

    private URI uri(String path, String id, Region region) {
        return base.resolve(path + URLEncoder.encode(id, StandardCharsets.UTF_8) + "?region=" + region.value());
    }

    /** Whether it would say the same again: 404 for what isn't there, another 4xx for an id that can't be one. */
    private static boolean isFinal(int status) {
        return status >= 400 && status < 500 && !ABOUT_THE_CALL.contains(status);
    }
}
