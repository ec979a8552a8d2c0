package io.cumulet.endpoint.domain.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets with AES-256-GCM, so that nobody without the key reads or changes them. With several keys the first seals and
 * all open: that is how keys are changed. Thread-safe.
 *
 * <pre>
 *   | form, 1 byte | which key, 4 bytes | nonce, 12 bytes | sealed text and tag |
 * </pre>
 *
 * @see <a href="https://doi.org/10.6028/NIST.SP.800-38D">NIST SP 800-38D</a>: random nonces are good for 2^32 texts of a key
 */
public final class SecretBox {

    /** What a key has to have. */
    public static final int KEY_BYTES = 32;

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final byte FORM = 1;
    private static final int MARK_BYTES = 4;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int HEAD_BYTES = 1 + MARK_BYTES + NONCE_BYTES;

    private record Key(byte[] mark, SecretKeySpec spec) {

        static Key of(byte[] bytes) {
            if (bytes.length != KEY_BYTES) {
                throw new IllegalArgumentException("A key has " + KEY_BYTES + " bytes, not " + bytes.length);
            }
            try {
                byte[] mark = Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(bytes), MARK_BYTES);
                return new Key(mark, new SecretKeySpec(bytes, "AES"));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final List<Key> keys;
    private final SecureRandom random = new SecureRandom();

    /** @throws IllegalArgumentException if there is none, or one hasn't {@link #KEY_BYTES} */
    public SecretBox(List<byte[]> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("There is no key");
        }
        this.keys = keys.stream().map(Key::of).toList();
    }

    /** @param purpose what it is the secret of; it only opens for the same */
    public byte[] seal(String text, String purpose) {
        Key key = keys.getFirst();
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, key, nonce, purpose).doFinal(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.allocate(HEAD_BYTES + sealed.length)
                    .put(FORM)
                    .put(key.mark())
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + CIPHER, e);
        }
    }

    /** Nothing if it wasn't sealed with one of the keys, for this purpose, or was changed. */
    public Optional<String> open(byte[] sealed, String purpose) {
        if (sealed.length < HEAD_BYTES || sealed[0] != FORM) {
            return Optional.empty();
        }
        byte[] mark = Arrays.copyOfRange(sealed, 1, 1 + MARK_BYTES);
        byte[] nonce = Arrays.copyOfRange(sealed, 1 + MARK_BYTES, HEAD_BYTES);
        for (Key key : keys) {
            if (Arrays.equals(key.mark(), mark)) {
                try {
                    byte[] text = cipher(Cipher.DECRYPT_MODE, key, nonce, purpose)
                            .doFinal(sealed, HEAD_BYTES, sealed.length - HEAD_BYTES);
                    return Optional.of(new String(text, StandardCharsets.UTF_8));
                } catch (AEADBadTagException e) {
                    return Optional.empty();
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("Every Java has " + CIPHER, e);
                }
            }
        }
        return Optional.empty();
    }

    private static Cipher cipher(int mode, Key key, byte[] nonce, String purpose) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key.spec(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
