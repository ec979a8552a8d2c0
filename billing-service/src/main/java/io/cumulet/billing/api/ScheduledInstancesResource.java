package io.cumulet.billing.api;

import io.cumulet.billing.api.ScheduledInstanceView.RecurrenceView;
import io.cumulet.billing.app.CommitmentPurchases;
import io.cumulet.billing.app.CommitmentPurchases.Order;
import io.cumulet.billing.app.CommitmentPurchases.Wanted;
import io.cumulet.billing.app.CommitmentPurchases.Which;
import io.cumulet.billing.app.ScheduledOfferings;
import io.cumulet.billing.app.ScheduledOfferings.Available;
import io.cumulet.billing.app.ScheduledOfferings.Kind;
import io.cumulet.billing.app.ScheduledOfferings.Pattern;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Recurrence;
import io.cumulet.kernel.Recurrence.Frequency;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Scheduled Reserved Instances: which can be had, buying, looking. What was bought can't be cancelled. */
@Path("/v1/scheduled-instances")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Scheduled Instances")
public class ScheduledInstancesResource {

    private static final Set<Terms.Kind> KINDS = Set.of(Terms.Kind.SCHEDULED_INSTANCES);
    private static final int MOST_AT_ONCE = 300;

    private final CommitmentPurchases purchases;
    private final ScheduledOfferings offerings;
    private final Caller caller;
    private final InstantSource clock;

    public ScheduledInstancesResource(
            CommitmentPurchases purchases, ScheduledOfferings offerings, Caller caller, InstantSource clock) {
        this.purchases = purchases;
        this.offerings = offerings;
        this.caller = caller;
        this.clock = clock;
    }

    @Schema(name = "ScheduledInstanceRecurrenceRequest")
    public record RecurrenceRequest(
            @Schema(required = true, description = "daily, weekly or monthly") @Nullable
            String frequency,

            @Schema(description = "Every how many days, weeks (from Sunday on) or months; 1 if not said") @Nullable
            Integer interval,

            @Schema(description = "Days of the week, 1 is Sunday, or of the month; none if daily") @Nullable
            List<@Nullable Integer> occurrenceDays) {}

    @Schema(name = "PurchaseScheduledInstancesRequest")
    public record Purchase(
            @Schema(required = true) @Nullable String availabilityZone,
            @Schema(required = true) @Nullable String instanceType,

            @Schema(required = true, description = "linux or windows") @Nullable
            String os,

            @Schema(required = true) @Nullable RecurrenceRequest recurrence,

            @Schema(required = true, description = "Whole hours; 1,200 or more in all slots of the year") @Nullable
            Integer slotDurationInHours,

            @Schema(
                    required = true,
                    description = "The term begins then: a full hour on one of the days, within three months")
            @Nullable
            Instant firstSlotStartTime,

            @Schema(description = "How many; 1 if not said") @Nullable
            Integer instanceCount,

            @Schema(description = "The same token and request buy once") @Nullable
            String clientToken) {

        int count() {
            return Query.count("instanceCount", instanceCount, MOST_AT_ONCE);
        }

        Purchase withoutToken() {
            return new Purchase(
                    availabilityZone,
                    instanceType,
                    os,
                    recurrence,
                    slotDurationInHours,
                    firstSlotStartTime,
                    instanceCount,
                    null);
        }
    }

    @Schema(name = "PurchaseSeveralScheduledInstancesRequest")
    public record Purchases(
            @Schema(required = true, description = "Each without a token of its own") @Nullable
            List<@Nullable Purchase> purchases,

            @Schema(description = "The same token and request buy once") @Nullable
            String clientToken) {

        List<Purchase> all() {
            List<Purchase> all = new ArrayList<>();
            for (Purchase one : Query.required("purchases", purchases)) {
                Purchase purchase = Query.required("purchases", one);
                if (purchase.clientToken() != null) {
                    throw Query.refused("purchases.clientToken", "There is one token, for all purchases together");
                }
                all.add(purchase);
            }
            if (all.isEmpty() || all.size() > MOST_AT_ONCE) {
                throw Query.refused("purchases", "They are 1 to " + MOST_AT_ONCE + ", not " + all.size());
            }
            return all;
        }

        Purchases withoutToken() {
            return new Purchases(purchases, null);
        }
    }

    public record Page(
            List<ScheduledInstanceView> scheduledInstances,
            @Nullable String nextToken) {}

    public record AvailabilityPage(
            List<AvailabilityView> scheduledInstanceAvailability,
            @Nullable String nextToken) {}

    @Schema(name = "ScheduledInstanceAvailability", description = "A schedule that can be bought")
    public record AvailabilityView(
            String availabilityZone,
            String instanceType,
            String os,
            Instant firstSlotStartTime,
            RecurrenceView recurrence,
            int slotDurationInHours,

            @Schema(description = "The hours of all slots of the term, for one")
            long totalScheduledInstanceHours,

            int termDurationInDays,

            @Schema(description = "USD for one in each hour of a slot: 95 % of the On-Demand price")
            String hourlyPrice,

            @Schema(description = "The On-Demand price that it follows from, in USD")
            String onDemandPrice,

            @Schema(description = "The date of that price's list")
            LocalDate asOf,

            @Schema(description = "Where that list comes from, and its licence")
            String source) {

        static AvailabilityView of(Available available) {
            return new AvailabilityView(
                    available.kind().zone().value(),
                    available.kind().instanceType().value(),
                    available.kind().os().code(),
                    available.schedule().term().from(),
                    RecurrenceView.of(available.schedule().recurrence()),
                    available.schedule().slotHours(),
                    available.schedule().totalHours(),
                    (int) available.schedule().term().length().toDays(),
                    available.hourly().toPlainString(),
                    available.onDemand().hourly().toString(),
                    available.onDemand().asOf(),
                    available.onDemand().source());
        }

        private static String key(Available available) {
            return available.schedule().term().from() + "/"
                    + available.kind().zone() + "/"
                    + available.kind().os();
        }
    }

    @GET
    @Path("availability")
    @AllowedQuery({
        "instanceType",
        "os",
        "availabilityZone",
        "earliestTime",
        "latestTime",
        "frequency",
        "interval",
        "occurrenceDays",
        "slotDurationInHours",
        "maxResults",
        "nextToken"
    })
    @Operation(
            summary = "Finds schedules that can be bought in a region, at today's prices",
            description = "One for each full hour from earliestTime to latestTime on a day of the recurrence, zone and"
                    + " system; buy one with its own values.")
    @Parameter(name = "region", description = "us-east-1 if not said")
    public AvailabilityPage availability(
            @QueryParam("instanceType") @Nullable String instanceType,
            @Parameter(description = "linux or windows; both if not said") @QueryParam("os") @Nullable String os,
            @QueryParam("availabilityZone") @Nullable String availabilityZone,
            @Parameter(description = "When the first slot begins at the earliest") @QueryParam("earliestTime") @Nullable
                    String earliestTime,
            @Parameter(description = "At the latest; at most 31 days later") @QueryParam("latestTime") @Nullable
                    String latestTime,
            @Parameter(description = "daily, weekly or monthly") @QueryParam("frequency") @Nullable String frequency,
            @Parameter(description = "1 if not said") @QueryParam("interval") @Nullable String interval,
            @Parameter(description = "Days of the week, 1 is Sunday, or of the month, with commas or several times")
                    @QueryParam("occurrenceDays")
                    List<String> occurrenceDays,
            @QueryParam("slotDurationInHours") @Nullable String slotDurationInHours,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Region region = caller.region();
        InstanceType type = Query.requiredNamed("instanceType", instanceType, ScheduledInstancesResource::type);
        OperatingSystem system = Query.named("os", os, ScheduledInstancesResource::system);
        AvailabilityZone zone =
                Query.named("availabilityZone", availabilityZone, name -> OfferingsResource.zone(region, name));
        RecurrenceRequest recurrence = new RecurrenceRequest(
                frequency, interval == null ? null : number("interval", interval), days(occurrenceDays));
        Pattern pattern = pattern(
                recurrence,
                "",
                number("slotDurationInHours", Query.required("slotDurationInHours", slotDurationInHours)));
        Instant earliest = Query.required("earliestTime", Query.instant("earliestTime", earliestTime));
        Instant latest = Query.required("latestTime", Query.instant("latestTime", latestTime));
        List<Available> all = offerings
                .available(kinds(region, zone, type, system), pattern, earliest, latest, clock.instant())
                .orThrow();
        Paging paging = Paging.of(maxResults, nextToken);
        List<Available> asked = paging.ask(all, AvailabilityView::key);
        return new AvailabilityPage(
                paging.page(asked).stream().map(AvailabilityView::of).toList(),
                paging.nextToken(asked, AvailabilityView::key));
    }

    @POST
    @ResponseStatus(201)
    @Operation(
            summary = "Buys Scheduled Instances for a year",
            description = "Their fee falls due in each hour of a slot, used or not. They can't be cancelled.")
    public ScheduledInstanceView buy(@NotNull Purchase body) {
        Wanted wanted = wanted(body);
        Order order = new Order(
                caller.account(),
                caller.region(),
                wanted.purchaseTime(),
                body.clientToken(),
                Map.of(),
                body.withoutToken());
        return view(purchases.buy(order, wanted.terms()).orThrow());
    }

    @POST
    @Path("purchases")
    @ResponseStatus(201)
    @Operation(
            summary = "Buys several kinds of Scheduled Instances, all of them or none",
            description = "Answered in the order in which they were asked for.")
    public Page buySeveral(@NotNull Purchases body) {
        List<Wanted> wanted = body.all().stream().map(this::wanted).toList();
        return new Page(
                purchases
                        .buyAll(caller.account(), caller.region(), wanted, body.clientToken(), body.withoutToken())
                        .orThrow()
                        .stream()
                        .map(this::view)
                        .toList(),
                null);
    }

    private Wanted wanted(Purchase body) {
        Region region = caller.region();
        Kind kind = new Kind(
                Query.requiredNamed(
                        "availabilityZone", body.availabilityZone(), name -> OfferingsResource.zone(region, name)),
                Query.requiredNamed("instanceType", body.instanceType(), ScheduledInstancesResource::type),
                Query.requiredNamed("os", body.os(), ScheduledInstancesResource::system));
        Pattern pattern = pattern(
                Query.required("recurrence", body.recurrence()),
                "recurrence.",
                Query.required("slotDurationInHours", body.slotDurationInHours()));
        Instant firstSlot = Query.required("firstSlotStartTime", body.firstSlotStartTime());
        int count = body.count();
        return new Wanted(firstSlot, now -> offerings.terms(kind, pattern, firstSlot, count, now));
    }

    @GET
    @AllowedQuery({"maxResults", "nextToken"})
    @Operation(summary = "Lists the account's Scheduled Instances in a region, by id")
    public Page list(
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<PurchasedCommitment> asked = purchases.list(which(), paging.afterKey(), paging.sizeToAsk());
        return new Page(
                paging.page(asked).stream().map(this::view).toList(), paging.nextToken(asked, PurchasedCommitment::id));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Shows Scheduled Instances that were bought together")
    public ScheduledInstanceView get(@PathParam("id") String id) {
        return view(purchases.find(which(), id).orThrow());
    }

    private Which which() {
        return new Which(caller.account(), KINDS, caller.region(), ErrorCode.SCHEDULED_INSTANCE_NOT_FOUND);
    }

    private ScheduledInstanceView view(PurchasedCommitment commitment) {
        return ScheduledInstanceView.of(commitment, clock.instant());
    }

    private static List<Kind> kinds(
            Region region, @Nullable AvailabilityZone zone, InstanceType type, @Nullable OperatingSystem system) {
        List<AvailabilityZone> zones = zone != null
                ? List.of(zone)
                : Regions.find(region).stream()
                        .flatMap(facts -> facts.zones().stream())
                        .map(RegionFacts.ZoneFacts::zone)
                        .toList();
        Set<OperatingSystem> systems = system == null ? ScheduledOfferings.SYSTEMS : Set.of(system);
        return zones.stream()
                .flatMap(in -> systems.stream().sorted().map(os -> new Kind(in, type, os)))
                .toList();
    }

    private static Pattern pattern(RecurrenceRequest request, String place, int slotHours) {
        Frequency frequency = Query.requiredNamed(place + "frequency", request.frequency(), Frequency::ofCode);
        int interval = Query.orElse(request.interval(), 1);
        if (interval < 1) {
            throw Query.refused(place + "interval", "It is 1 or more, not " + interval);
        }
        if (slotHours < 1) {
            throw Query.refused("slotDurationInHours", "It is 1 or more, not " + slotHours);
        }
        List<Integer> days = new ArrayList<>();
        for (Integer day : Query.orElse(request.occurrenceDays(), List.<@Nullable Integer>of())) {
            days.add(Query.required(place + "occurrenceDays", day));
        }
        try {
            return new Pattern(new Recurrence(frequency, interval, days), slotHours);
        } catch (IllegalArgumentException e) {
            throw Query.refused(place + "occurrenceDays", String.valueOf(e.getMessage()));
        }
    }

    private static List<@Nullable Integer> days(List<String> lists) {
        List<@Nullable Integer> days = new ArrayList<>();
        for (String list : lists) {
            for (String day : list.split(",", -1)) {
                days.add(number("occurrenceDays", day));
            }
        }
        return days;
    }

    private static int number(String name, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw Query.refused(name, "A whole number is expected, not " + text);
        }
    }

    private static Optional<InstanceType> type(String text) {
        return InstanceTypes.find(text).map(InstanceTypeFacts::type);
    }

    private static Optional<OperatingSystem> system(String code) {
        return OperatingSystem.ofCode(code).filter(ScheduledOfferings.SYSTEMS::contains);
    }
}
