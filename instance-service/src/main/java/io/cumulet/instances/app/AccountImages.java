package io.cumulet.instances.app;

import io.cumulet.catalog.Architecture;
import io.cumulet.catalog.Image;
import io.cumulet.catalog.Images;
import io.cumulet.catalog.Regions;
import io.cumulet.instances.domain.images.AccountImage;
import io.cumulet.instances.domain.images.ImageState;
import io.cumulet.instances.domain.launch.LaunchImages;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceState;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Images that accounts make: of an instance, of another image, or from nothing but what they say. No disk is kept, since there
 * are no snapshots; an instance of such an image has its system, architecture and root device.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html">CreateImage</a>
 */
@ApplicationScoped
public class AccountImages {

    private static final String CREATE = "create-image";
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9()\\[\\] ./\\-'@_]{3,128}");
    private static final int LONGEST_DESCRIPTION = 255;
    private static final Pattern DEVICE = Pattern.compile("/dev/[a-z0-9]{1,20}");
    private static final Set<InstanceState> IMAGED = Set.of(InstanceState.RUNNING, InstanceState.STOPPED);

    private final ImageStore store;
    private final Instances instances;
    private final ClientTokens tokens;
    private final StackClock clock;

    public AccountImages(ImageStore store, Instances instances, ClientTokens tokens, StackClock clock) {
        this.store = store;
        this.instances = instances;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * What to make an image of: an instance, another image, or (neither is named) an architecture and a root device.
     *
     * @param noReboot whether a running instance is left alone; otherwise it is rebooted
     * @param sourceRegion of the other image; null: the same
     */
    public record Wish(
            @Nullable String name,
            @Nullable String description,
            @Nullable String instanceId,
            @Nullable Boolean noReboot,
            @Nullable String sourceImageId,
            @Nullable String sourceRegion,
            @Nullable String architecture,
            @Nullable String rootDeviceName,
            @Nullable Map<String, String> tags,
            @Nullable String clientToken) {

        Wish withoutToken() {
            return new Wish(
                    name,
                    description,
                    instanceId,
                    noReboot,
                    sourceImageId,
                    sourceRegion,
                    architecture,
                    rootDeviceName,
                    tags,
                    null);
        }
    }

    private record Origin(AccountImage.Software software, AccountImage.Source source) {}

    public Outcome<AccountImage> create(Wish wish, AccountId account, Region region) {
        Optional<Refusal> malformed = malformed(wish);
        if (malformed.isPresent()) {
            return Outcome.refused(malformed.get());
        }
        return Tags.of(wish.tags())
                .flatMap(tags -> Transactions.decide(() -> switch (tokens.claim(
                        account, region, CREATE, wish.clientToken(), wish.withoutToken())) {
                    case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
                    case Claim.Repeat(String id) -> found(store.find(id, region), id, account, region);
                    case Claim.Fresh() ->
                        made(wish, tags, account, region).map(image -> {
                            tokens.complete(account, region, CREATE, wish.clientToken(), image.id());
                            return image;
                        });
                }))
                .map(image -> {
                    rebooted(wish, account, region);
                    return image;
                });
    }

    private static Optional<Refusal> malformed(Wish wish) {
        String name = wish.name();
        if (name == null) {
            return Optional.of(Refusal.of(ErrorCode.MISSING_PARAMETER, "name", "'name' is required"));
        }
        if (!NAME.matcher(name).matches()) {
            return Optional.of(Refusal.of(
                    ErrorCode.INVALID_AMI_NAME,
                    "name",
                    "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.',"
                            + " '-', '/', '_', '[', ']', '@', ''' and blanks"));
        }
        if (wish.instanceId() != null && wish.sourceImageId() != null) {
            return Optional.of(Refusal.of(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "sourceImageId",
                    "An image is made of an instance or of another image"));
        }
        return tooLong(wish.description());
    }

    private static Optional<Refusal> tooLong(@Nullable String description) {
        return description == null || description.length() <= LONGEST_DESCRIPTION
                ? Optional.empty()
                : Optional.of(Refusal.of(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "description",
                        "A description has at most " + LONGEST_DESCRIPTION + " characters"));
    }

    private Outcome<AccountImage> made(Wish wish, Map<String, String> tags, AccountId account, Region region) {
        return origin(wish, account, region).flatMap(origin -> {
            AccountImage image = new AccountImage(
                    ResourceKind.IMAGE.newId(),
                    account,
                    region,
                    String.valueOf(wish.name()),
                    wish.description(),
                    origin.software(),
                    origin.source(),
                    ImageState.AVAILABLE,
                    false,
                    Set.of(),
                    null,
                    tags,
                    clock.instant());
            return store.insert(image)
                    ? Outcome.done(image)
                    : Outcome.refused(
                            ErrorCode.IMAGE_NAME_DUPLICATE,
                            "name",
                            "AMI name " + image.name() + " is already in use by another AMI of the account");
        });
    }

    private Outcome<Origin> origin(Wish wish, AccountId account, Region region) {
        if (wish.instanceId() != null) {
            return instances.find(wish.instanceId(), account, region).flatMap(this::ofInstance);
        }
        if (wish.sourceImageId() != null) {
            String name = wish.sourceRegion() == null ? region.value() : wish.sourceRegion();
            if (!Region.isValid(name) || Regions.find(new Region(name)).isEmpty()) {
                return Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE, "sourceRegion", "There is no region '" + name + "'");
            }
            Region from = new Region(name);
            String imageId = wish.sourceImageId();
            return launchable(imageId, account, from)
                    .map(image -> new Origin(
                            new AccountImage.Software(image.os(), image.architecture(), image.rootDeviceName()),
                            new AccountImage.Source(null, imageId, from)));
        }
        return registered(wish);
    }

    private Outcome<Origin> ofInstance(Instance instance) {
        if (!IMAGED.contains(instance.state())) {
            return Outcome.refused(
                    ErrorCode.INCORRECT_INSTANCE_STATE,
                    "instanceId",
                    "The instance " + instance.id() + " is " + instance.state().code()
                            + "; an image is made of one that is running or stopped");
        }
        String rootDevice = found(instance.launch().imageId(), instance.region())
                .map(Image::rootDeviceName)
                .orElseThrow(() -> new IllegalStateException("Images of instances stay known: " + instance.id()));
        return Outcome.done(new Origin(
                new AccountImage.Software(
                        instance.launch().os(),
                        Architecture.ofCode(instance.launch().architecture()).orElseThrow(),
                        rootDevice),
                new AccountImage.Source(instance.id(), null, null)));
    }

    /** Linux: what costs more than its machine can't be had by saying so. */
    private static Outcome<Origin> registered(Wish wish) {
        String code = wish.architecture() == null ? Architecture.X86_64.code() : wish.architecture();
        Optional<Architecture> architecture = Architecture.ofCode(code);
        if (architecture.isEmpty()) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE, "architecture", "There is no architecture '" + code + "'");
        }
        String device = wish.rootDeviceName() == null ? "/dev/sda1" : wish.rootDeviceName();
        if (!DEVICE.matcher(device).matches()) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "rootDeviceName",
                    "A device is called such as /dev/xvda; not '" + device + "'");
        }
        return Outcome.done(new Origin(
                new AccountImage.Software(OperatingSystem.LINUX, architecture.get(), device),
                AccountImage.Source.NONE));
    }

    /** As EC2 does before it takes an image, unless it is told not to. An instance that is no longer running stays as it is. */
    private void rebooted(Wish wish, AccountId account, Region region) {
        String instanceId = wish.instanceId();
        if (instanceId != null && !Boolean.TRUE.equals(wish.noReboot())) {
            instances.reboot(instanceId, account, region);
        }
    }

    /** A public image of the catalog, or anybody's, whether or not it can be launched. */
    private Optional<Image> found(String imageId, Region region) {
        return Images.find(region, imageId).or(() -> store.find(imageId, region).map(AccountImage::facts));
    }

    /** What an account can launch: public images, its own, and those shared with it. Blocks for all but the catalog's. */
    public Outcome<Image> launchable(String imageId, AccountId account, Region region) {
        Optional<Image> ofCatalog = Images.find(region, imageId);
        if (ofCatalog.isPresent()) {
            return Outcome.done(ofCatalog.get());
        }
        Optional<AccountImage> image = store.find(imageId, region);
        if (image.isEmpty() || !image.get().isOwnedBy(account) && !image.get().isSeenBy(account)) {
            return Outcome.refused(LaunchImages.notFound(imageId, region));
        }
        return image.get().state() == ImageState.AVAILABLE
                ? Outcome.done(image.get().facts())
                : Outcome.refused(unavailable(image.get()));
    }

    /** The refusal of a launch of an own image that is deregistered or disabled. */
    static Refusal unavailable(AccountImage image) {
        return Refusal.of(
                ErrorCode.IMAGE_UNAVAILABLE,
                "imageId",
                "The image id '" + image.id() + "' is " + image.state().code());
    }

    /** Own and shared images and those that others made public, ordered by id; none of the catalog. */
    public List<AccountImage> seenBy(AccountId account, Region region) {
        return store.seenBy(account, region);
    }

    /** One that the account sees. */
    public Outcome<AccountImage> find(String imageId, AccountId account, Region region) {
        return found(store.find(imageId, region), imageId, account, region);
    }

    private static Outcome<AccountImage> found(
            Optional<AccountImage> image, String imageId, AccountId account, Region region) {
        return image.filter(known -> known.isSeenBy(account))
                .<Outcome<AccountImage>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(LaunchImages.notFound(imageId, region)));
    }

    /**
     * What to change of an own image; null leaves it as it is.
     *
     * @param everybody whether everybody may launch it
     * @param add accounts that may launch it from now on
     * @param deprecatedAt since when it is no longer listed for others; {@link Instant#MIN}: no longer deprecated
     */
    public record Change(
            @Nullable String description,
            @Nullable Boolean everybody,
            Set<AccountId> add,
            Set<AccountId> remove,
            @Nullable Instant deprecatedAt,
            @Nullable Boolean disabled,
            @Nullable Map<String, @Nullable String> tags) {}

    public Outcome<AccountImage> modify(String imageId, AccountId account, Region region, Change change) {
        Optional<Refusal> tooLong = tooLong(change.description());
        if (tooLong.isPresent()) {
            return Outcome.refused(tooLong.get());
        }
        return changed(
                imageId,
                account,
                region,
                image -> Tags.patched(image.tags(), change.tags())
                        .map(tags -> modified(image, change).with(tags)));
    }

    private static AccountImage modified(AccountImage image, Change change) {
        Set<AccountId> accounts = new HashSet<>(image.launchAccounts());
        accounts.addAll(change.add());
        accounts.removeAll(change.remove());
        AccountImage modified =
                image.launchedBy(change.everybody() == null ? image.isPublic() : change.everybody(), accounts);
        if (change.description() != null) {
            modified = modified.describedAs(change.description());
        }
        if (change.deprecatedAt() != null) {
            modified = modified.deprecated(change.deprecatedAt().equals(Instant.MIN) ? null : change.deprecatedAt());
        }
        Boolean disabled = change.disabled();
        if (disabled != null) {
            // Who could launch it can't any more, also once it is enabled again.
            modified = disabled
                    ? modified.in(ImageState.DISABLED).launchedBy(false, Set.of())
                    : modified.in(ImageState.AVAILABLE);
        }
        return modified;
    }

    public Outcome<AccountImage> deregister(String imageId, AccountId account, Region region) {
        return changed(imageId, account, region, image -> Outcome.done(image.in(ImageState.DEREGISTERED)));
    }

    private interface Decision {
        Outcome<AccountImage> of(AccountImage image);
    }

    /** Of what a caller sees but doesn't own, it isn't the caller's to change anything. */
    private Outcome<AccountImage> changed(String imageId, AccountId account, Region region, Decision decision) {
        return Transactions.decide(() -> found(store.lock(imageId, region), imageId, account, region)
                .flatMap(image -> image.isOwnedBy(account) ? decision.of(image) : Outcome.refused(notYours(imageId)))
                .map(image -> {
                    store.update(image);
                    return image;
                }));
    }

    /** The refusal of a change of somebody else's image that the caller can launch. */
    public static Refusal notYours(String imageId) {
        return Refusal.of(ErrorCode.FORBIDDEN, "imageId", "Not authorized for image " + imageId);
    }
}
