package io.cumulet.endpoint.access;

import io.cumulet.endpoint.protocol.AwsError;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request's signature, as it was sent.
 *
 * @param signedHeaders names in small letters, as they were given
 * @param value hexadecimal
 * @param timestamp as it was signed, {@code yyyyMMdd'T'HHmmss'Z'}
 * @param time the same
 * @param validSeconds of a presigned request; 0 for one that is signed in its header
 */
record Signature(
        Credential credential,
        List<String> signedHeaders,
        String value,
        String timestamp,
        Instant time,
        int validSeconds) {

    private static final int TIMESTAMP_LENGTH = "20150830T123600Z".length();
    private static final int LONGEST_VALIDITY = 7 * 24 * 60 * 60;
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** @throws AwsError {@code IncompleteSignature} if something is missing or can't be right */
    static Signature of(Credential credential, SignedRequest request, Map<String, String> query) {
        return credential.presigned() ? ofQuery(credential, query) : ofHeader(credential, request);
    }

    private static Signature ofHeader(Credential credential, SignedRequest request) {
        String authorization = String.valueOf(request.header("authorization"));
        String amzDate = request.header("x-amz-date");
        String date = request.header("date");
        String timestamp;
        if (amzDate != null) {
            timestamp = amzDate;
        } else if (date != null) {
            timestamp = ofHttpDate(date);
        } else {
            throw Credential.incomplete(
                    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
        }
        return checked(
                credential,
                required(Credential.part(authorization, "SignedHeaders"), "Authorization header", "SignedHeaders"),
                required(Credential.part(authorization, "Signature"), "Authorization header", "Signature"),
                timestamp,
                0);
    }

    private static Signature ofQuery(Credential credential, Map<String, String> query) {
        String where = "AWS query-string parameters";
        if (!Credential.ALGORITHM.equals(query.get("X-Amz-Algorithm"))) {
            throw Credential.incomplete(
                    where + " must include 'X-Amz-Algorithm' with the value " + Credential.ALGORITHM);
        }
        return checked(
                credential,
                required(query.get("X-Amz-SignedHeaders"), where, "X-Amz-SignedHeaders"),
                required(query.get("X-Amz-Signature"), where, "X-Amz-Signature"),
                required(query.get("X-Amz-Date"), where, "X-Amz-Date"),
                validity(required(query.get("X-Amz-Expires"), where, "X-Amz-Expires")));
    }

    private static Signature checked(
            Credential credential, String signedHeaders, String value, String timestamp, int validSeconds) {
        Instant time = time(timestamp);
        if (!timestamp.startsWith(credential.day())) {
            throw Credential.incomplete(
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date: '"
                            + credential.day() + "' != '"
                            + timestamp.substring(0, credential.day().length()) + "'");
        }
        List<String> names = new ArrayList<>(Arrays.asList(signedHeaders.split(";", -1)));
        if (!names.contains("host")) {
            throw Credential.incomplete("'Host' must be a 'SignedHeader' in the AWS Authorization.");
        }
        return new Signature(credential, names, value, timestamp, time, validSeconds);
    }

    private static String required(@Nullable String value, String where, String name) {
        if (value == null || value.isEmpty()) {
            throw Credential.incomplete(where + " requires '" + name + "' parameter.");
        }
        return value;
    }

    private static int validity(String seconds) {
        try {
            int valid = Integer.parseInt(seconds);
            if (valid >= 1 && valid <= LONGEST_VALIDITY) {
                return valid;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw Credential.incomplete("X-Amz-Expires is a number of seconds from 1 to " + LONGEST_VALIDITY);
    }

    private static Instant time(String timestamp) {
        try {
            if (timestamp.length() == TIMESTAMP_LENGTH && timestamp.charAt(8) == 'T' && timestamp.endsWith("Z")) {
                return LocalDateTime.of(
                                number(timestamp, 0, 4),
                                number(timestamp, 4, 6),
                                number(timestamp, 6, 8),
                                number(timestamp, 9, 11),
                                number(timestamp, 11, 13),
                                number(timestamp, 13, 15))
                        .toInstant(ZoneOffset.UTC);
            }
        } catch (DateTimeException | NumberFormatException e) {
            // Refused below.
        }
        throw Credential.incomplete("Date must be in ISO-8601 'basic format'. Got '" + timestamp
                + "'. See http://en.wikipedia.org/wiki/ISO_8601");
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    private static String ofHttpDate(String date) {
        try {
            return TIMESTAMP.format(OffsetDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeException e) {
            throw Credential.incomplete("The 'Date' header can't be read");
        }
    }
}
