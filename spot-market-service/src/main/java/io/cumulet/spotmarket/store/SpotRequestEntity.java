package io.cumulet.spotmarket.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of {@code spot_request}; no behaviour. */
@Entity
@Table(name = "spot_request")
class SpotRequestEntity {

    @Id
    @Column(name = "request_id")
    String requestId;

    String account;
    String region;
    String pool;

    @Column(name = "max_price")
    BigDecimal maxPrice;

    String kind;
    String behavior;

    @Column(name = "valid_from")
    @Nullable
    Instant validFrom;

    @Column(name = "valid_until")
    @Nullable
    Instant validUntil;

    @Column(name = "created_at")
    Instant createdAt;

    String launch;

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
    String status;
    String bid;
    int unit;

    @Column(name = "instance_id")
    @Nullable
    String instanceId;

    @Column(name = "blocked_at_capacity")
    long blockedAtCapacity;

    @Column(name = "interruption_reason")
    @Nullable
    String interruptionReason;

    @Column(name = "interruption_at")
    @Nullable
    Instant interruptionAt;

    int told;

    @Column(name = "rebalance_recommended")
    boolean rebalanceRecommended;

    boolean cancelled;
    boolean adopted;

    @Column(name = "instance_version")
    long instanceVersion;

    long version;
}
