package io.cumulet.instances.domain.keypairs;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * SSH keys as EC2 makes and takes them. The JDK has the keys themselves; the forms are few enough to stand here.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html">Key pairs: types, forms, lengths</a>
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/verify-keys.html">Fingerprints: SHA-1 of the private key of
 *     an RSA pair that EC2 made, MD5 of the public key of one that was imported, SHA-256 as of OpenSSH for ED25519</a>
 */
public final class SshKeys {

    private static final int RSA_BITS = 2048;
    private static final Set<Integer> RSA_LENGTHS = Set.of(1024, 2048, 4096);
    private static final int ED25519_BYTES = 32;
    private static final int LINE = 64;
    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

    private SshKeys() {}

    /** A public key and its fingerprint. */
    public record Public(KeyType type, String openSsh, String fingerprint) {}

    /** @param privateKey in PEM, for whoever asked for the pair and nobody else */
    public record Created(Public publicKey, String privateKey) {
        @Override
        public String toString() {
            return "Created[" + publicKey + "]";
        }
    }

    /** Makes a pair; RSA takes some tenths of a second. */
    public static Created create(KeyType type, SecureRandom random) {
        try {
            return switch (type) {
                case RSA -> createRsa(random);
                case ED25519 -> createEd25519(random);
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform makes RSA and Ed25519 keys", e);
        }
    }

    private static Created createRsa(SecureRandom random) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(RSA_BITS, random);
        java.security.KeyPair pair = generator.generateKeyPair();
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) pair.getPrivate();
        byte[] pkcs1 = Der.sequence(
                BigInteger.ZERO,
                key.getModulus(),
                key.getPublicExponent(),
                key.getPrivateExponent(),
                key.getPrimeP(),
                key.getPrimeQ(),
                key.getPrimeExponentP(),
                key.getPrimeExponentQ(),
                key.getCrtCoefficient());
        return new Created(
                new Public(
                        KeyType.RSA,
                        openSsh(KeyType.RSA, blob((RSAPublicKey) pair.getPublic())),
                        COLONS.formatHex(digest("SHA-1", key.getEncoded()))),
                pem("RSA PRIVATE KEY", pkcs1));
    }

    private static Created createEd25519(SecureRandom random) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(255, random);
        java.security.KeyPair pair = generator.generateKeyPair();
        byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
        byte[] encoded = pair.getPublic().getEncoded();
        // The key is the end of its X.509 form.
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length);
        byte[] blob = blob(point);
        return new Created(ed25519(blob), pem("OPENSSH PRIVATE KEY", openSshPrivate(blob, point, seed, random)));
    }

    /**
     * OpenSSH's own form, without a password.
     *
     * @see <a href="https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key?annotate=HEAD">PROTOCOL.key</a>
     */
    private static byte[] openSshPrivate(byte[] blob, byte[] point, byte[] seed, SecureRandom random) {
        int check = random.nextInt();
        byte[] both = Arrays.copyOf(seed, seed.length + point.length);
        System.arraycopy(point, 0, both, seed.length, point.length);
        SshWriter secret = new SshWriter()
                .number(check)
                .number(check)
                .text(KeyType.ED25519.sshName())
                .bytes(point)
                .bytes(both)
                .text("");
        for (int padding = 1; secret.size() % 8 != 0; padding++) {
            secret.octet(padding);
        }
        return new SshWriter()
                .raw("openssh-key-v1\0")
                .text("none")
                .text("none")
                .text("")
                .number(1)
                .bytes(blob)
                .bytes(secret.written())
                .written();
    }

    /**
     * Reads a public key: in OpenSSH's form, in that of RFC 4716, or the base64 of its DER, with or without PEM's lines.
     *
     * @return nothing if it is none of these, another kind of key, or an RSA key of a length that EC2 doesn't take
     */
    public static Optional<Public> read(byte[] material) {
        String text = new String(material, StandardCharsets.US_ASCII).strip();
        try {
            for (KeyType type : KeyType.values()) {
                String[] words = text.split("\\s+", 3);
                if (words.length >= 2 && words[0].equals(type.sshName())) {
                    // As other readers of it do, what isn't base64 is passed over; the key has its own form.
                    return ofBlob(Base64.getMimeDecoder().decode(words[1])).filter(key -> key.type() == type);
                }
            }
            if (text.startsWith("---- BEGIN SSH2 PUBLIC KEY ----")) {
                return ofBlob(Base64.getMimeDecoder().decode(Rfc4716.body(text)));
            }
            String der = text.replace("-----BEGIN PUBLIC KEY-----", "").replace("-----END PUBLIC KEY-----", "");
            PublicKey key = KeyFactory.getInstance("RSA")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(der.replaceAll("\\s", ""))));
            return rsa((RSAPublicKey) key);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Optional<Public> ofBlob(byte[] blob) throws GeneralSecurityException {
        SshReader reader = new SshReader(blob);
        String type = reader.text();
        if (type.equals(KeyType.ED25519.sshName())) {
            byte[] point = reader.bytes();
            return point.length == ED25519_BYTES && reader.isAtEnd() ? Optional.of(ed25519(blob)) : Optional.empty();
        }
        if (!type.equals(KeyType.RSA.sshName())) {
            return Optional.empty();
        }
        BigInteger exponent = reader.integer();
        BigInteger modulus = reader.integer();
        if (!reader.isAtEnd() || exponent.signum() <= 0 || modulus.signum() <= 0) {
            return Optional.empty();
        }
        return rsa(
                (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent)));
    }

    private static Optional<Public> rsa(RSAPublicKey key) throws GeneralSecurityException {
        return RSA_LENGTHS.contains(key.getModulus().bitLength())
                ? Optional.of(new Public(
                        KeyType.RSA,
                        openSsh(KeyType.RSA, blob(key)),
                        COLONS.formatHex(digest("MD5", key.getEncoded()))))
                : Optional.empty();
    }

    private static Public ed25519(byte[] blob) throws GeneralSecurityException {
        return new Public(
                KeyType.ED25519,
                openSsh(KeyType.ED25519, blob),
                Base64.getEncoder().encodeToString(digest("SHA-256", blob)));
    }

    private static byte[] blob(RSAPublicKey key) {
        return new SshWriter()
                .text(KeyType.RSA.sshName())
                .bytes(key.getPublicExponent().toByteArray())
                .bytes(key.getModulus().toByteArray())
                .written();
    }

    private static byte[] blob(byte[] point) {
        return new SshWriter().text(KeyType.ED25519.sshName()).bytes(point).written();
    }

    private static String openSsh(KeyType type, byte[] blob) {
        return type.sshName() + " " + Base64.getEncoder().encodeToString(blob);
    }

    private static byte[] digest(String algorithm, byte[] bytes) throws GeneralSecurityException {
        return MessageDigest.getInstance(algorithm).digest(bytes);
    }

    private static String pem(String what, byte[] bytes) {
        Base64.Encoder lines = Base64.getMimeEncoder(LINE, new byte[] {'\n'});
        return "-----BEGIN " + what + "-----\n" + lines.encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }

    /** PKCS #1 needs no more of DER than a sequence of integers. */
    private static final class Der {

        private static final int INTEGER = 0x02;
        private static final int SEQUENCE = 0x30;

        static byte[] sequence(BigInteger... integers) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            for (BigInteger integer : integers) {
                content.writeBytes(element(INTEGER, integer.toByteArray()));
            }
            return element(SEQUENCE, content.toByteArray());
        }

        private static byte[] element(int tag, byte[] content) {
            ByteArrayOutputStream element = new ByteArrayOutputStream();
            element.write(tag);
            if (content.length < 0x80) {
                element.write(content.length);
            } else {
                byte[] length = BigInteger.valueOf(content.length).toByteArray();
                int from = length[0] == 0 ? 1 : 0;
                element.write(0x80 | (length.length - from));
                element.write(length, from, length.length - from);
            }
            element.writeBytes(content);
            return element.toByteArray();
        }
    }

    /** What stands between the lines that mark it, without the headers. */
    private static final class Rfc4716 {

        static String body(String text) {
            StringBuilder body = new StringBuilder();
            boolean inHeader = false;
            for (String line : text.lines().skip(1).toList()) {
                if (line.startsWith("---- END")) {
                    return body.toString();
                }
                boolean isHeader = inHeader || line.indexOf(':') >= 0;
                inHeader = isHeader && line.endsWith("\\");
                if (!isHeader) {
                    body.append(line);
                }
            }
            throw new IllegalArgumentException("It has no end");
        }
    }
}
