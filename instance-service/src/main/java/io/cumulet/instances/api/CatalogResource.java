package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.catalog.Architecture;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.Offerings;
import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What there is to choose from: public facts, the same for everybody. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Catalog")
public class CatalogResource {

    private final Caller caller;

    public CatalogResource(Caller caller) {
        this.caller = caller;
    }

    /**
     * @param systemsOnOffer the operating systems with which it can be launched in this region: those that have a price
     * @param zonesAtAws the zones of this region in which AWS had it; what our own hosts hold may differ
     */
    public record InstanceTypeView(
            String instanceType,
            String family,
            String category,
            int vcpus,
            int cores,
            int threadsPerCore,
            int memoryMib,
            Set<String> architectures,
            String processorManufacturer,
            String processor,
            String sustainedClockGhz,
            int localDisks,
            int localStorageGb,
            String localStorageType,
            int gpus,
            String gpuManufacturer,
            String gpuName,
            int gpuMemoryMib,
            String networkPerformance,
            int maxNetworkInterfaces,
            int ipv4AddressesPerInterface,
            String enaSupport,
            String ebsOptimizedSupport,
            int ebsBaselineMbps,
            int ebsMaximumMbps,
            int ebsBaselineIops,
            int ebsMaximumIops,
            int ebsMaxAttachments,
            @Nullable String hypervisor,
            boolean bareMetal,
            boolean burstablePerformance,
            boolean currentGeneration,
            boolean dedicatedHostsSupported,
            boolean hibernationSupported,
            boolean freeTierEligible,
            List<String> placementGroupStrategies,
            Set<String> usageClasses,
            Set<String> rootDeviceTypes,
            List<String> systemsOnOffer,
            List<String> zonesAtAws,
            LocalDate asOf) {

        static InstanceTypeView of(InstanceTypeFacts facts, RegionFacts region) {
            return new InstanceTypeView(
                    facts.type().value(),
                    facts.family(),
                    facts.category(),
                    facts.vcpus(),
                    facts.processor().cores(),
                    facts.processor().threadsPerCore(),
                    facts.memoryMib(),
                    facts.processor().architectures().stream()
                            .map(Architecture::code)
                            .collect(Collectors.toCollection(TreeSet::new)),
                    facts.processor().manufacturer(),
                    facts.processor().model(),
                    facts.processor().sustainedClockGhz(),
                    facts.localDisks().count(),
                    facts.localDisks().totalGb(),
                    facts.localDisks().kind(),
                    facts.gpus().count(),
                    facts.gpus().manufacturer(),
                    facts.gpus().name(),
                    facts.gpus().memoryMibEach(),
                    facts.network().performance(),
                    facts.network().maxInterfaces(),
                    facts.network().ipv4PerInterface(),
                    facts.network().enaSupport(),
                    facts.ebs().optimizedSupport(),
                    facts.ebs().baselineMbps(),
                    facts.ebs().maximumMbps(),
                    facts.ebs().baselineIops(),
                    facts.ebs().maximumIops(),
                    facts.ebs().maxAttachments(),
                    facts.hypervisor(),
                    facts.bareMetal(),
                    facts.burstable(),
                    facts.currentGeneration(),
                    facts.dedicatedHostsSupported(),
                    facts.hibernationSupported(),
                    facts.freeTierEligible(),
                    facts.placementGroupStrategies(),
                    new TreeSet<>(facts.supportedUsageClasses()),
                    new TreeSet<>(facts.supportedRootDeviceTypes()),
                    Arrays.stream(OperatingSystem.values())
                            .filter(os -> OnDemandPrices.shipped().isOffered(region.region(), facts.type(), os))
                            .map(OperatingSystem::code)
                            .toList(),
                    region.zones().stream()
                            .map(RegionFacts.ZoneFacts::zone)
                            .filter(zone -> Offerings.isOffered(facts.type(), zone))
                            .map(AvailabilityZone::value)
                            .toList(),
                    facts.asOf());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record InstanceTypePage(
            List<InstanceTypeView> instanceTypes, @Nullable String nextToken) {}

    public record RegionView(String region, String name, String partition) {}

    public record RegionList(List<RegionView> regions) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ZoneView(
            String availabilityZone, @Nullable String zoneId, String region, String state) {}

    public record ZoneList(List<ZoneView> availabilityZones) {}

    @GET
    @Path("instance-types")
    @AllowedQuery({"instanceType", "family", "architecture", "currentGeneration", "maxResults", "nextToken"})
    @Operation(summary = "Lists instance types, ordered by name, with what can be launched in the region")
    public InstanceTypePage instanceTypes(
            @QueryParam("instanceType") List<String> names,
            @QueryParam("family") List<String> families,
            @QueryParam("architecture") List<String> architectures,
            @QueryParam("currentGeneration") @Nullable String currentGeneration,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Set<Architecture> wanted = architectures.stream()
                .map(code -> Architecture.ofCode(code)
                        .orElseThrow(() -> refused("architecture", "There is no architecture '" + code + "'")))
                .collect(Collectors.toSet());
        Boolean current = flag("currentGeneration", currentGeneration);
        for (String name : names) {
            if (InstanceTypes.find(name).isEmpty()) {
                throw Refusal.of(
                                ErrorCode.INVALID_INSTANCE_TYPE,
                                "instanceType",
                                "The instance type '" + name + "' does not exist")
                        .asException();
            }
        }
        for (String family : families) {
            if (InstanceTypes.ofFamily(family).isEmpty()) {
                throw refused("family", "There is no instance family '" + family + "'");
            }
        }
        List<InstanceTypeFacts> all = new ArrayList<>();
        for (InstanceTypeFacts facts : InstanceTypes.all()) {
            if ((names.isEmpty() || names.contains(facts.type().value()))
                    && (families.isEmpty() || families.contains(facts.family()))
                    && (wanted.isEmpty() || wanted.stream().anyMatch(facts::runs))
                    && (current == null || facts.currentGeneration() == current)) {
                all.add(facts);
            }
        }
        all.sort(Comparator.comparing(facts -> facts.type().value()));
        Paging paging = Paging.of(maxResults, nextToken);
        List<InstanceTypeFacts> found = paging.ask(all, facts -> facts.type().value());
        RegionFacts region = region();
        return new InstanceTypePage(
                paging.page(found).stream()
                        .map(facts -> InstanceTypeView.of(facts, region))
                        .toList(),
                paging.nextToken(found, facts -> facts.type().value()));
    }

    @GET
    @Path("instance-types/{type}")
    @Operation(summary = "Tells of one instance type")
    public InstanceTypeView instanceType(@PathParam("type") String type) {
        return InstanceTypes.find(type)
                .map(facts -> InstanceTypeView.of(facts, region()))
                .orElseThrow(() -> Refusal.of(
                                ErrorCode.NOT_FOUND, "instanceType", "The instance type '" + type + "' does not exist")
                        .asException());
    }

    @GET
    @Path("regions")
    @Operation(summary = "Lists the regions")
    public RegionList regions() {
        return new RegionList(Regions.all().stream()
                .map(facts -> new RegionView(facts.region().value(), facts.name(), facts.partition()))
                .toList());
    }

    @GET
    @Path("availability-zones")
    @Operation(summary = "Lists the zones of the region")
    public ZoneList availabilityZones() {
        return new ZoneList(region().zones().stream()
                .map(facts -> new ZoneView(
                        facts.zone().value(),
                        facts.zoneId(),
                        facts.zone().region().value(),
                        "available"))
                .toList());
    }

    private RegionFacts region() {
        return Regions.find(caller.region())
                .orElseThrow(() -> refused("region", "There is no region " + caller.region()));
    }

    private static @Nullable Boolean flag(String field, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused(field, "true or false; not '" + text + "'");
        };
    }

    private static RuntimeException refused(String field, String message) {
        return Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message).asException();
    }
}
