package io.cumulet.billing.api;

import io.cumulet.billing.domain.rating.Costs;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

@Schema(description = "USD as decimal strings, with the meanings of FOCUS 1.2")
public record CostsView(
        @Schema(description = "What on-demand would have cost")
        String listCost,

        @Schema(description = "What lands on the invoice") String billedCost,

        @Schema(description = "Billed cost with fees spread over what they cover")
        String effectiveCost) {

    static CostsView of(Costs costs) {
        return new CostsView(
                costs.list().toString(),
                costs.billed().toString(),
                costs.effective().toString());
    }
}
