package io.cumulet.billing.api;

import io.cumulet.billing.app.ReservedInstancesChange;
import io.cumulet.billing.app.ReservedInstancesChanges;
import io.cumulet.billing.app.ReservedInstancesChanges.Order;
import io.cumulet.billing.domain.commitments.Modification.Target;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Standard Reserved Instances in another zone, scope or size. */
@Path("/v1/reserved-instances/modifications")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Reserved Instances")
public class ModificationsResource {

    /** How many Reserved Instances or targets one call names at most. */
    static final int MOST_NAMED = 100;

    private static final String SCOPE_OF_REGION = "region";

    private final ReservedInstancesChanges changes;
    private final Caller caller;

    public ModificationsResource(ReservedInstancesChanges changes, Caller caller) {
        this.changes = changes;
        this.caller = caller;
    }

    @Schema(name = "ModifyReservedInstancesRequest")
    public record Modify(
            @Schema(required = true, description = "What is modified: of one family, payment option, term and end")
            @Nullable
            List<String> reservedInstancesIds,

            @Schema(required = true, description = "What it becomes: as many normalized units") @Nullable
            List<TargetConfiguration> targetConfigurations,

            @Schema(description = "The same token and request modify once") @Nullable
            String clientToken) {

        Modify withoutToken() {
            return new Modify(reservedInstancesIds, targetConfigurations, null);
        }
    }

    @Schema(name = "ReservedInstancesConfiguration")
    public record TargetConfiguration(
            @Schema(description = "Where they apply, if not in the whole region") @Nullable
            String availabilityZone,

            @Schema(description = "region, unless there is a zone") @Nullable
            String scope,

            @Schema(required = true) @Nullable String instanceType,
            @Schema(required = true) @Nullable Integer instanceCount) {

        static TargetConfiguration of(PurchasedCommitment commitment) {
            Terms.ReservedInstances terms = (Terms.ReservedInstances) commitment.terms();
            AvailabilityZone zone = terms.zone();
            return new TargetConfiguration(
                    zone == null ? null : zone.value(),
                    zone == null ? SCOPE_OF_REGION : null,
                    terms.instanceType().value(),
                    terms.count());
        }

        Target target(String place, Region region) {
            String zone = availabilityZone;
            if ((zone == null) == (scope == null)) {
                throw Refusal.of(
                                zone == null ? ErrorCode.MISSING_PARAMETER : ErrorCode.INVALID_PARAMETER_COMBINATION,
                                place + "scope",
                                "They apply in an availabilityZone or, with scope region, in the whole region")
                        .asException();
            }
            if (scope != null && !scope.equals(SCOPE_OF_REGION)) {
                throw Query.refused(place + "scope", "It is region, not " + scope);
            }
            return new Target(
                    Query.named(place + "availabilityZone", zone, name -> OfferingsResource.zone(region, name)),
                    Query.requiredNamed(place + "instanceType", instanceType, OfferingsResource::type),
                    Query.required(place + "instanceCount", instanceCount));
        }
    }

    @Schema(name = "ReservedInstancesModificationResult")
    public record Result(String reservedInstancesId, TargetConfiguration targetConfiguration) {}

    @Schema(name = "ReservedInstancesModification")
    public record ModificationView(
            String id,

            @Schema(description = "fulfilled: a modification is done at once or not at all")
            String status,

            List<String> reservedInstancesIds,
            List<Result> modificationResults,
            Instant createdAt,

            @Schema(description = "The start of the clock hour that it counts from")
            Instant effectiveAt) {

        static ModificationView of(ReservedInstancesChange change, Map<String, PurchasedCommitment> successors) {
            return new ModificationView(
                    change.id(),
                    "fulfilled",
                    change.retired(),
                    change.successors().stream()
                            .map(id ->
                                    new Result(id, TargetConfiguration.of(Objects.requireNonNull(successors.get(id)))))
                            .toList(),
                    change.changedAt(),
                    change.effectiveAt());
        }
    }

    public record ModificationPage(
            List<ModificationView> modifications, @Nullable String nextToken) {}

    @POST
    @ResponseStatus(201)
    @Operation(
            summary = "Modifies standard Reserved Instances of Linux: zone, scope, or size within the family",
            description = "From the start of the current clock hour. The originals are retired; what takes their place"
                    + " ends with them and costs the same in each hour.")
    public ModificationView modify(@NotNull Modify body) {
        Region region = caller.region();
        Order order = new Order(
                caller.account(),
                region,
                named("reservedInstancesIds", body.reservedInstancesIds()),
                body.clientToken(),
                body.withoutToken());
        List<Target> targets = new ArrayList<>();
        for (TargetConfiguration target : named("targetConfigurations", body.targetConfigurations())) {
            targets.add(target.target("targetConfigurations[" + targets.size() + "].", region));
        }
        return views(List.of(changes.modify(order, targets).orThrow())).getFirst();
    }

    @GET
    @AllowedQuery({"maxResults", "nextToken"})
    @Operation(summary = "Lists the account's modifications in a region, by id")
    public ModificationPage list(
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<ReservedInstancesChange> asked =
                changes.modifications(caller.account(), caller.region(), paging.afterKey(), paging.sizeToAsk());
        return new ModificationPage(views(paging.page(asked)), paging.nextToken(asked, ReservedInstancesChange::id));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Shows a modification")
    public ModificationView get(@PathParam("id") String id) {
        return views(List.of(changes.findModification(caller.account(), caller.region(), id)
                        .orThrow()))
                .getFirst();
    }

    private List<ModificationView> views(List<ReservedInstancesChange> some) {
        Map<String, PurchasedCommitment> successors = changes.successorsOf(some);
        return some.stream()
                .map(change -> ModificationView.of(change, successors))
                .toList();
    }

    /** A list that names something, each entry of it. */
    static <T> List<T> named(String name, @Nullable List<T> list) {
        List<T> entries = Query.required(name, list);
        if (entries.isEmpty() || entries.size() > MOST_NAMED) {
            throw Query.refused(name, "It has 1 to " + MOST_NAMED + " entries, not " + entries.size());
        }
        for (int i = 0; i < entries.size(); i++) {
            Query.required(name + "[" + i + "]", entries.get(i));
        }
        return entries;
    }
}
