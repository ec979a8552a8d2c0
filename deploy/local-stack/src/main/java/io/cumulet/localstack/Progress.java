package io.cumulet.localstack;

/** Is told how a long step goes on, so that nobody stares at a silent screen. */
@FunctionalInterface
public interface Progress {

    void say(String line);

    /** Says nothing. */
    static Progress silent() {
        return line -> {};
    }
}
