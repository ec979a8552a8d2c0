package io.cumulet.billing.domain.organizations;

import io.cumulet.kernel.AccountId;
import java.time.Instant;

/**
 * Accounts that share their commitments, and of which one pays for all.
 *
 * @param managementAccount made the organization, and pays
 * @see <a href="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_introduction.html">AWS Organizations</a>
 */
public record Organization(String id, AccountId managementAccount, Instant createdAt) {}
