package io.cumulet.firewall.domain.rulesets;

import java.time.Duration;

/**
 * When hosts are told all of their rulesets, and in how large parts.
 *
 * @param recordCharacters what fits one Kafka record
 * @param deltasUntilFull after so many changes
 * @param fullEvery and after so long, of real time
 */
public record RulesetLimits(int recordCharacters, int deltasUntilFull, Duration fullEvery) {}
