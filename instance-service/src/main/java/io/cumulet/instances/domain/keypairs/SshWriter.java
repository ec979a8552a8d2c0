package io.cumulet.instances.domain.keypairs;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes what SSH's protocols are made of.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4251#section-5">RFC 4251, data types</a>
 */
final class SshWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    SshWriter number(int number) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
        return this;
    }

    /** With its length before it; also a positive integer as {@code BigInteger} writes it. */
    SshWriter bytes(byte[] bytes) {
        number(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    SshWriter text(String text) {
        return bytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Without a length. */
    SshWriter raw(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    SshWriter octet(int octet) {
        out.write(octet);
        return this;
    }

    int size() {
        return out.size();
    }

    byte[] written() {
        return out.toByteArray();
    }
}
