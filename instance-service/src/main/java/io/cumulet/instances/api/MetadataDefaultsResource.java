package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.instances.app.MetadataDefaults;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.plumbing.api.Caller;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What an account says of the metadata of all its instances in a region. */
@Path("/v1/instance-metadata-defaults")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Instances")
public class MetadataDefaultsResource {

    private final MetadataDefaults defaults;
    private final Caller caller;

    public MetadataDefaultsResource(MetadataDefaults defaults, Caller caller) {
        this.defaults = defaults;
        this.caller = caller;
    }

    @Schema(name = "InstanceMetadataDefaults", description = "What is left out has no default of the account")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DefaultsView(
            @Nullable String httpTokens,
            @Nullable Integer httpPutResponseHopLimit,
            @Nullable String httpEndpoint,
            @Nullable String instanceMetadataTags) {

        static DefaultsView of(InstanceOptions.Metadata defaults) {
            return new DefaultsView(
                    defaults.httpTokens(),
                    defaults.httpPutResponseHopLimit(),
                    defaults.httpEndpoint(),
                    defaults.instanceMetadataTags());
        }
    }

    @Schema(name = "ModifyInstanceMetadataDefaultsRequest", description = "A field left out stays")
    public record DefaultsPatch(
            @Schema(enumeration = {"optional", "required", "no-preference"}) @Nullable
            String httpTokens,

            @Schema(description = "1 to 64, or -1 for no preference") @Nullable
            Integer httpPutResponseHopLimit,

            @Schema(enumeration = {"enabled", "disabled", "no-preference"}) @Nullable
            String httpEndpoint,

            @Schema(enumeration = {"enabled", "disabled", "no-preference"}) @Nullable
            String instanceMetadataTags) {

        InstanceOptions.Metadata said() {
            return new InstanceOptions.Metadata(
                    httpTokens, httpPutResponseHopLimit, httpEndpoint, null, instanceMetadataTags);
        }
    }

    @GET
    @Operation(summary = "Tells the account's defaults of instance metadata in a region")
    public DefaultsView get() {
        return DefaultsView.of(defaults.find(caller.account(), caller.region()));
    }

    @PATCH
    @Operation(
            summary = "Changes the account's defaults of instance metadata in a region",
            description = "They hold for launches that say nothing of it, from now on.")
    public DefaultsView change(@NotNull DefaultsPatch body) {
        return DefaultsView.of(
                defaults.change(caller.account(), caller.region(), body.said()).orThrow());
    }
}
