package io.cumulet.instances.domain.keypairs;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The samples and their fingerprints are ssh-keygen's and openssl's. */
class SshKeysTest {

    private static final String RSA =
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDDE2x2zuhzY7Dya4XcM8oPxKDGj8bYSXHW4qlGNHal+MeSHWJCl+Xuu/C7M6WATbzpSpi6cQ9U2ORLM9xrsgf2UnVMYp7y7sQF4cTnsl471TvxjVeZlFpQYEkpdcgWr1hqg3E+FChYOVwXaafHTXBO+g0luhoNIkXE7fIuK1NPZX8uugTV10ohWrsgPyblDtEQoiCxhj1fVaGX1vDVoRDR6pRL8dBrTdyiD0Zl8l2valmCJaaV2J8iuSOs6bFllUe6ZC8Gwwkxe59PVz9cws6Bedl7zXnLn/e36Gkpmce471TXbZtOociBLOcG424iXPxhItMhx7ozGzNe7oYNYr+n";
    private static final String RSA_MD5 = "ef:1b:56:eb:a6:7c:d9:b5:88:7f:2b:90:68:24:0b:77";
    private static final String ED25519 =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIuATAOkf6R7dCgxHmThpaN4SLyD2Q0bdM4w3nVQv3lf";
    private static final String ED25519_SHA256 = "iKuQX+9uWLhuED83tqWoNGKs0rShW4Pq0gXG3n8x6y4=";

    @Test
    void aPublicKeyIsReadInEveryFormThatEc2Takes() throws Exception {
        byte[] blob = Base64.getDecoder().decode(RSA.split(" ")[1]);
        String lines = Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(blob);
        String rfc4716 = "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"2048-bit RSA, \\\nof somebody\"\n" + lines
                + "\n---- END SSH2 PUBLIC KEY ----\n";
        String der = Base64.getEncoder().encodeToString(derOf(RSA));
        for (String form : new String[] {
            RSA,
            RSA + " somebody@somewhere of old\n",
            RSA.substring(0, 100) + "\\" + RSA.substring(100),
            rfc4716,
            der,
            "-----BEGIN PUBLIC KEY-----\n" + der + "\n-----END PUBLIC KEY-----\n"
        }) {
            assertThat(read(form)).as(form).hasValue(new SshKeys.Public(KeyType.RSA, RSA, RSA_MD5));
        }
        assertThat(read(ED25519 + " c")).hasValue(new SshKeys.Public(KeyType.ED25519, ED25519, ED25519_SHA256));
    }

    @Test
    void whatIsNoKeyIsNotRead() {
        for (String odd : new String[] {
            "",
            "ssh-rsa",
            "ssh-rsa AAAA",
            "ssh-rsa " + ED25519.split(" ")[1],
            "ssh-dss " + RSA.split(" ")[1],
            RSA.substring(0, RSA.length() - 8),
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP////8=",
            "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA"
        }) {
            assertThat(read(odd)).as(odd).isEmpty();
        }
    }

    @Test
    void anRsaPairHasTheSha1OfItsPrivateKeyAndIsWrittenAsOpenSslDoes() throws Exception {
        SshKeys.Created made = SshKeys.create(KeyType.RSA, new SecureRandom());
        String pem = made.privateKey();
        assertThat(pem).startsWith("-----BEGIN RSA PRIVATE KEY-----\n").endsWith("\n-----END RSA PRIVATE KEY-----\n");
        byte[] pkcs1 = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        // PKCS #8 is PKCS #1 behind a header that is the same for all keys of one length.
        byte[] header = HexFormat.of().parseHex("020100300d06092a864886f70d010101050004820000");
        header[header.length - 2] = (byte) (pkcs1.length >> 8);
        header[header.length - 1] = (byte) pkcs1.length;
        int length = header.length + pkcs1.length;
        byte[] pkcs8 = new byte[4 + length];
        pkcs8[0] = 0x30;
        pkcs8[1] = (byte) 0x82;
        pkcs8[2] = (byte) (length >> 8);
        pkcs8[3] = (byte) length;
        System.arraycopy(header, 0, pkcs8, 4, header.length);
        System.arraycopy(pkcs1, 0, pkcs8, 4 + header.length, pkcs1.length);
        RSAPrivateCrtKey key =
                (RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        assertThat(key.getModulus().bitLength()).isEqualTo(2048);
        assertThat(made.publicKey().fingerprint())
                .isEqualTo(HexFormat.ofDelimiter(":")
                        .formatHex(MessageDigest.getInstance("SHA-1").digest(key.getEncoded())));
        assertThat(read(made.publicKey().openSsh()).orElseThrow().openSsh())
                .isEqualTo(made.publicKey().openSsh());
    }

    @Test
    void anEd25519PairIsWrittenAsOpenSshDoesAndSaysNothingOfItsSecret() {
        SshKeys.Created made = SshKeys.create(KeyType.ED25519, new SecureRandom());
        byte[] written = Base64.getMimeDecoder().decode(made.privateKey().replaceAll("-----[A-Z ]+-----", ""));
        assertThat(new String(written, StandardCharsets.ISO_8859_1)).startsWith("openssh-key-v1\0");
        assertThat(read(made.publicKey().openSsh())).hasValue(made.publicKey());
        assertThat(made.toString()).doesNotContain("PRIVATE");
    }

    private static Optional<SshKeys.Public> read(String text) {
        return SshKeys.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] derOf(String openSsh) throws Exception {
        SshReader reader = new SshReader(Base64.getDecoder().decode(openSsh.split(" ")[1]));
        reader.text();
        BigInteger exponent = reader.integer();
        return KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(reader.integer(), exponent))
                .getEncoded();
    }
}
