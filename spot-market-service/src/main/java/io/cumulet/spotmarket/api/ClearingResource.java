package io.cumulet.spotmarket.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.spotmarket.domain.clearing.Bid;
import io.cumulet.spotmarket.domain.clearing.Clearing;
import io.smallrye.common.annotation.Blocking;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Clears a pool that exists in the request alone: nothing is stored. */
@Path("/v1/clearings")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "Clearings")
public class ClearingResource {

    private static final Set<String> FIELDS = Set.of("supply", "floor", "onDemand", "bids");
    private static final Pattern WHOLE_SECONDS =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z");
    private static final Set<String> BID_FIELDS = Set.of("id", "maxPrice", "at", "units");

    /**
     * What is to be cleared.
     *
     * @param supply units there are, at least 0
     * @param floor least price, USD per hour
     * @param onDemand cap of the price, USD per hour
     */
    public record ClearingBody(int supply, String floor, String onDemand, List<BidBody> bids) {}

    /**
     * A bid.
     *
     * @param id unique
     * @param maxPrice the most it pays, USD per hour
     * @param at when it was made, whole seconds, UTC
     * @param units how many it asks for; 1 if not said
     */
    public record BidBody(
            String id, String maxPrice, String at, @Nullable Integer units) {}

    /** A bid's units that won. */
    public record WonView(String id, int units) {}

    /** A bid's units that lost: {@code below-floor}, {@code price} or {@code capacity}. */
    public record LostView(String id, int units, String reason) {}

    /** One price for all winners, winners and losers in the order of their rank. */
    public record ClearingView(String price, List<WonView> winners, List<LostView> losers) {}

    @POST
    @Operation(summary = "Clears a pool that is given whole in the request; nothing is stored")
    public ClearingView clear(
            @NotNull @RequestBody(content = @Content(schema = @Schema(implementation = ClearingBody.class)))
                    JsonNode body) {
        onlyFields(body, FIELDS, "");
        int supply = whole(required(body, "supply", ""), "supply", 0);
        HourlyRate floor = price(required(body, "floor", ""), "floor");
        HourlyRate onDemand = price(required(body, "onDemand", ""), "onDemand");
        JsonNode list = required(body, "bids", "");
        if (!list.isArray()) {
            throw invalid("bids", "It is a list of bids");
        }
        List<Bid> bids = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            Bid bid = bid(list.get(i), "bids[" + i + "]");
            if (!ids.add(bid.id())) {
                throw invalid("bids[" + i + "].id", "There is another bid with the id " + bid.id());
            }
            bids.add(bid);
        }
        Clearing clearing = Clearing.of(supply, floor, onDemand, bids);
        return new ClearingView(
                clearing.price().toString(),
                clearing.winners().stream()
                        .map(won -> new WonView(won.id(), won.units()))
                        .toList(),
                clearing.losers().stream()
                        .map(lost -> new LostView(
                                lost.id(), lost.units(), lost.reason().code()))
                        .toList());
    }

    private static Bid bid(JsonNode node, String place) {
        onlyFields(node, BID_FIELDS, place + ".");
        String id = text(required(node, "id", place + "."), place + ".id");
        HourlyRate maxPrice = price(required(node, "maxPrice", place + "."), place + ".maxPrice");
        Instant at = at(text(required(node, "at", place + "."), place + ".at"), place + ".at");
        JsonNode units = node.get("units");
        return new Bid(id, maxPrice, at, units == null ? 1 : whole(units, place + ".units", 1));
    }

    private static void onlyFields(JsonNode node, Set<String> known, String place) {
        if (!node.isObject()) {
            throw invalid(place.isEmpty() ? "body" : place.substring(0, place.length() - 1), "It is an object");
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw Refusal.of(ErrorCode.UNKNOWN_PARAMETER, place + name, "There is no field " + name)
                        .asException();
            }
        });
    }

    private static JsonNode required(JsonNode node, String name, String place) {
        JsonNode value = node.get(name);
        if (value == null || value.isNull()) {
            throw Refusal.of(ErrorCode.MISSING_PARAMETER, place + name, "Missing: " + place + name)
                    .asException();
        }
        return value;
    }

    private static int whole(JsonNode node, String place, int least) {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least) {
            throw invalid(place, "It is a whole number of at least " + least + ", not " + node);
        }
        return node.intValue();
    }

    private static String text(JsonNode node, String place) {
        if (!node.isTextual() || node.textValue().isEmpty()) {
            throw invalid(place, "It is a text, not " + node);
        }
        return node.textValue();
    }

    private static HourlyRate price(JsonNode node, String place) {
        String text = text(node, place);
        if (!HourlyRate.isValid(text)) {
            throw invalid(place, "It is a price such as 0.0500, not " + text);
        }
        return HourlyRate.of(text);
    }

    private static Instant at(String text, String place) {
        if (WHOLE_SECONDS.matcher(text).matches()) {
            try {
                // Instant.parse would take 24:00 and leap seconds, which are other moments than they say.
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeParseException e) {
                // Refused below: there is no such day or hour.
            }
        }
        throw invalid(place, "It is a time in whole seconds such as 2026-01-31T12:00:00Z, not " + text);
    }

    private static RefusedException invalid(String place, String message) {
        return Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, place, message).asException();
    }
}
