package io.cumulet.billing.api.rating;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.billing.domain.rating.Rated;
import io.cumulet.billing.domain.rating.RatedRow;
import java.io.IOException;
import java.io.OutputStream;

/** Writes rated rows as JSON, row by row, so that a large answer never stands in memory as text. */
public final class RatedWriter {

    private static final JsonFactory JSON = new JsonFactory();

    private RatedWriter() {}

    public static void write(Rated rated, OutputStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeObjectFieldStart("totals");
            writeCosts(rated.totals(), json);
            json.writeEndObject();
            json.writeArrayFieldStart("rows");
            for (RatedRow row : rated.rows()) {
                writeRow(row, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void writeRow(RatedRow row, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("chargePeriodStart", row.chargePeriodStart().toString());
        json.writeStringField("account", row.account().value());
        json.writeStringField("category", row.category().code());
        if (row.resourceId() != null) {
            json.writeStringField("resourceId", row.resourceId());
        }
        if (row.commitmentId() != null) {
            json.writeStringField("commitmentId", row.commitmentId());
        }
        if (row.seconds() != null) {
            json.writeStringField("seconds", row.seconds().toPlainString());
        }
        writeCosts(row.costs(), json);
        json.writeEndObject();
    }

    private static void writeCosts(Costs costs, JsonGenerator json) throws IOException {
        json.writeStringField("listCost", costs.list().toString());
        json.writeStringField("billedCost", costs.billed().toString());
        json.writeStringField("effectiveCost", costs.effective().toString());
    }
}
