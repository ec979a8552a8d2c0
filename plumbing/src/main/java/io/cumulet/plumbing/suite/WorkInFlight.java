package io.cumulet.plumbing.suite;

/** Work inside the process that the database doesn't show, such as a queue. The clock waits until it is none. A CDI bean. */
public interface WorkInFlight {

    /** What it is, for a person who wonders what the clock waits for. */
    String name();

    /** How much of it there is; 0 if none. */
    long count();
}
