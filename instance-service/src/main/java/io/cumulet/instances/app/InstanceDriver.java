package io.cumulet.instances.app;

import java.util.List;

/**
 * What runs instances. Asynchronous: commands go out, reports come in later through {@link Reports}. Both may come more
 * than once and late, so they name the run they are about.
 */
public interface InstanceDriver {

    /**
     * Takes commands; called inside the transaction that decided on them, so what it does must be part of that
     * transaction or be safe to repeat. At most one command for each instance; a later one replaces what isn't done of an earlier.
     */
    void send(List<DriverCommand> commands);
}
