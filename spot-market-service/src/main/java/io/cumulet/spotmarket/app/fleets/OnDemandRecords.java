package io.cumulet.spotmarket.app.fleets;

import io.cumulet.spotmarket.app.InstanceService;
import io.cumulet.spotmarket.domain.fleets.OnDemandUnit;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Where the On-Demand Instances of fleets are kept. Changes belong to the running transaction. */
public interface OnDemandRecords {

    /**
     * A launch whose outcome isn't known yet.
     *
     * @param position of the override
     */
    record OpenLaunch(String fleetId, String token, int position, int count) {}

    Optional<OpenLaunch> openLaunch(String fleetId);

    void open(OpenLaunch launch);

    /** Its outcome is known; nothing happens if it was known already. */
    void close(OpenLaunch launch);

    /** Instances that were launched; those that are known already stay as they are. */
    void add(String fleetId, List<InstanceService.Launched> launched, BigDecimal weight, Instant at);

    /** How far an instance has come. */
    enum Stage {
        ALIVE("alive"),
        ENDING("ending"),
        OVER("over");

        private final String code;

        Stage(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /** Instances, also those of which nothing was known; one that is over stays so. */
    void move(String fleetId, InstanceService.Launched instance, Stage stage, Instant at);

    void ending(Collection<String> instanceIds);

    /** Those that live. */
    List<OnDemandUnit> units(String fleetId);

    /** How many aren't over. */
    int countLeft(String fleetId);
}
