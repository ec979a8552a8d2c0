package io.cumulet.instances.app;

import java.time.Duration;

/**
 * What on-demand may wait for.
 *
 * @param kept for how long room is taken back for a launch that isn't tried again
 * @param most how many instances of a family in a zone room is taken back for at once, for one account
 */
record DemandRules(Duration kept, int most) {}
