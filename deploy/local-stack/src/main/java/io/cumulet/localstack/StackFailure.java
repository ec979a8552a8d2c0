package io.cumulet.localstack;

/** The stack can't do what was asked; the message says what is wrong and what to do about it, for people. */
public final class StackFailure extends RuntimeException {

    public StackFailure(String message) {
        super(message);
    }

    public StackFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
