package io.cumulet.billing.store;

import io.cumulet.billing.domain.organizations.Invitation;
import io.cumulet.kernel.AccountId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;

/** A row of {@code organization_invitation}. */
@Entity
@Table(name = "organization_invitation")
class InvitationEntity {

    @Id
    String id;

    @ManyToOne(optional = false)
    @JoinColumn(name = "organization_id")
    OrganizationEntity organization;

    String account;

    @Enumerated(EnumType.STRING)
    Invitation.State state;

    @Column(name = "invited_at")
    Instant invitedAt;

    @Column(name = "expires_at")
    Instant expiresAt;

    Invitation invitation() {
        return new Invitation(id, organization.organization(), new AccountId(account), state, invitedAt, expiresAt);
    }
}
