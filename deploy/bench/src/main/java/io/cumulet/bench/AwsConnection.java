package io.cumulet.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One client of EC2's query protocol on one kept connection, each request signed with Signature Version 4. It shares the
 * machine with what it measures, so it does no more than it must. Not thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create a signed
 *     AWS API request</a>
 */
final class AwsConnection implements AutoCloseable {

    static final String REGION = "us-east-1";

    private static final String HMAC = "HmacSHA256";
    private static final String TYPE = "application/x-www-form-urlencoded; charset=utf-8";
    private static final String SIGNED = "content-type;host;x-amz-date";
    private static final int PATIENCE_MILLIS = 120_000;
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** An account's key. */
    record Key(String id, String secret) {}

    /** An answer: its HTTP status and its body. */
    record Answer(int status, String body) {

        /** The text of the first element of this name; empty if there is none. */
        String text(String element) {
            int start = body.indexOf('<' + element + '>');
            int from = start + element.length() + 2;
            return start < 0 ? "" : body.substring(from, body.indexOf('<', from));
        }

        Answer expectOk() throws IOException {
            if (status != 200) {
                throw new IOException(status + " " + text("Code") + ": " + text("Message"));
            }
            return this;
        }
    }

    private final URI endpoint;
    private final String host;
    private final MessageDigest sha256;
    private final Mac mac;
    private Key key;
    private String day = "";
    private String timestamp = "";
    private long timestampSecond;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    AwsConnection(URI endpoint, Key key) {
        this.endpoint = endpoint;
        this.host = endpoint.getHost() + ":" + endpoint.getPort();
        this.key = key;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
            mac = Mac.getInstance(HMAC);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on as this account. */
    void as(Key other) {
        if (!other.equals(key)) {
            key = other;
            day = "";
        }
    }

    /** @param parameters the action and its parameters, escaped */
    Answer call(String parameters) throws IOException {
        return send("POST", "/", parameters + "&Version=2016-11-15", true);
    }

    /** A request that isn't AWS's. */
    Answer post(String path) throws IOException {
        return send("POST", path, "", false);
    }

    private Answer send(String method, String path, String body, boolean signed) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(512)
                .append(method)
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: ")
                .append(host)
                .append("\r\nContent-Length: ")
                .append(content.length)
                .append("\r\n");
        if (signed) {
            sign(head, content);
        }
        byte[] lines = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] message = new byte[lines.length + content.length];
        System.arraycopy(lines, 0, message, 0, lines.length);
        System.arraycopy(content, 0, message, lines.length, content.length);
        boolean fresh = socket == null;
        try {
            connected().getOutputStream().write(message);
            return answer();
        } catch (EOFException e) {
            // The other side closed a kept connection before it took anything.
            close();
            if (fresh) {
                throw e;
            }
            connected().getOutputStream().write(message);
            return answer();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void sign(StringBuilder head, byte[] content) {
        long second = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
        if (second != timestampSecond) {
            timestampSecond = second;
            timestamp = TIMESTAMP.format(Instant.ofEpochSecond(second));
        }
        if (!timestamp.startsWith(day) || day.isEmpty()) {
            day = timestamp.substring(0, 8);
            byte[] signing = hmac(("AWS4" + key.secret()).getBytes(StandardCharsets.UTF_8), day);
            signing = hmac(hmac(hmac(signing, REGION), "ec2"), "aws4_request");
            use(signing);
        }
        String scope = day + "/" + REGION + "/ec2/aws4_request";
        String canonical = "POST\n/\n\ncontent-type:" + TYPE + "\nhost:" + host + "\nx-amz-date:" + timestamp + "\n\n"
                + SIGNED + "\n" + HexFormat.of().formatHex(sha256.digest(content));
        String toSign = "AWS4-HMAC-SHA256\n" + timestamp + "\n" + scope + "\n"
                + HexFormat.of().formatHex(sha256.digest(canonical.getBytes(StandardCharsets.UTF_8)));
        head.append("Content-Type: ")
                .append(TYPE)
                .append("\r\nX-Amz-Date: ")
                .append(timestamp)
                .append("\r\nAuthorization: AWS4-HMAC-SHA256 Credential=")
                .append(key.id())
                .append('/')
                .append(scope)
                .append(", SignedHeaders=" + SIGNED + ", Signature=")
                .append(HexFormat.of().formatHex(mac.doFinal(toSign.getBytes(StandardCharsets.UTF_8))))
                .append("\r\n");
    }

    private byte[] hmac(byte[] secret, String text) {
        use(secret);
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private void use(byte[] secret) {
        try {
            mac.init(new SecretKeySpec(secret, HMAC));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Socket connected() throws IOException {
        Socket known = socket;
        if (known == null) {
            known = new Socket();
            known.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), PATIENCE_MILLIS);
            known.setTcpNoDelay(true);
            known.setSoTimeout(PATIENCE_MILLIS);
            socket = known;
            in = new BufferedInputStream(known.getInputStream(), 16_384);
        }
        return known;
    }

    private Answer answer() throws IOException {
        String status = line();
        int length = -1;
        boolean chunked = false;
        boolean closes = status.startsWith("HTTP/1.0");
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(
                        lower.substring("content-length:".length()).strip());
            } else if (lower.startsWith("transfer-encoding:") && lower.contains("chunked")) {
                chunked = true;
            } else if (lower.startsWith("connection:")) {
                closes = lower.contains("close");
            }
        }
        byte[] body;
        if (chunked) {
            body = chunks();
        } else if (length >= 0) {
            body = exactly(length);
        } else if (closes) {
            body = stream().readAllBytes();
        } else {
            body = new byte[0];
        }
        if (closes) {
            close();
        }
        return new Answer(Integer.parseInt(status.split(" ", 3)[1]), new String(body, StandardCharsets.UTF_8));
    }

    private InputStream stream() throws IOException {
        InputStream open = in;
        if (open == null) {
            throw new IOException("The connection is closed");
        }
        return open;
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = stream().readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("An answer ended early");
        }
        return bytes;
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            int length = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
            all.write(exactly(length));
            line();
            if (length == 0) {
                return all.toByteArray();
            }
        }
    }

    private String line() throws IOException {
        StringBuilder text = new StringBuilder(80);
        while (true) {
            int c = stream().read();
            if (c < 0) {
                throw new EOFException("The connection was closed");
            }
            if (c == '\n') {
                return text.toString();
            }
            if (c != '\r') {
                text.append((char) c);
            }
        }
    }

    @Override
    public void close() throws IOException {
        Socket open = socket;
        socket = null;
        in = null;
        if (open != null) {
            open.close();
        }
    }
}
