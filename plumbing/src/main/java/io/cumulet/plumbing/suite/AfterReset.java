package io.cumulet.plumbing.suite;

/** Runs after a reset has emptied all tables of the service: drop what memory holds, seed again. A CDI bean. */
@FunctionalInterface
public interface AfterReset {
    void afterReset();
}
