package io.cumulet.contract;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/** Times of events as text: ISO 8601 in UTC with Z, as {@link Instant#toString} writes it. */
public final class Timestamps {

    private static final int WHOLE_SECONDS_LENGTH = "2026-01-01T00:00:00Z".length();
    private static final long SECONDS_PER_DAY = 86_400;

    private Timestamps() {}

    /**
     * Reads a time; several times as fast as {@link Instant#parse} for the usual form, which every event has several of.
     *
     * @throws DateTimeException if it isn't one
     */
    public static Instant parse(String text) {
        int length = text.length();
        boolean usual = length >= WHOLE_SECONDS_LENGTH
                && length <= WHOLE_SECONDS_LENGTH + 10
                && text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':'
                && text.charAt(length - 1) == 'Z'
                && (length == WHOLE_SECONDS_LENGTH || text.charAt(19) == '.' && length > WHOLE_SECONDS_LENGTH + 1);
        if (!usual) {
            return Instant.parse(text);
        }
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 7);
        int day = digits(text, 8, 10);
        int hour = digits(text, 11, 13);
        int minute = digits(text, 14, 16);
        int second = digits(text, 17, 19);
        int nanos = length == WHOLE_SECONDS_LENGTH ? 0 : nanos(text, 20, length - 1);
        if (year < 0
                || month < 0
                || day < 0
                || hour < 0
                || minute < 0
                || second < 0
                || nanos < 0
                || hour > 23
                || minute > 59
                || second > 59) {
            return Instant.parse(text);
        }
        long epochDay = LocalDate.of(year, month, day).toEpochDay();
        return Instant.ofEpochSecond(epochDay * SECONDS_PER_DAY + hour * 3_600L + minute * 60L + second, nanos);
    }

    /** A number, or -1 if there are others than digits. */
    private static int digits(String text, int from, int until) {
        int number = 0;
        for (int i = from; i < until; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static int nanos(String text, int from, int until) {
        int nanos = digits(text, from, until);
        for (int i = until - from; i < 9 && nanos >= 0; i++) {
            nanos *= 10;
        }
        return nanos;
    }
}
