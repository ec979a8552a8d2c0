package io.cumulet.contract;

import java.time.Instant;
import java.util.List;

/**
 * A part of a host's whole ruleset. All chunks of a version together, in order, replace whatever the host had, as one
 * transaction. Key: host id.
 *
 * @param version of the ruleset, which the next delta builds on
 * @param chunk its number, from 0
 * @param chunks how many there are
 * @param nft commands of nftables
 */
public record RulesetChunk(String hostId, long version, int chunk, int chunks, Instant occurredAt, List<String> nft) {}
