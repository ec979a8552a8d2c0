package io.cumulet.billing.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/** A row of the spot price history. */
@Entity
@Immutable
@Table(name = "spot_price")
@IdClass(SpotPriceEntity.Key.class)
class SpotPriceEntity {

    @Id
    @Column(name = "availability_zone")
    String availabilityZone;

    @Id
    @Column(name = "instance_type")
    String instanceType;

    @Id
    String os;

    @Id
    long version;

    @Column(name = "occurred_at")
    Instant occurredAt;

    String price;

    /** A price is known by its pool and version. */
    record Key(String availabilityZone, String instanceType, String os, long version) implements Serializable {}
}
