package io.cumulet.instances.app;

import io.cumulet.instances.domain.lifecycle.Instance;
import java.util.List;

/** What one launch made, all in one reservation whose id never changes. A repeated client token gives the same again. */
public record Launched(String reservationId, List<Instance> instances) {}
