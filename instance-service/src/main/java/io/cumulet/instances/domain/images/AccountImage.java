package io.cumulet.instances.domain.images;

import io.cumulet.catalog.Architecture;
import io.cumulet.catalog.Image;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An image that an account made. Its disk is not kept: there are no snapshots yet.
 *
 * @param launchAccounts whom its owner lets launch it, besides everybody if it is public
 */
public record AccountImage(
        String id,
        AccountId account,
        Region region,
        String name,
        @Nullable String description,
        Software software,
        Source source,
        ImageState state,
        boolean isPublic,
        Set<AccountId> launchAccounts,
        @Nullable Instant deprecatedAt,
        Map<String, String> tags,
        Instant createdAt) {

    /** What an instance of it runs. */
    public record Software(OperatingSystem os, Architecture architecture, String rootDeviceName) {}

    /** What it was made of; all null for one that was registered. */
    public record Source(
            @Nullable String instanceId,
            @Nullable String imageId,
            @Nullable Region imageRegion) {

        public static final Source NONE = new Source(null, null, null);
    }

    public AccountImage {
        launchAccounts = Set.copyOf(launchAccounts);
        tags = Map.copyOf(tags);
    }

    public boolean isOwnedBy(AccountId caller) {
        return account.equals(caller);
    }

    /** Whether a caller knows that it is there: its owner, and whoever may launch it. */
    public boolean isSeenBy(AccountId caller) {
        return isOwnedBy(caller)
                ? state != ImageState.DEREGISTERED
                : state == ImageState.AVAILABLE && (isPublic || launchAccounts.contains(caller));
    }

    /** As launches and prices see any image. */
    public Image facts() {
        return new Image(
                id,
                software.os(),
                software.architecture(),
                software.rootDeviceName(),
                account.value(),
                name,
                LocalDate.ofInstant(createdAt, ZoneOffset.UTC));
    }

    public AccountImage in(ImageState other) {
        return new AccountImage(
                id,
                account,
                region,
                name,
                description,
                software,
                source,
                other,
                isPublic,
                launchAccounts,
                deprecatedAt,
                tags,
                createdAt);
    }

    public AccountImage with(Map<String, String> otherTags) {
        return new AccountImage(
                id,
                account,
                region,
                name,
                description,
                software,
                source,
                state,
                isPublic,
                launchAccounts,
                deprecatedAt,
                otherTags,
                createdAt);
    }

    public AccountImage describedAs(@Nullable String otherDescription) {
        return new AccountImage(
                id,
                account,
                region,
                name,
                otherDescription,
                software,
                source,
                state,
                isPublic,
                launchAccounts,
                deprecatedAt,
                tags,
                createdAt);
    }

    public AccountImage deprecated(@Nullable Instant at) {
        return new AccountImage(
                id,
                account,
                region,
                name,
                description,
                software,
                source,
                state,
                isPublic,
                launchAccounts,
                at,
                tags,
                createdAt);
    }

    public AccountImage launchedBy(boolean everybody, Set<AccountId> accounts) {
        return new AccountImage(
                id,
                account,
                region,
                name,
                description,
                software,
                source,
                state,
                everybody,
                accounts,
                deprecatedAt,
                tags,
                createdAt);
    }
}
