package io.cumulet.plumbing.intake;

import java.util.Map;

/** From where on records of a key wait as dead letters. */
public interface ParkedPlaces {

    /** A key in a partition. */
    record Place(int partition, String key) {}

    /** The first offset that waits, of each place of a consumer's topic that has one. */
    Map<Place, Long> of(String consumer, String topic);
}
