package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.e2e.Operations.Kind;
import io.cumulet.e2e.Operations.Operation;
import io.cumulet.e2e.Operations.Slot;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import io.cumulet.localstack.StackSettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What belongs to another account, or to another region, can't be told from what doesn't exist: by any operation. */
@ExtendWith(RunningStack.class)
class AccountsIT {

    private static final String OWNER = "611111111111";
    private static final String STRANGER = "622222222222";
    private static final String HERE = "us-east-1";
    private static final String ELSEWHERE = "eu-west-1";

    /** Enough for a median that one pause of the machine doesn't move. */
    private static final int CALLS = 11;

    /** A factor that a read of another table, service or lock would show in, and noise doesn't. */
    private static final int FACTOR = 3;

    private static final Duration NOISE = Duration.ofMillis(15);

    private static final Pattern ID = Pattern.compile(
            "\\b(i|r|h|ami|key|sg|sgr|pl|sir|fleet|subnet|vpc|eni|eni-attach|eipalloc|eipassoc|rtb|rtbassoc|igw|eigw|acl|aclassoc|dopt|lh|o|oi)-[0-9a-f]{8,17}\\b");
    /** The ids of commitments have no prefix. */
    private static final Pattern UUID =
            Pattern.compile("\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b");

    private static final Pattern ACCESS_KEY_ID = Pattern.compile("\\bAKIA[A-Z2-7]{16}\\b");

    private static final Pattern MOMENT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");
    private static final Pattern REQUEST_ID = Pattern.compile("\"requestId\":\"[^\"]*\"");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Somebody in a region, with what is theirs there. */
    private record Party(String account, String region, String imageId, Map<Kind, String> things) {}

    @Test
    void whatIsAnotherAccountsOrAnotherRegionsLooksLikeWhatIsMissing(LocalStack stack) throws Exception {
        StackSettings settings = stack.settings();
        StackApi operator = StackApi.of(settings, StackApi.OPERATOR);
        operator.reset();
        List<Operation> operations = Operations.of(operator);
        String ownersOld = reserved(operator, OWNER, HERE);
        String strangersOld = reserved(operator, STRANGER, HERE);
        String elsewhereOld = reserved(operator, OWNER, ELSEWHERE);
        // What is sold was held for 30 days.
        operator.advanceClock(Duration.ofDays(31));
        Party owner = settle(operator, OWNER, HERE, ownersOld);
        Party stranger = settle(operator, STRANGER, HERE, strangersOld);
        Party ownerElsewhere = settle(operator, OWNER, ELSEWHERE, elsewhereOld);
        operator.freezeClock();
        String before = belongings(operator, owner);

        List<String> differences = new ArrayList<>();
        int probes = 0;
        for (Party caller : List.of(stranger, ownerElsewhere)) {
            for (Operation operation : operations) {
                for (Set<Slot> foreign : probes(operation)) {
                    if (caller.account().equals(owner.account())
                            && foreign.stream().anyMatch(Slot::isOfNoRegion)) {
                        continue;
                    }
                    probes++;
                    compare(settings, operation, foreign, caller, owner, differences);
                }
            }
        }

        System.out.printf("%d operations, %d requests with somebody else's ids%n", operations.size(), probes);
        assertThat(probes).isGreaterThan(50);
        assertThat(differences).isEmpty();
        assertThat(belongings(operator, owner)).isEqualTo(before);
        operator.reset();
    }

    /** Each place alone, and all places of path and body together; filters of a list one at a time. */
    private static List<Set<Slot>> probes(Operation operation) {
        List<Set<Slot>> probes = new ArrayList<>();
        operation.slots().forEach(slot -> probes.add(Set.of(slot)));
        Set<Slot> together =
                operation.slots().stream().filter(Predicate.not(Slot::inQuery)).collect(Collectors.toUnmodifiableSet());
        if (together.size() > 1) {
            probes.add(together);
        }
        return probes;
    }

    private void compare(
            StackSettings settings,
            Operation operation,
            Set<Slot> foreign,
            Party caller,
            Party owner,
            List<String> differences)
            throws IOException, InterruptedException {
        HttpRequest theirs = request(
                settings, operation, foreign, caller, kind -> owner.things().get(kind));
        HttpRequest missing = request(settings, operation, foreign, caller, Kind::missing);
        String what =
                operation + " with " + foreign.stream().map(Slot::name).collect(Collectors.toCollection(TreeSet::new))
                        + " as " + caller.account() + " in " + caller.region();
        long[] theirTimes = new long[CALLS];
        long[] missingTimes = new long[CALLS];
        for (int i = 0; i < CALLS; i++) {
            long began = System.nanoTime();
            String theirAnswer = answer(theirs);
            theirTimes[i] = System.nanoTime() - began;
            began = System.nanoTime();
            String missingAnswer = answer(missing);
            missingTimes[i] = System.nanoTime() - began;
            if (!theirAnswer.equals(missingAnswer)) {
                differences.add(what + ": " + theirAnswer + " but for a missing one " + missingAnswer);
                return;
            }
        }
        long theirMedian = median(theirTimes);
        long missingMedian = median(missingTimes);
        long noise = NOISE.toNanos();
        if (theirMedian > FACTOR * missingMedian + noise || missingMedian > FACTOR * theirMedian + noise) {
            differences.add("%s takes %.1f ms but for a missing one %.1f ms"
                    .formatted(what, theirMedian / 1e6, missingMedian / 1e6));
        }
    }

    private static long median(long[] times) {
        long[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** All that a caller sees, but for ids, moments and the request's own name. */
    private String answer(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        String body = REQUEST_ID.matcher(response.body()).replaceAll("\"requestId\":\"\"");
        body = ID.matcher(body).replaceAll("$1-id");
        body = UUID.matcher(body).replaceAll("uuid");
        body = ACCESS_KEY_ID.matcher(body).replaceAll("key-id");
        body = MOMENT.matcher(body).replaceAll("moment");
        Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
        headers.remove("x-request-id");
        headers.remove("content-length");
        return response.statusCode() + " " + headers + " " + body;
    }

    private static HttpRequest request(
            StackSettings settings,
            Operation operation,
            Set<Slot> foreign,
            Party caller,
            Function<Kind, String> foreignId)
            throws IOException {
        Map<String, String> ids = new LinkedHashMap<>();
        for (Slot slot : operation.slots()) {
            ids.put(
                    slot.name(),
                    foreign.contains(slot)
                            ? foreignId.apply(slot.kind())
                            : caller.things().get(slot.kind()));
        }
        String path = operation.path();
        for (Slot slot : operation.slots()) {
            path = path.replace("{" + slot.name() + "}", ids.get(slot.name()));
        }
        path = path.replace("{month}", "2026-01")
                .replace("{account}", "688888888888")
                .replace("{cidrAssociationId}", "vpc-cidr-assoc-0dead0dead0dead00");
        StringBuilder query = new StringBuilder("?region=" + caller.region());
        foreign.stream()
                .filter(Slot::inQuery)
                .forEach(slot ->
                        query.append('&').append(slot.name()).append('=').append(ids.get(slot.name())));
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        settings.url(operation.service()).resolve(path + query))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + caller.account());
        if (operation.body() == null) {
            return request.method(operation.method(), BodyPublishers.noBody()).build();
        }
        UnaryOperator<String> byName = ids::get;
        return request.header("Content-Type", "application/json")
                .method(
                        operation.method(),
                        BodyPublishers.ofString(JSON.writeValueAsString(
                                operation.body().template().with(caller.imageId(), byName))))
                .build();
    }

    /** A standard t2.micro of Linux, bought without an upfront fee. */
    private static String reserved(StackApi operator, String account, String region) {
        StackApi own = operator.as(account);
        String at = "?region=" + region;
        String offering = own.get(
                        Service.BILLING,
                        "/v1/reserved-instances/offerings" + at
                                + "&instanceType=t2.micro&os=linux&offeringClass=standard"
                                + "&paymentOption=no-upfront&termYears=1")
                .path("offerings")
                .path(0)
                .path("offeringId")
                .asText();
        return own.post(Service.BILLING, "/v1/reserved-instances" + at, Map.of("offeringId", offering))
                .path("id")
                .asText();
    }

    /**
     * An instance in a subnet, a group with a rule, a spot request that waits, Reserved Instances, some of them modified and
     * some for sale.
     *
     * @param old Reserved Instances that can be sold
     */
    private static Party settle(StackApi operator, String account, String region, String old) {
        StackApi api = operator.as(account);
        String at = "?region=" + region;
        String zone = region + "a";
        operator.post(
                Service.INSTANCES,
                "/v1/hosts" + at,
                Map.of("availabilityZone", zone, "family", "t2", "count", 1, "vcpus", 8, "memoryMib", 8192));
        String image =
                StackApi.list(api.get(Service.INSTANCES, "/v1/images" + at + "&maxResults=1000")
                                .path("images"))
                        .stream()
                        .filter(found -> found.path("architecture").asText().equals("x86_64")
                                && found.path("os").asText().equals("linux"))
                        .map(found -> found.path("imageId").asText())
                        .findFirst()
                        .orElseThrow();
        JsonNode group = api.post(
                Service.FIREWALL, "/v1/security-groups" + at, Map.of("name", "mine", "description", "of " + account));
        String groupId = group.path("groupId").asText();
        JsonNode rules = api.post(
                Service.FIREWALL,
                "/v1/security-groups/" + groupId + "/ingress-rules" + at,
                Map.of(
                        "rules",
                        List.of(Map.of(
                                "protocol",
                                "tcp",
                                "fromPort",
                                22,
                                "toPort",
                                22,
                                "peer",
                                Map.of("cidr", "10.0.0.0/8")))));
        JsonNode launched = api.post(
                Service.INSTANCES,
                "/v1/instances" + at,
                Map.of(
                        "imageId",
                        image,
                        "instanceType",
                        "t2.micro",
                        "placement",
                        Map.of("availabilityZone", zone),
                        "securityGroupIds",
                        List.of(groupId)));
        JsonNode instance = launched.path("instances").path(0);
        JsonNode spot = api.post(
                Service.SPOT_MARKET,
                "/v1/spot-requests" + at,
                Map.of("imageId", image, "instanceType", "t2.micro", "availabilityZone", zone, "maxPrice", "0.0001"));
        Map<Kind, String> things = new EnumMap<>(Kind.class);
        things.put(Kind.INSTANCE, instance.path("instanceId").asText());
        things.put(
                Kind.NETWORK_INTERFACE,
                DefaultNetwork.primaryInterfaceId(instance.path("instanceId").asText()));
        things.put(Kind.SUBNET, instance.path("subnetId").asText());
        things.put(Kind.VPC, instance.path("vpcId").asText());
        things.putAll(network(api, at, instance.path("subnetId").asText()));
        things.put(Kind.RESERVATION, launched.path("reservationId").asText());
        things.put(Kind.SECURITY_GROUP, groupId);
        things.put(Kind.RULE, rules.path("rules").path(0).path("ruleId").asText());
        things.put(
                Kind.PREFIX_LIST,
                api.post(
                                Service.FIREWALL,
                                "/v1/prefix-lists" + at,
                                Map.of("name", "mine", "addressFamily", "IPv4", "maxEntries", 3))
                        .path("prefixListId")
                        .asText());
        things.put(
                Kind.SPOT_REQUEST,
                spot.path("spotRequests").path(0).path("spotRequestId").asText());
        things.put(
                Kind.FLEET,
                api.post(
                                Service.SPOT_MARKET,
                                "/v1/fleets" + at,
                                Map.of(
                                        "targetCapacity",
                                        1,
                                        "launch",
                                        Map.of("imageId", image),
                                        "overrides",
                                        List.of(Map.of("instanceType", "t2.micro", "maxPrice", "0.0001"))))
                        .path("fleet")
                        .path("fleetId")
                        .asText());
        things.put(
                Kind.HOST,
                operator.get(Service.INSTANCES, "/v1/hosts" + at + "&availabilityZone=" + zone)
                        .path("hosts")
                        .path(0)
                        .path("hostId")
                        .asText());
        things.put(
                Kind.IMAGE,
                api.post(Service.INSTANCES, "/v1/images" + at, Map.of("name", "mine"))
                        .path("imageId")
                        .asText());
        things.put(
                Kind.KEY_PAIR,
                api.post(Service.INSTANCES, "/v1/key-pairs" + at, Map.of("keyName", "mine", "keyType", "ed25519"))
                        .path("keyPairId")
                        .asText());
        StackApi own = operator.as(account);
        things.put(
                Kind.RESERVED_INSTANCES,
                own.post(
                                Service.BILLING,
                                "/v1/reserved-instances" + at,
                                Map.of(
                                        "offeringId",
                                        own.get(Service.BILLING, "/v1/reserved-instances/offerings" + at)
                                                .path("offerings")
                                                .path(0)
                                                .path("offeringId")
                                                .asText()))
                        .path("id")
                        .asText());
        things.put(
                Kind.SCHEDULED_INSTANCE,
                own.post(
                                Service.BILLING,
                                "/v1/scheduled-instances" + at,
                                World.schedule(zone, operator.clock().now().plus(Duration.ofHours(2))))
                        .path("scheduledInstanceId")
                        .asText());
        things.put(
                Kind.MODIFICATION,
                own.post(
                                Service.BILLING,
                                "/v1/reserved-instances/modifications" + at,
                                Map.of(
                                        "reservedInstancesIds",
                                        List.of(reserved(operator, account, region)),
                                        "targetConfigurations",
                                        List.of(Map.of(
                                                "availabilityZone",
                                                zone,
                                                "instanceType",
                                                "t2.micro",
                                                "instanceCount",
                                                1))))
                        .path("id")
                        .asText());
        things.put(
                Kind.LISTING,
                own.post(
                                Service.BILLING,
                                "/v1/reserved-instances/listings" + at,
                                Map.of(
                                        "reservedInstancesId",
                                        old,
                                        "instanceCount",
                                        1,
                                        "priceSchedules",
                                        List.of(Map.of("term", 10, "price", "1"))))
                        .path("id")
                        .asText());
        things.put(
                Kind.SAVINGS_PLAN,
                own.post(
                                Service.BILLING,
                                "/v1/savings-plans" + at,
                                Map.of(
                                        "planType",
                                        "compute",
                                        "commitmentHourly",
                                        "0.1",
                                        "paymentOption",
                                        "no-upfront",
                                        "termYears",
                                        1))
                        .path("id")
                        .asText());
        things.put(
                Kind.BUDGET,
                own.post(
                                Service.BILLING,
                                "/v1/budgets",
                                Map.of(
                                        "name",
                                        region,
                                        "limit",
                                        "100",
                                        "notifications",
                                        List.of(Map.of("type", "actual", "thresholdPercent", 100))))
                        .path("id")
                        .asText());
        things.put(
                Kind.ACCESS_KEY,
                own.post(Service.ENDPOINT, "/v1/access-keys", Map.of())
                        .path("accessKeyId")
                        .asText());
        String organization = organization(own);
        things.put(Kind.ORGANIZATION, organization);
        things.put(
                Kind.INVITATION,
                own.post(
                                Service.BILLING,
                                "/v1/organizations/" + organization + "/invitations",
                                Map.of("account", "699999999999"))
                        .path("id")
                        .asText());
        assertThat(things.values())
                .as(account + " in " + region)
                .allMatch(id -> ID.matcher(id).matches()
                        || UUID.matcher(id).matches()
                        || ACCESS_KEY_ID.matcher(id).matches());
        return new Party(account, region, image, things);
    }

    /** An interface, and an elastic address that is associated with it. */
    private static Map<Kind, String> network(StackApi api, String at, String subnetId) {
        String interfaceId = api.post(Service.INSTANCES, "/v1/network-interfaces" + at, Map.of("subnetId", subnetId))
                .path("networkInterfaceId")
                .asText();
        String allocationId = api.post(Service.INSTANCES, "/v1/addresses" + at, Map.of())
                .path("allocationId")
                .asText();
        JsonNode associated = api.post(
                Service.INSTANCES,
                "/v1/addresses/" + allocationId + "/association" + at,
                Map.of("networkInterfaceId", interfaceId));
        Map<Kind, String> things = new EnumMap<>(Kind.class);
        things.put(Kind.NETWORK_INTERFACE, interfaceId);
        things.put(Kind.ELASTIC_ADDRESS, allocationId);
        things.put(
                Kind.ELASTIC_ADDRESS_ASSOCIATION,
                associated.path("association").path("associationId").asText());
        things.putAll(partsOfVpc(api, at));
        return things;
    }

    /** What the default VPC was made with, and what it wasn't. */
    private static Map<Kind, String> partsOfVpc(StackApi api, String at) {
        JsonNode table = api.get(Service.INSTANCES, "/v1/route-tables" + at)
                .path("routeTables")
                .path(0);
        JsonNode gateway = api.get(Service.INSTANCES, "/v1/internet-gateways" + at)
                .path("internetGateways")
                .path(0);
        JsonNode acl = api.get(Service.INSTANCES, "/v1/network-acls" + at)
                .path("networkAcls")
                .path(0);
        JsonNode options = api.get(Service.INSTANCES, "/v1/dhcp-options" + at)
                .path("dhcpOptions")
                .path(0);
        JsonNode egressOnly = api.post(
                Service.INSTANCES,
                "/v1/egress-only-internet-gateways" + at,
                Map.of("vpcId", table.path("vpcId").asText()));
        String instanceInterface = api.get(Service.INSTANCES, "/v1/network-interfaces" + at + "&status=in-use")
                .path("networkInterfaces")
                .path(0)
                .path("attachment")
                .path("attachmentId")
                .asText();
        return Map.of(
                Kind.ROUTE_TABLE, table.path("routeTableId").asText(),
                Kind.ROUTE_TABLE_ASSOCIATION,
                        table.path("associations")
                                .path(0)
                                .path("routeTableAssociationId")
                                .asText(),
                Kind.INTERNET_GATEWAY, gateway.path("internetGatewayId").asText(),
                Kind.EGRESS_ONLY_INTERNET_GATEWAY,
                        egressOnly.path("egressOnlyInternetGatewayId").asText(),
                Kind.NETWORK_ACL, acl.path("networkAclId").asText(),
                Kind.NETWORK_ACL_ASSOCIATION,
                        acl.path("associations")
                                .path(0)
                                .path("networkAclAssociationId")
                                .asText(),
                Kind.DHCP_OPTIONS, options.path("dhcpOptionsId").asText(),
                Kind.ATTACHMENT, instanceInterface);
    }

    /** An account has one in all regions. */
    private static String organization(StackApi own) {
        JsonNode known = own.get(Service.BILLING, "/v1/organizations").path("organizations");
        JsonNode organization =
                known.isEmpty() ? own.post(Service.BILLING, "/v1/organizations", Map.of()) : known.path(0);
        return organization.path("id").asText();
    }

    /** The owner's world as the owner sees it. */
    private static String belongings(StackApi operator, Party owner) {
        StackApi api = operator.as(owner.account());
        String at = "?region=" + owner.region();
        return api.get(Service.INSTANCES, "/v1/instances" + at).toString()
                + api.get(Service.INSTANCES, "/v1/network-interfaces" + at)
                + api.get(Service.INSTANCES, "/v1/addresses" + at)
                + api.get(Service.INSTANCES, "/v1/route-tables" + at)
                + api.get(Service.INSTANCES, "/v1/internet-gateways" + at)
                + api.get(Service.INSTANCES, "/v1/network-acls" + at)
                + api.get(Service.INSTANCES, "/v1/dhcp-options" + at)
                + api.get(Service.INSTANCES, "/v1/images" + at + "&ownerId=" + owner.account())
                + api.get(Service.INSTANCES, "/v1/key-pairs" + at)
                + api.get(Service.FIREWALL, "/v1/security-groups" + at)
                + api.get(Service.FIREWALL, "/v1/prefix-lists" + at)
                + api.get(
                        Service.FIREWALL,
                        "/v1/security-groups/" + owner.things().get(Kind.SECURITY_GROUP) + "/ingress-rules" + at)
                + api.get(Service.SPOT_MARKET, "/v1/spot-requests" + at)
                + api.get(Service.BILLING, "/v1/reserved-instances" + at)
                + api.get(Service.BILLING, "/v1/reserved-instances/listings" + at)
                + api.get(
                        Service.BILLING, "/v1/organizations/" + owner.things().get(Kind.ORGANIZATION) + "/invitations");
    }
}
