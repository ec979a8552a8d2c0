package io.cumulet.spotmarket.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * What rows of {@code spot_request} are looked up by. The rows themselves are read and written in plain SQL, see {@link
 * RequestRows}: thousands change at once, and an entity that was read before would not see it.
 */
@Entity
@Immutable
@Table(name = "spot_request")
class SpotRequestEntity {

    @Id
    @Column(name = "request_id")
    String requestId;

    String account;
    String region;
    String pool;

    @Column(name = "launch_group")
    @Nullable
    String launchGroup;

    @Column(name = "zone_group")
    @Nullable
    String zoneGroup;

    @Column(name = "fleet_id")
    @Nullable
    String fleetId;

    String state;
    String bid;

    @Column(name = "instance_id")
    @Nullable
    String instanceId;
}
