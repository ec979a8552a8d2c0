package io.cumulet.contract;

import java.time.Instant;
import java.util.List;

/**
 * What changed in a host's ruleset. A host that has the version before executes the commands, all or none, as {@code nft -f}
 * does; any other host waits for the next full set. Key: host id.
 *
 * @param version of the ruleset after it, one more than before
 * @param nft commands of nftables, to be executed in order as one transaction
 */
public record RulesetDelta(String hostId, long version, Instant occurredAt, List<String> nft) {}
