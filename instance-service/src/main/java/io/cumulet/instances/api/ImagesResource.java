package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.catalog.Architecture;
import io.cumulet.catalog.Images;
import io.cumulet.instances.app.AccountImages;
import io.cumulet.instances.domain.images.AccountImage;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
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
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/images")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Images")
public class ImagesResource {

    private static final String NEVER = "never";

    private final AccountImages images;
    private final Caller caller;

    public ImagesResource(AccountImages images, Caller caller) {
        this.images = images;
        this.caller = caller;
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ImagePage(
            List<ImageView> images, @Nullable String nextToken) {}

    public record ImageRequest(
            @Schema(required = true, examples = "web-1") @Nullable
            String name,

            @Nullable String description,

            @Schema(description = "Makes an image of this instance, which is running or stopped") @Nullable
            String instanceId,

            @Schema(description = "Whether a running instance is left alone; otherwise it is rebooted") @Nullable
            Boolean noReboot,

            @Schema(description = "Makes a copy of this image") @Nullable
            String sourceImageId,

            @Schema(description = "Where the other image is; in this region if not said") @Nullable
            String sourceRegion,

            @Schema(
                    description =
                            "Of an image that is registered: neither instance nor image is named. x86_64 if not said",
                    enumeration = {"x86_64", "arm64"})
            @Nullable
            String architecture,

            @Schema(description = "Of an image that is registered; /dev/sda1 if not said") @Nullable
            String rootDeviceName,

            @Nullable Map<String, String> tags,

            @Schema(description = "The same token with the same request answers the same image") @Nullable
            String clientToken) {}

    /** What to change; a field left out stays. A tag with null as value is removed. */
    public record ChangeRequest(
            @Nullable String description,

            @Schema(description = "Whether everybody may launch it") @Nullable
            Boolean isPublic,

            @Schema(description = "Accounts that may launch it from now on") @Nullable
            List<String> addLaunchAccounts,

            @Nullable List<String> removeLaunchAccounts,

            @Schema(description = "Since when it is deprecated; never: it is not") @Nullable
            String deprecationTime,

            @Schema(description = "A disabled image is launched by nobody, and shared with nobody") @Nullable
            Boolean disabled,

            @Nullable Map<String, @Nullable String> tags) {}

    @GET
    @AllowedQuery({"imageId", "os", "architecture", "ownerId", "maxResults", "nextToken"})
    @Operation(
            summary = "Lists the images that the caller can launch in the region, ordered by id",
            description = "Public ones, the account's own (also disabled ones), and those that others share with it.")
    public ImagePage images(
            @QueryParam("imageId") List<String> ids,
            @QueryParam("os") List<String> systems,
            @QueryParam("architecture") List<String> architectures,
            @QueryParam("ownerId") List<String> owners,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        for (String os : systems) {
            if (OperatingSystem.ofCode(os).isEmpty()) {
                throw refused("os", "There is no operating system '" + os + "'");
            }
        }
        for (String architecture : architectures) {
            if (Architecture.ofCode(architecture).isEmpty()) {
                throw refused("architecture", "There is no architecture '" + architecture + "'");
            }
        }
        Region region = caller.region();
        List<ImageView> all = Stream.concat(
                        Images.of(region).stream().map(ImageView::of),
                        images.seenBy(caller.account(), region).stream()
                                .map(image -> ImageView.of(image, caller.account())))
                .sorted(Comparator.comparing(ImageView::imageId))
                .toList();
        for (String id : ids) {
            if (all.stream().noneMatch(image -> image.imageId().equals(id))) {
                throw Refusal.of(
                                ErrorCode.INVALID_AMI_ID_NOT_FOUND,
                                "imageId",
                                "The image id '" + id + "' does not exist")
                        .asException();
            }
        }
        List<ImageView> matching = all.stream()
                .filter(image -> ids.isEmpty() || ids.contains(image.imageId()))
                .filter(image -> systems.isEmpty() || systems.contains(image.os()))
                .filter(image -> architectures.isEmpty() || architectures.contains(image.architecture()))
                .filter(image -> owners.isEmpty() || owners.contains(image.ownerId()))
                .toList();
        Paging paging = Paging.of(maxResults, nextToken);
        List<ImageView> found = paging.ask(matching, ImageView::imageId);
        return new ImagePage(paging.page(found), paging.nextToken(found, ImageView::imageId));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Tells of one image")
    public ImageView image(@PathParam("id") String id) {
        return Images.find(caller.region(), id)
                .map(ImageView::of)
                .orElseGet(() -> view(images.find(id, caller.account(), caller.region())));
    }

    @POST
    @ResponseStatus(201)
    @Operation(
            summary = "Makes an image of an instance, copies one, or registers one",
            description =
                    "No disk is kept: an instance of it has the system, architecture and root device of its source. One "
                            + "that is registered runs Linux.")
    public ImageView create(@Nullable ImageRequest request) {
        ImageRequest body = required(request);
        return view(images.create(
                new AccountImages.Wish(
                        body.name(),
                        body.description(),
                        body.instanceId(),
                        body.noReboot(),
                        body.sourceImageId(),
                        body.sourceRegion(),
                        body.architecture(),
                        body.rootDeviceName(),
                        body.tags(),
                        body.clientToken()),
                caller.account(),
                caller.region()));
    }

    @PATCH
    @Path("{id}")
    @Operation(
            summary = "Changes an own image",
            description = "Its description, who may launch it, whether it is deprecated or disabled, its tags.")
    public ImageView change(@PathParam("id") String id, @Nullable ChangeRequest request) {
        mustNotBeOfCatalog(id);
        ChangeRequest body = required(request);
        return view(images.modify(
                id,
                caller.account(),
                caller.region(),
                new AccountImages.Change(
                        body.description(),
                        body.isPublic(),
                        accounts("addLaunchAccounts", body.addLaunchAccounts()),
                        accounts("removeLaunchAccounts", body.removeLaunchAccounts()),
                        time(body.deprecationTime()),
                        body.disabled(),
                        body.tags())));
    }

    @DELETE
    @Path("{id}")
    @ResponseStatus(204)
    @Operation(summary = "Deregisters an own image; instances of it go on")
    public void deregister(@PathParam("id") String id) {
        mustNotBeOfCatalog(id);
        images.deregister(id, caller.account(), caller.region()).orThrow();
    }

    private void mustNotBeOfCatalog(String id) {
        if (Images.find(caller.region(), id).isPresent()) {
            throw AccountImages.notYours(id).asException();
        }
    }

    private static Set<AccountId> accounts(String field, @Nullable List<String> ids) {
        Set<AccountId> accounts = new HashSet<>();
        for (String id : ids == null ? List.<String>of() : ids) {
            if (id == null || !AccountId.isValid(id)) {
                throw Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, "An account has 12 digits; not '" + id + "'")
                        .asException();
            }
            accounts.add(new AccountId(id));
        }
        return accounts;
    }

    private static @Nullable Instant time(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return text.equals(NEVER) ? Instant.MIN : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw refused("deprecationTime", "A time such as 2027-01-01T00:00:00Z, or never; not '" + text + "'");
        }
    }

    private ImageView view(Outcome<AccountImage> outcome) {
        return ImageView.of(outcome.orThrow(), caller.account());
    }

    private static <T> T required(@Nullable T body) {
        if (body == null) {
            throw Refusal.of(ErrorCode.MALFORMED_REQUEST, "This call has a body")
                    .asException();
        }
        return body;
    }

    private static RuntimeException refused(String field, String message) {
        return Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message).asException();
    }
}
