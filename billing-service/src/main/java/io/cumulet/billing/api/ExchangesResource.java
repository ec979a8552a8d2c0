package io.cumulet.billing.api;

import io.cumulet.billing.app.Offerings;
import io.cumulet.billing.app.ReservedInstancesChange;
import io.cumulet.billing.app.ReservedInstancesChanges;
import io.cumulet.billing.app.ReservedInstancesChanges.Order;
import io.cumulet.billing.app.ReservedInstancesChanges.Quoted;
import io.cumulet.billing.domain.commitments.Amounts;
import io.cumulet.billing.domain.commitments.Exchange;
import io.cumulet.billing.domain.commitments.Exchange.Wanted;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.api.Caller;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.commons.numbers.fraction.BigFraction;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Convertible Reserved Instances for others. */
@Path("/v1/reserved-instances")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Reserved Instances")
public class ExchangesResource {

    private final ReservedInstancesChanges changes;
    private final Offerings offerings;
    private final Caller caller;
    private final InstantSource clock;

    public ExchangesResource(
            ReservedInstancesChanges changes, Offerings offerings, Caller caller, InstantSource clock) {
        this.changes = changes;
        this.offerings = offerings;
        this.caller = caller;
        this.clock = clock;
    }

    @Schema(name = "TargetOffering")
    public record TargetOffering(
            @Schema(required = true, description = "Convertible, of the price lists") @Nullable
            String offeringId,

            @Schema(
                    description =
                            "How many; as many as reach the value of what is given back if not said, of one offering"
                                    + " at most")
            @Nullable
            Integer instanceCount) {}

    @Schema(name = "GetReservedInstancesExchangeQuoteRequest")
    public record AskQuote(
            @Schema(required = true) @Nullable List<String> reservedInstancesIds,
            @Schema(required = true) @Nullable List<TargetOffering> targetOfferings) {}

    @Schema(name = "AcceptReservedInstancesExchangeQuoteRequest")
    public record Accept(
            @Schema(required = true) @Nullable List<String> reservedInstancesIds,
            @Schema(required = true) @Nullable List<TargetOffering> targetOfferings,

            @Schema(description = "The same token and request exchange once") @Nullable
            String clientToken) {

        Accept withoutToken() {
            return new Accept(reservedInstancesIds, targetOfferings, null);
        }
    }

    @Schema(name = "ReservationValue", description = "For the hours that are left, in USD; at most 12 decimals")
    public record ValueView(
            @Schema(description = "What is paid upfront for these hours")
            String remainingUpfrontValue,

            @Schema(description = "The same and the hourly fees of these hours")
            String remainingTotalValue) {

        static ValueView of(BigFraction upfront, BigFraction total) {
            return new ValueView(Amounts.decimal(upfront), Amounts.decimal(total));
        }
    }

    @Schema(name = "TargetReservationValue")
    public record TargetView(String offeringId, int instanceCount) {}

    @Schema(name = "ReservedInstancesExchangeQuote")
    public record QuoteView(
            boolean isValidExchange,

            @Schema(description = "If it isn't valid") @Nullable
            String validationFailureReason,

            @Schema(description = "The true-up: USD upfront, billed in the first hour; at most 12 decimals") @Nullable
            String paymentDue,

            @Schema(description = "When what is got ends") @Nullable
            Instant outputReservedInstancesWillExpireAt,

            @Nullable ValueView reservedInstancesValueRollup,
            @Nullable ValueView targetConfigurationValueRollup,
            @Nullable List<TargetView> targets) {

        static QuoteView of(Exchange.Quote quote, List<TargetOffering> asked) {
            List<TargetView> targets = new ArrayList<>();
            for (Exchange.Got got : quote.got()) {
                targets.add(new TargetView(
                        Objects.requireNonNull(asked.get(targets.size()).offeringId()), got.count()));
            }
            return new QuoteView(
                    true,
                    null,
                    Amounts.decimal(quote.trueUp()),
                    quote.successorsEndAt(),
                    ValueView.of(quote.upfrontLeft(), quote.valueLeft()),
                    ValueView.of(quote.newUpfront(), quote.newValue()),
                    targets);
        }
    }

    @Schema(name = "ReservedInstancesExchange")
    public record ExchangeView(
            String exchangeId,
            List<String> reservedInstancesIds,

            @Schema(description = "What was got; upfront is the true-up's share, for one")
            List<CommitmentView> reservedInstances,

            Instant createdAt,

            @Schema(description = "The start of the clock hour that it counts from")
            Instant effectiveAt) {}

    @POST
    @Path("exchange-quotes")
    @Operation(
            summary = "Tells what an exchange of convertible Reserved Instances would come to now",
            description =
                    "Nothing is changed. Whether all is there to be exchanged is told like for an exchange, with an"
                            + " error; whether the rules allow it by isValidExchange.")
    public QuoteView quote(@NotNull AskQuote body) {
        List<TargetOffering> targets = ModificationsResource.named("targetOfferings", body.targetOfferings());
        Order order = new Order(
                caller.account(),
                caller.region(),
                ModificationsResource.named("reservedInstancesIds", body.reservedInstancesIds()),
                null,
                body);
        return switch (changes.quote(order, wanted(targets)).orThrow()) {
            case Quoted.Valid(Exchange.Quote quote) -> QuoteView.of(quote, targets);
            case Quoted.Invalid(Refusal why) ->
                new QuoteView(false, why.field() + ": " + why.message(), null, null, null, null, null);
        };
    }

    @POST
    @Path("exchanges")
    @ResponseStatus(201)
    @Operation(
            summary = "Exchanges convertible Reserved Instances for others of at least their remaining value",
            description =
                    "From the start of the current clock hour. What is got ends with what is given back, the last of"
                            + " it; what has been paid upfront counts, the rest is paid at once.")
    public ExchangeView exchange(@NotNull Accept body) {
        List<TargetOffering> targets = ModificationsResource.named("targetOfferings", body.targetOfferings());
        Order order = new Order(
                caller.account(),
                caller.region(),
                ModificationsResource.named("reservedInstancesIds", body.reservedInstancesIds()),
                body.clientToken(),
                body.withoutToken());
        ReservedInstancesChange done = changes.exchange(order, wanted(targets)).orThrow();
        Map<String, PurchasedCommitment> successors = changes.successorsOf(List.of(done));
        Instant now = clock.instant();
        return new ExchangeView(
                done.id(),
                done.retired(),
                done.successors().stream()
                        .map(id -> CommitmentView.of(Objects.requireNonNull(successors.get(id)), Map.of(), now))
                        .toList(),
                done.changedAt(),
                done.effectiveAt());
    }

    /** What is wanted, at the prices of a moment. */
    private Function<Instant, Outcome<List<Wanted>>> wanted(List<TargetOffering> targets) {
        Region region = caller.region();
        return now -> {
            List<Wanted> wanted = new ArrayList<>();
            for (TargetOffering target : targets) {
                String place = "targetOfferings[" + wanted.size() + "].offeringId";
                String id = Query.required(place, target.offeringId());
                switch (offerings.reservedInstances(region, id, 1, now)) {
                    case Outcome.Done<Terms>(Terms terms) ->
                        wanted.add(new Wanted((Terms.ReservedInstances) terms, target.instanceCount()));
                    case Outcome.Refused<Terms>(Refusal refusal) -> {
                        return Outcome.refused(refusal.code(), place, refusal.message());
                    }
                }
            }
            return Outcome.done(wanted);
        };
    }
}
