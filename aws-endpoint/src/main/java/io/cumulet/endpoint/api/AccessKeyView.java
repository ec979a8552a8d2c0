package io.cumulet.endpoint.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.endpoint.domain.keys.AccessKey;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An access key as callers see it.
 *
 * @param secretAccessKey in the answer that makes it alone
 * @param policy left out if the key may do everything
 */
@Schema(name = "AccessKey")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccessKeyView(
        String accessKeyId,

        @Schema(description = "Shown once, when the key is made") @Nullable
        String secretAccessKey,

        String account,
        String status,
        @Nullable List<StatementView> policy,
        Instant createdAt) {

    /** One sentence of a policy. */
    @Schema(name = "PolicyStatement")
    public record StatementView(
            @Schema(enumeration = {"Allow", "Deny"}) String effect,

            @Schema(examples = "ec2:Describe*") List<String> actions) {}

    /** A page of keys; without a token it is the last. */
    @Schema(name = "AccessKeyPage")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AccessKeyPage(
            List<AccessKeyView> accessKeys, @Nullable String nextToken) {}

    static AccessKeyView withSecret(AccessKey key) {
        return of(key, key.secret());
    }

    static AccessKeyView of(AccessKey key) {
        return of(key, null);
    }

    private static AccessKeyView of(AccessKey key, @Nullable String secret) {
        return new AccessKeyView(
                key.id(),
                secret,
                key.account().value(),
                key.status().code(),
                key.policy() == null
                        ? null
                        : key.policy().statements().stream()
                                .map(statement ->
                                        new StatementView(statement.effect().code(), statement.actions()))
                                .toList(),
                key.createdAt());
    }
}
