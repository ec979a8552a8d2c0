package io.cumulet.billing.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cumulet.billing.api.rating.RatedWriter;
import io.cumulet.billing.api.rating.ScenarioReader;
import io.cumulet.billing.domain.rating.Rated;
import io.cumulet.billing.domain.rating.Rating;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Rates a scenario that is stored nowhere. */
@Path("/v1/ratings")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Ratings")
public class RatingResource {

    private static final String EXAMPLE = """
            {"period": {"start": "2026-01-01T00:00:00Z", "end": "2026-01-01T01:00:00Z"},
             "prices": {"onDemand": [
               {"region": "us-east-1", "instanceType": "m4.large", "os": "linux", "hourly": "0.10"}]},
             "instances": [
               {"id": "i-1", "account": "111111111111", "instanceType": "m4.large", "os": "linux",
                "availabilityZone": "us-east-1a", "runs": [{"start": "2026-01-01T00:00:00Z"}]}]}""";

    /** A field that stands twice can't be rated without a guess. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Rates a scenario",
            description = "Usage and the prices of a period in, rated rows out; nothing is stored. The form is that of"
                    + " the published rating cases, commitments included.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(type = SchemaType.OBJECT),
                            example = EXAMPLE))
    @APIResponse(
            responseCode = "200",
            description = "Totals and rows, by charge period, account, category, resource and commitment",
            content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.OBJECT)))
    @APIResponse(
            responseCode = "422",
            description = "UnratableScenario: the field is an RFC 6901 pointer to the place at fault")
    public StreamingOutput rate(InputStream body) throws IOException {
        Rated rated = ScenarioReader.read(parse(body))
                .map(Rating::rate)
                .orThrow()
                .complete()
                .orThrow();
        return out -> RatedWriter.write(rated, out);
    }

    private static JsonNode parse(InputStream body) throws IOException {
        try {
            JsonNode json = JSON.readTree(body);
            if (json.isMissingNode()) {
                throw Refusal.of(ErrorCode.MALFORMED_REQUEST, "There is no body")
                        .asException();
            }
            return json;
        } catch (JsonProcessingException e) {
            throw Refusal.of(ErrorCode.MALFORMED_REQUEST, "The body is not JSON: " + e.getOriginalMessage())
                    .asException();
        }
    }
}
