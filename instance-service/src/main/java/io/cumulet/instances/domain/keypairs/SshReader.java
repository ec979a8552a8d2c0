package io.cumulet.instances.domain.keypairs;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads what {@link SshWriter} writes; {@code IllegalArgumentException} for what can't be read. */
final class SshReader {

    private final ByteBuffer in;

    SshReader(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes);
    }

    byte[] bytes() {
        if (in.remaining() < Integer.BYTES) {
            throw new IllegalArgumentException("It ends too early");
        }
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("It ends too early");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    String text() {
        return new String(bytes(), StandardCharsets.US_ASCII);
    }

    BigInteger integer() {
        byte[] bytes = bytes();
        return bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
    }

    boolean isAtEnd() {
        return !in.hasRemaining();
    }
}
