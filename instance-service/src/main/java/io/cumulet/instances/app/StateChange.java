package io.cumulet.instances.app;

import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceState;

/** What a command made of an instance; nothing may have changed. */
public record StateChange(InstanceState before, Instance after) {}
