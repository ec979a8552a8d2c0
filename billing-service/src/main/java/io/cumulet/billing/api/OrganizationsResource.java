package io.cumulet.billing.api;

import io.cumulet.billing.app.Organizing;
import io.cumulet.billing.domain.organizations.Invitation;
import io.cumulet.billing.domain.organizations.Membership;
import io.cumulet.billing.domain.organizations.Organization;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Organizations: accounts that share their commitments and have one payer. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Organizations")
public class OrganizationsResource {

    private final Organizing organizing;
    private final Caller caller;
    private final InstantSource clock;

    public OrganizationsResource(Organizing organizing, Caller caller, InstantSource clock) {
        this.organizing = organizing;
        this.caller = caller;
        this.clock = clock;
    }

    @Schema(name = "Organization")
    public record OrganizationView(
            String id,

            @Schema(description = "Made the organization, invites, and pays for all")
            String managementAccount,

            Instant createdAt) {

        static OrganizationView of(Organization organization) {
            return new OrganizationView(
                    organization.id(), organization.managementAccount().value(), organization.createdAt());
        }
    }

    public record OrganizationList(List<OrganizationView> organizations) {}

    public record MemberView(
            String account,

            @Schema(description = "The clock hour in which it joined is the first that counts")
            Instant joinedAt) {

        static MemberView of(Membership membership) {
            return new MemberView(membership.account().value(), membership.joinedAt());
        }
    }

    public record MemberPage(
            List<MemberView> members, @Nullable String nextToken) {}

    @Schema(name = "InvitationRequest")
    public record Invite(
            @Schema(required = true, description = "Twelve digits") @Nullable
            String account) {}

    @Schema(name = "Invitation")
    public record InvitationView(
            String id,
            String organizationId,
            String managementAccount,
            String account,

            @Schema(description = "open, accepted, declined, canceled or expired")
            String state,

            Instant invitedAt,
            Instant expiresAt) {

        static InvitationView of(Invitation invitation, Instant now) {
            return new InvitationView(
                    invitation.id(),
                    invitation.organization().id(),
                    invitation.organization().managementAccount().value(),
                    invitation.account().value(),
                    invitation.stateAt(now).code(),
                    invitation.invitedAt(),
                    invitation.expiresAt());
        }
    }

    public record InvitationPage(
            List<InvitationView> invitations, @Nullable String nextToken) {}

    @POST
    @Path("organizations")
    @ResponseStatus(201)
    @Operation(summary = "Makes an organization; the caller is its management account and pays for all members")
    public OrganizationView create() {
        return OrganizationView.of(organizing.create(caller.account()).orThrow());
    }

    @GET
    @Path("organizations")
    @Operation(summary = "Lists the organization that the caller is a member of, if there is one")
    public OrganizationList list() {
        return new OrganizationList(organizing.of(caller.account()).stream()
                .map(OrganizationView::of)
                .toList());
    }

    @GET
    @Path("organizations/{id}")
    @Operation(summary = "Shows an organization to its members")
    public OrganizationView get(@PathParam("id") String id) {
        return OrganizationView.of(organizing.find(caller.account(), id).orThrow());
    }

    @DELETE
    @Path("organizations/{id}")
    @Operation(summary = "Ends an organization that has no other members")
    public OrganizationView delete(@PathParam("id") String id) {
        return OrganizationView.of(organizing.delete(caller.account(), id).orThrow());
    }

    @GET
    @Path("organizations/{id}/members")
    @AllowedQuery({"maxResults", "nextToken"})
    @Operation(summary = "Lists the members, for the management account")
    public MemberPage members(
            @PathParam("id") String id,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<Membership> asked = organizing
                .members(caller.account(), id, paging.afterKey(), paging.sizeToAsk())
                .orThrow();
        return new MemberPage(
                paging.page(asked).stream().map(MemberView::of).toList(),
                paging.nextToken(asked, membership -> membership.account().value()));
    }

    @DELETE
    @Path("organizations/{id}/members/{account}")
    @Operation(summary = "Leaves an organization, or as its management account removes a member")
    public OrganizationView remove(@PathParam("id") String id, @PathParam("account") String account) {
        return OrganizationView.of(
                organizing.remove(caller.account(), id, account(account)).orThrow());
    }

    @POST
    @Path("organizations/{id}/invitations")
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(201)
    @Operation(summary = "Invites an account; it can accept for 15 days")
    public InvitationView invite(@PathParam("id") String id, @NotNull Invite body) {
        return view(organizing
                .invite(caller.account(), id, account(Query.required("account", body.account())))
                .orThrow());
    }

    @GET
    @Path("organizations/{id}/invitations")
    @AllowedQuery({"maxResults", "nextToken"})
    @Operation(summary = "Lists an organization's invitations, for the management account")
    public InvitationPage sent(
            @PathParam("id") String id,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        return page(
                paging,
                organizing
                        .invitationsOf(caller.account(), id, paging.afterKey(), paging.sizeToAsk())
                        .orThrow());
    }

    @GET
    @Path("organization-invitations")
    @AllowedQuery({"maxResults", "nextToken"})
    @Operation(summary = "Lists the invitations that the caller was sent")
    public InvitationPage received(
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        return page(paging, organizing.invitationsTo(caller.account(), paging.afterKey(), paging.sizeToAsk()));
    }

    @POST
    @Path("organization-invitations/{id}/accept")
    @Operation(summary = "Makes the invited account a member")
    public InvitationView accept(@PathParam("id") String id) {
        return view(organizing.accept(caller.account(), id).orThrow());
    }

    @POST
    @Path("organization-invitations/{id}/decline")
    @Operation(summary = "Declines an invitation")
    public InvitationView decline(@PathParam("id") String id) {
        return view(organizing.decline(caller.account(), id).orThrow());
    }

    @DELETE
    @Path("organization-invitations/{id}")
    @Operation(summary = "Takes an invitation back, as the management account")
    public InvitationView cancel(@PathParam("id") String id) {
        return view(organizing.cancel(caller.account(), id).orThrow());
    }

    private InvitationPage page(Paging paging, List<Invitation> asked) {
        return new InvitationPage(
                paging.page(asked).stream().map(this::view).toList(), paging.nextToken(asked, Invitation::id));
    }

    private InvitationView view(Invitation invitation) {
        return InvitationView.of(invitation, clock.instant());
    }

    private static AccountId account(String text) {
        return Optional.of(text)
                .filter(AccountId::isValid)
                .map(AccountId::new)
                .orElseThrow(() -> Query.refused("account", "An account has twelve digits, not " + text));
    }
}
