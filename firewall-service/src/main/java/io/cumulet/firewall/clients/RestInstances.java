package io.cumulet.firewall.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.firewall.app.InstanceService;
import io.cumulet.firewall.app.MemberStore;
import io.cumulet.firewall.app.MemberStore.Told;
import io.cumulet.firewall.app.Vpc;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Asks the instance service, as the account whose VPC, instance or group it is. */
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
        return asked(account, uri("/v1/vpcs/", vpcId, region), "VPC")
                .map(vpc -> new Vpc(
                        vpcId, account, region, vpc.path("version").asLong(), vpc.hasNonNull("ipv6CidrBlock"), false));
    }

    @Override
    public Optional<Told> instance(AccountId account, Region region, String instanceId) {
        return asked(account, uri("/v1/instances/", instanceId, region), "instance")
                .map(instance -> {
                    List<Member> members = new ArrayList<>();
                    String state = instance.path("state").asText();
                    instance.path("networkInterfaces")
                            .forEach(one -> members.add(member(account, region, instanceId, state, one)));
                    return new Told(instanceId, account, region, MemberStore.ASKED, members);
                })
                .filter(told -> !told.members().isEmpty());
    }

    private static Member member(AccountId account, Region region, String instanceId, String state, JsonNode one) {
        List<IpAddress> addresses = new ArrayList<>();
        List<IpAddress> publicAddresses = new ArrayList<>();
        one.path("privateIpAddresses").forEach(address -> {
            IpAddress.parse(address.path("privateIpAddress").asText()).ifPresent(addresses::add);
            IpAddress.parse(address.path("publicIpAddress").asText()).ifPresent(publicAddresses::add);
        });
        one.path("ipv6Addresses")
                .forEach(address -> IpAddress.parse(address.asText()).ifPresent(addresses::add));
        List<String> groupIds = new ArrayList<>();
        one.path("securityGroupIds").forEach(id -> groupIds.add(id.asText()));
        return new Member(
                one.path("networkInterfaceId").asText(),
                instanceId,
                account,
                region,
                one.path("vpcId").asText(),
                null,
                addresses,
                groupIds,
                state,
                publicAddresses);
    }

    /** What it answers; nothing if there is no such thing. */
    private Optional<JsonNode> asked(AccountId account, URI uri, String what) {
        try {
            HttpResponse<String> response = send(account, HttpRequest.newBuilder(uri));
            if (response.statusCode() == OK) {
                return Optional.of(json.readTree(response.body()));
            }
            if (isFinal(response.statusCode())) {
                return Optional.empty();
            }
            throw unknown(what, "answered " + response.statusCode());
        } catch (IOException e) {
            LOG.warnf(e, "The instance service at %s can't be asked", base);
            throw unknown(what, "can't be asked");
        }
    }

    private static RefusedException unknown(String thing, String why) {
        return Refusal.of(
                        ErrorCode.UNAVAILABLE,
                        "Whether the " + thing + " exists isn't known here yet, and the instance service " + why)
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
