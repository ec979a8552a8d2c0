package io.cumulet.instances.domain.launch;

import io.cumulet.catalog.Architecture;
import io.cumulet.catalog.Image;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.instances.domain.lifecycle.InterruptionBehavior;
import io.cumulet.instances.domain.network.InterfaceLimits;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.kernel.ResourceTags;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a launch without knowing the state of anything: whether the request is well formed, and whether
 * image, type and zone exist and go together.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html">RunInstances</a>
 */
public final class LaunchChecks {

    public static final int MOST_INSTANCES = 1000;
    public static final int MOST_GROUPS = 5;

    /**
     * No type has more on one interface.
     *
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html">IP addresses per interface</a>
     */
    private static final int MOST_IPV6_ADDRESSES = 50;

    public static final int MOST_USER_DATA_BYTES = 16 * 1024;
    private static final int LONGEST_CLIENT_TOKEN = 64;
    private static final int LONGEST_KEY_NAME = 255;

    private static final LaunchWish.MarketWish NO_MARKET = new LaunchWish.MarketWish(null, null, null);
    private static final String PERSISTENT = "persistent";

    /** Times farther away can neither be kept nor reckoned with. */
    private static final Instant LAST_TIME = Instant.parse("9999-12-31T00:00:00Z");

    private LaunchChecks() {}

    public static Outcome<LaunchOrder> check(
            LaunchWish wish,
            LaunchImages images,
            AccountId account,
            Region region,
            OnDemandPrices prices,
            Instant now) {
        try {
            return Outcome.done(checked(wish, images, account, region, prices, now));
        } catch (Stop stop) {
            return Outcome.refused(stop.refusal);
        }
    }

    private static LaunchOrder checked(
            LaunchWish wish, LaunchImages images, AccountId account, Region region, OnDemandPrices prices, Instant now)
            throws Stop {
        for (String field : wish.unsupportedFields()) {
            throw new Stop(ErrorCode.UNSUPPORTED_OPERATION, field, "'" + field + "' isn't supported yet");
        }
        if (wish.tenancy() != null) {
            Tenancy tenancy = Tenancy.ofCode(wish.tenancy())
                    .orElseThrow(() -> invalid("placement.tenancy", "No tenancy '" + wish.tenancy() + "'"));
            if (tenancy != Tenancy.DEFAULT) {
                throw new Stop(
                        ErrorCode.UNSUPPORTED_OPERATION,
                        "placement.tenancy",
                        "Tenancy '" + tenancy + "' isn't supported yet");
            }
        }
        String imageId = required("imageId", wish.imageId());
        InstanceTypeFacts type = type("instanceType", required("instanceType", wish.instanceType()));
        int min = wish.minCount() == null ? 1 : wish.minCount();
        int max = wish.maxCount() == null ? Math.max(1, min) : wish.maxCount();
        if (min < 1) {
            throw invalid("minCount", "At least one instance has to be asked for");
        }
        if (max < min) {
            throw invalid("maxCount", "maxCount " + max + " is below minCount " + min);
        }
        if (max > MOST_INSTANCES) {
            throw invalid("maxCount", "At most " + MOST_INSTANCES + " instances in one launch");
        }
        Image image = switch (images.find(imageId)) {
            case Outcome.Refused<Image>(Refusal refusal) -> throw new Stop(refusal);
            case Outcome.Done<Image>(Image found) -> found;
        };
        mustGoTogether(type, image.os(), image.architecture(), region, prices);
        AvailabilityZone zone = zone(wish, account, region);
        boolean intoDefaultVpc = wish.subnetId() == null || isDefault(wish.subnetId(), account, zone);
        LaunchOrder.Addresses addresses = addresses(wish.addresses(), type.type(), max);
        boolean placeIsOpen = zone == null && wish.subnetId() == null;
        if (placeIsOpen
                && (addresses.privateAddress() != null
                        || !addresses.ipv6Addresses().isEmpty())) {
            throw new Stop(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    addresses.privateAddress() != null ? "privateIpAddress" : "ipv6Addresses",
                    "An address is in a subnet: name it, or the zone whose default subnet it is");
        }
        LaunchOrder.SpotBid spot = spot(wish.market(), type, image.os(), region, prices, now);
        if (spot != null && wish.scheduledInstanceId() != null) {
            throw new Stop(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "scheduledInstanceId",
                    "A Scheduled Instance isn't launched on the spot market");
        }
        return new LaunchOrder(
                account,
                region,
                image,
                type,
                min,
                max,
                zone,
                wish.subnetId(),
                intoDefaultVpc ? DefaultNetwork.vpcId(account, region) : null,
                keyName(wish.keyName()),
                groups("securityGroupIds", wish.securityGroupIds()),
                addresses,
                userData("userData", wish.userData()),
                clientToken(wish.clientToken()),
                spot,
                allTags(wish),
                Boolean.TRUE.equals(wish.terminationProtected()),
                null,
                tags("networkInterfaceTags", wish.interfaceTags()),
                options(wish, type));
    }

    private static Map<String, String> allTags(LaunchWish wish) throws Stop {
        Map<String, String> own = tags("tags", wish.tags());
        LaunchedBy by = wish.launchedBy();
        if (by == null) {
            return own;
        }
        Map<String, String> all = new HashMap<>(own);
        all.putAll(by.tags());
        return Map.copyOf(all);
    }

    private static InstanceOptions options(LaunchWish wish, InstanceTypeFacts type) throws Stop {
        InstanceOptions said = wish.options() == null ? InstanceOptions.NONE : wish.options();
        OptionChecks.check(said, type);
        if (InstanceOptions.Profile.NONE.equals(said.iamInstanceProfile())) {
            throw new Stop(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "iamInstanceProfile",
                    "An instance profile is given by its ARN or by its name");
        }
        return said.launchedWith(wish.clientToken());
    }

    /** A type by name. */
    public static InstanceTypeFacts type(String field, String name) throws Stop {
        return InstanceTypes.find(name)
                .orElseThrow(() -> new Stop(
                        ErrorCode.INVALID_INSTANCE_TYPE, field, "The instance type '" + name + "' does not exist"));
    }

    /** Whether a type can run a system in a region: the architectures meet, and there is a price. */
    public static void mustGoTogether(
            InstanceTypeFacts type, OperatingSystem os, Architecture architecture, Region region, OnDemandPrices prices)
            throws Stop {
        if (!type.runs(architecture)) {
            throw new Stop(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "instanceType",
                    "The type " + type.type() + " does not run the architecture of the image, " + architecture);
        }
        if (!prices.isOffered(region, type.type(), os)) {
            throw new Stop(
                    ErrorCode.UNSUPPORTED,
                    "instanceType",
                    "The type " + type.type() + " with " + os + " is not on offer in " + region
                            + ": it has no price there");
        }
    }

    private static @Nullable AvailabilityZone zone(LaunchWish wish, AccountId account, Region region) throws Stop {
        RegionFacts facts = Regions.find(region)
                .orElseThrow(() -> new Stop(ErrorCode.UNSUPPORTED, "region", "Region " + region + " has no zones"));
        AvailabilityZone named = null;
        if (wish.zone() != null) {
            String name = wish.zone();
            named = facts.zones().stream()
                    .map(RegionFacts.ZoneFacts::zone)
                    .filter(zone -> zone.value().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new Stop(
                            ErrorCode.INVALID_AVAILABILITY_ZONE,
                            "placement.availabilityZone",
                            "The zone '" + name + "' does not exist in " + region));
        }
        if (wish.subnetId() == null) {
            return named;
        }
        String subnetId = wish.subnetId();
        // Where it isn't a default subnet, its zone is known once it was looked up.
        AvailabilityZone ofSubnet = facts.zones().stream()
                .map(RegionFacts.ZoneFacts::zone)
                .filter(zone -> DefaultNetwork.subnetId(account, zone).equals(subnetId))
                .findFirst()
                .orElse(null);
        if (ofSubnet == null) {
            return named;
        }
        if (named != null && !named.equals(ofSubnet)) {
            throw new Stop(elsewhere(subnetId, ofSubnet, named));
        }
        return ofSubnet;
    }

    /** The refusal of a launch that names a zone and a subnet in another. */
    public static Refusal elsewhere(String subnetId, AvailabilityZone ofSubnet, AvailabilityZone named) {
        return Refusal.of(
                ErrorCode.INVALID_PARAMETER_COMBINATION,
                "subnetId",
                "The subnet " + subnetId + " is in " + ofSubnet + ", not in " + named);
    }

    private static boolean isDefault(String subnetId, AccountId account, @Nullable AvailabilityZone zone) {
        return zone != null && DefaultNetwork.subnetId(account, zone).equals(subnetId);
    }

    private static LaunchOrder.Addresses addresses(
            LaunchWish.@Nullable AddressWish wish, InstanceType type, int maxCount) throws Stop {
        if (wish == null) {
            return LaunchOrder.Addresses.ANY;
        }
        List<String> ipv6Texts = wish.ipv6Addresses() == null ? List.of() : wish.ipv6Addresses();
        Integer ipv6Count = wish.ipv6AddressCount();
        if (ipv6Count != null && !ipv6Texts.isEmpty()) {
            throw new Stop(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "ipv6AddressCount",
                    "Either how many IPv6 addresses or which ones");
        }
        if (ipv6Count != null && (ipv6Count < 0 || ipv6Count > MOST_IPV6_ADDRESSES)) {
            throw invalid("ipv6AddressCount", "An interface has 0 to " + MOST_IPV6_ADDRESSES + " IPv6 addresses");
        }
        if (ipv6Texts.size() > MOST_IPV6_ADDRESSES) {
            throw invalid("ipv6Addresses", "An interface has 0 to " + MOST_IPV6_ADDRESSES + " IPv6 addresses");
        }
        int most = InterfaceLimits.of(type).addressesPerInterface();
        if (ipv6Texts.size() > most || ipv6Count != null && ipv6Count > most) {
            throw new Stop(
                    ErrorCode.PRIVATE_ADDRESS_LIMIT_EXCEEDED,
                    ipv6Count != null ? "ipv6AddressCount" : "ipv6Addresses",
                    "An interface of an instance of type " + type + " has at most " + most
                            + " addresses of each family");
        }
        IpAddress privateAddress = wish.privateIpAddress() == null
                ? null
                : address("privateIpAddress", wish.privateIpAddress(), IpFamily.IPV4);
        LinkedHashSet<IpAddress> ipv6Addresses = new LinkedHashSet<>();
        for (String text : ipv6Texts) {
            if (!ipv6Addresses.add(address("ipv6Addresses", text, IpFamily.IPV6))) {
                throw invalid("ipv6Addresses", "The address " + text + " is named twice");
            }
        }
        if (maxCount > 1 && (privateAddress != null || !ipv6Addresses.isEmpty())) {
            throw new Stop(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    privateAddress != null ? "privateIpAddress" : "ipv6Addresses",
                    "An address is one instance's; maxCount is " + maxCount);
        }
        return new LaunchOrder.Addresses(
                privateAddress, ipv6Count, List.copyOf(ipv6Addresses), wish.associatePublicIpAddress());
    }

    private static IpAddress address(String field, @Nullable String text, IpFamily family) throws Stop {
        return Optional.ofNullable(text)
                .flatMap(IpAddress::parse)
                .filter(address -> address.family() == family)
                .orElseThrow(() -> invalid(
                        field, "'" + text + "' is no " + (family == IpFamily.IPV4 ? "IPv4" : "IPv6") + " address"));
    }

    /** Well-formed ids without repetition, at most five; none if none is named. Whether they exist is asked later. */
    public static List<String> groups(String field, @Nullable List<String> ids) throws Stop {
        if (ids == null || ids.isEmpty()) {
            return List.of();
        }
        LinkedHashSet<String> distinct = new LinkedHashSet<>();
        for (String id : ids) {
            if (id == null || id.isBlank()) {
                throw invalid(field, "A security group id is empty");
            }
            if (!ResourceKind.SECURITY_GROUP.isId(id)) {
                throw new Stop(ErrorCode.GROUP_NOT_FOUND, field, "The security group '" + id + "' does not exist");
            }
            distinct.add(id);
        }
        if (distinct.size() > MOST_GROUPS) {
            throw new Stop(
                    ErrorCode.SECURITY_GROUPS_PER_INSTANCE_LIMIT_EXCEEDED,
                    field,
                    "An instance has at most " + MOST_GROUPS + " security groups");
        }
        return List.copyOf(distinct);
    }

    /** Base64 of at most 16 KiB. */
    public static @Nullable String userData(String field, @Nullable String base64) throws Stop {
        if (base64 == null) {
            return null;
        }
        try {
            byte[] raw = Base64.getDecoder().decode(base64);
            if (raw.length > MOST_USER_DATA_BYTES) {
                throw new Stop(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        field,
                        "User data is limited to " + MOST_USER_DATA_BYTES + " bytes before encoding; these are "
                                + raw.length);
            }
            return base64;
        } catch (IllegalArgumentException e) {
            throw new Stop(ErrorCode.INVALID_USER_DATA, field, "User data is not base64: " + e.getMessage());
        }
    }

    public static Map<String, String> tags(String field, @Nullable Map<String, String> tags) throws Stop {
        if (tags == null) {
            return Map.of();
        }
        stopFor(ResourceTags.fault(field, tags));
        return Map.copyOf(tags);
    }

    /** Tags to set or, with null as value, to remove. */
    public static void tagPatch(String field, Map<String, ? extends @Nullable String> tags) throws Stop {
        stopFor(ResourceTags.patchFault(field, tags));
    }

    private static void stopFor(Optional<Refusal> fault) throws Stop {
        if (fault.isPresent()) {
            throw new Stop(fault.get());
        }
    }

    private static LaunchOrder.@Nullable SpotBid spot(
            LaunchWish.@Nullable MarketWish wish,
            InstanceTypeFacts type,
            OperatingSystem os,
            Region region,
            OnDemandPrices prices,
            Instant now)
            throws Stop {
        if (wish == null || wish.equals(NO_MARKET)) {
            return null;
        }
        String code = required("market.type", wish.type());
        Market market = Market.ofCode(code).orElseThrow(() -> invalid("market.type", "No market '" + code + "'"));
        if (market == Market.ON_DEMAND) {
            String ofSpot = wish.maxPrice() != null
                    ? "market.maxPrice"
                    : wish.interruptionBehavior() != null
                            ? "market.interruptionBehavior"
                            : wish.requestType() != null
                                    ? "market.requestType"
                                    : wish.validUntil() != null
                                            ? "market.validUntil"
                                            : wish.requestTags() != null ? "market.requestTags" : null;
            if (ofSpot != null) {
                throw new Stop(ErrorCode.INVALID_PARAMETER_COMBINATION, ofSpot, "This is for the spot market");
            }
            return null;
        }
        if (!type.supportedUsageClasses().isEmpty()
                && !type.supportedUsageClasses().contains("spot")) {
            throw new Stop(
                    ErrorCode.UNSUPPORTED, "instanceType", "The type " + type.type() + " is not on offer as spot");
        }
        HourlyRate maxPrice = wish.maxPrice() == null
                ? onDemand(type, os, region, prices, now)
                : price("market.maxPrice", wish.maxPrice());
        InterruptionBehavior behavior = wish.interruptionBehavior() == null
                ? InterruptionBehavior.TERMINATE
                : InterruptionBehavior.ofCode(wish.interruptionBehavior())
                        .orElseThrow(() -> invalid(
                                "market.interruptionBehavior",
                                "One of terminate, stop, hibernate; not '" + wish.interruptionBehavior() + "'"));
        Map<String, String> requestTags =
                wish.requestTags() == null ? null : tags("market.requestTags", wish.requestTags());
        return new LaunchOrder.SpotBid(maxPrice, behavior, null, persistence(wish, behavior, now), requestTags);
    }

    private static LaunchOrder.@Nullable Persistence persistence(
            LaunchWish.MarketWish wish, InterruptionBehavior behavior, Instant now) throws Stop {
        String requestType = wish.requestType();
        if (requestType != null && !requestType.equals(PERSISTENT) && !requestType.equals("one-time")) {
            throw invalid("market.requestType", "One of one-time, persistent; not '" + requestType + "'");
        }
        if (PERSISTENT.equals(requestType)) {
            Instant until = wish.validUntil();
            if (until != null && (!until.isAfter(now) || until.isAfter(LAST_TIME))) {
                throw invalid("market.validUntil", "It lies between now and " + LAST_TIME + ", not at " + until);
            }
            return new LaunchOrder.Persistence(until);
        }
        if (wish.validUntil() != null) {
            throw new Stop(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "market.validUntil",
                    "A one-time request is valid until its instances are launched");
        }
        if (requestType != null && behavior != InterruptionBehavior.TERMINATE) {
            throw new Stop(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "market.interruptionBehavior",
                    "An instance is stopped or hibernated for a persistent request alone");
        }
        return null;
    }

    private static HourlyRate onDemand(
            InstanceTypeFacts type, OperatingSystem os, Region region, OnDemandPrices prices, Instant now) {
        return prices.inForce(region, type.type(), os, Tenancy.DEFAULT, now)
                .orElseThrow(() -> new IllegalStateException("Checked before: " + type.type() + " has a price"))
                .hourly();
    }

    private static HourlyRate price(String field, String text) throws Stop {
        if (!HourlyRate.isValid(text)) {
            throw invalid(field, "A price is plain digits, such as 0.05; not '" + text + "'");
        }
        HourlyRate price = HourlyRate.of(text);
        if (price.isZero()) {
            throw invalid(field, "A price is above 0");
        }
        return price;
    }

    private static @Nullable String keyName(@Nullable String name) throws Stop {
        if (name != null && (name.isEmpty() || name.length() > LONGEST_KEY_NAME)) {
            throw invalid("keyName", "A key name has 1 to " + LONGEST_KEY_NAME + " characters");
        }
        return name;
    }

    private static @Nullable String clientToken(@Nullable String token) throws Stop {
        if (token != null && (token.isEmpty() || token.length() > LONGEST_CLIENT_TOKEN)) {
            throw invalid("clientToken", "A client token has 1 to " + LONGEST_CLIENT_TOKEN + " characters");
        }
        return token;
    }

    private static String required(String field, @Nullable String value) throws Stop {
        if (value == null || value.isEmpty()) {
            throw new Stop(ErrorCode.MISSING_PARAMETER, field, "'" + field + "' is required");
        }
        return value;
    }

    private static Stop invalid(String field, String message) {
        return new Stop(ErrorCode.INVALID_PARAMETER_VALUE, field, message);
    }

    /** Leaves a check at the first thing that is wrong; whoever starts a check turns it into a refusal. */
    public static final class Stop extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Refusal refusal;

        public Stop(ErrorCode code, String field, String message) {
            this(Refusal.of(code, field, message));
        }

        Stop(Refusal refusal) {
            super(refusal.message(), null, false, false);
            this.refusal = refusal;
        }

        public Refusal refusal() {
            return refusal;
        }
    }
}
