package io.cumulet.plumbing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class TransienceTest {

    @Test
    void aTransactionThatTheDatabaseEndedSinceWeWereHaltedInItMayBeTriedAgain() {
        assertThat(Transience.isTransient(failed("25P03"))).isTrue();
    }

    @Test
    void connectionsDeadlocksAndShutdownsPassAndFaultsOfOurOwnDoNot() {
        assertThat(Transience.isTransient(failed("08006"))).isTrue();
        assertThat(Transience.isTransient(failed("40P01"))).isTrue();
        assertThat(Transience.isTransient(failed("57P01"))).isTrue();
        assertThat(Transience.isTransient(failed("25P02"))).isFalse();
        assertThat(Transience.isTransient(failed("23505"))).isFalse();
    }

    private static Exception failed(String state) {
        return new IllegalStateException("Could not read", new SQLException("FATAL", state));
    }
}
