package io.cumulet.firewall.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;

/**
 * A VPC, as the instance service last told. It owns them; this is a copy.
 *
 * @param version the newest wins
 * @param ipv6 whether it has an IPv6 block
 * @param gone it is deleted
 */
public record Vpc(String id, AccountId account, Region region, long version, boolean ipv6, boolean gone) {}
