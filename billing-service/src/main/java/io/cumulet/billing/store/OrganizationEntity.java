package io.cumulet.billing.store;

import io.cumulet.billing.domain.organizations.Organization;
import io.cumulet.kernel.AccountId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of {@code organization}. */
@Entity
@Table(name = "organization")
class OrganizationEntity {

    @Id
    String id;

    @Column(name = "management_account")
    String managementAccount;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "deleted_at")
    @Nullable
    Instant deletedAt;

    Organization organization() {
        return new Organization(id, new AccountId(managementAccount), createdAt);
    }
}
