package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.instances.app.KeyPairStore.Field;
import io.cumulet.instances.app.KeyPairStore.KeyPairFilter;
import io.cumulet.instances.app.KeyPairs;
import io.cumulet.instances.domain.keypairs.KeyPair;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/key-pairs")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Key pairs")
public class KeyPairsResource {

    private static final Map<String, Field> FIELDS =
            Map.of("keyPairId", Field.KEY_PAIR_ID, "keyName", Field.KEY_NAME, "keyFingerprint", Field.FINGERPRINT);

    private final KeyPairs keyPairs;
    private final Caller caller;

    public KeyPairsResource(KeyPairs keyPairs, Caller caller) {
        this.keyPairs = keyPairs;
        this.caller = caller;
    }

    public record KeyPairRequest(
            @Schema(required = true, examples = "mine") @Nullable
            String keyName,

            @Schema(
                    description = "Of a pair that is made; rsa if not said",
                    enumeration = {"rsa", "ed25519"})
            @Nullable
            String keyType,

            @Schema(
                    description = "Of the private key of a pair that is made; pem",
                    enumeration = {"pem"})
            @Nullable
            String keyFormat,

            @Schema(
                    description =
                            "Base64 of a public key in OpenSSH's form, in that of RFC 4716, or in DER: it is imported. "
                                    + "If not said, a pair is made")
            @Nullable
            String publicKeyMaterial,

            @Nullable Map<String, String> tags) {}

    /** A tag with null as value is removed. */
    public record TagRequest(@Nullable Map<String, @Nullable String> tags) {}

    /** @param keyMaterial the private key, in the answer that tells of a new pair and nowhere else */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record KeyPairView(
            String keyPairId,
            String account,
            String region,
            String keyName,
            String keyType,
            String keyFingerprint,
            String publicKey,
            Map<String, String> tags,
            Instant createTime,
            @Nullable String keyMaterial) {

        static KeyPairView of(KeyPair pair, @Nullable String privateKey) {
            return new KeyPairView(
                    pair.id(),
                    pair.account().value(),
                    pair.region().value(),
                    pair.name(),
                    pair.type().code(),
                    pair.fingerprint(),
                    pair.publicKey() + " " + pair.name(),
                    pair.tags(),
                    pair.createdAt(),
                    privateKey);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record KeyPairPage(
            List<KeyPairView> keyPairs, @Nullable String nextToken) {}

    @POST
    @ResponseStatus(201)
    @Operation(
            summary = "Makes a key pair, or imports a public key",
            description = "The private key of a pair that is made is in this answer alone; it is kept nowhere.")
    public KeyPairView make(@Nullable KeyPairRequest request) {
        KeyPairRequest body = required(request);
        KeyPairs.Made made = keyPairs.make(
                        new KeyPairs.Wish(
                                body.keyName(),
                                body.keyType(),
                                body.keyFormat(),
                                body.publicKeyMaterial(),
                                body.tags()),
                        caller.account(),
                        caller.region())
                .orThrow();
        return KeyPairView.of(made.pair(), made.privateKey());
    }

    @GET
    @Operation(
            summary = "Lists key pairs, ordered by id",
            description = "A parameter given several times asks for any of its values.")
    @AllowedQuery({"keyPairId", "keyName", "keyFingerprint", "tagKey", "tag:*", "maxResults", "nextToken"})
    public KeyPairPage list(
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken,
            @Context UriInfo uri) {
        Paging paging = Paging.of(maxResults, nextToken);
        FieldFilter<Field> filter = FieldFilter.of(uri.getQueryParameters(), Field.class, FIELDS);
        List<KeyPair> found = keyPairs.list(
                new KeyPairFilter(caller.account(), caller.region(), filter.fields(), filter.tags(), filter.tagKeys()),
                paging.afterKey(),
                paging.sizeToAsk());
        return new KeyPairPage(
                paging.page(found).stream()
                        .map(pair -> KeyPairView.of(pair, null))
                        .toList(),
                paging.nextToken(found, KeyPair::id));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Tells of one key pair")
    public KeyPairView get(@PathParam("id") String id) {
        return KeyPairView.of(
                keyPairs.find(id, caller.account(), caller.region()).orThrow(), null);
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Changes the tags of a key pair")
    public KeyPairView tag(@PathParam("id") String id, @Nullable TagRequest request) {
        return KeyPairView.of(
                keyPairs.tag(
                                id,
                                caller.account(),
                                caller.region(),
                                required(request).tags())
                        .orThrow(),
                null);
    }

    @DELETE
    @Path("{id}")
    @ResponseStatus(204)
    @Operation(summary = "Deletes a key pair; what was launched with it stays as it is")
    public void delete(@PathParam("id") String id) {
        keyPairs.delete(id, caller.account(), caller.region()).orThrow();
    }

    private static <T> T required(@Nullable T body) {
        if (body == null) {
            throw Refusal.of(ErrorCode.MALFORMED_REQUEST, "This call has a body")
                    .asException();
        }
        return body;
    }
}
