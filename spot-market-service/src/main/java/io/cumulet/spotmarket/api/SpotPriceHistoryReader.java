package io.cumulet.spotmarket.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.spotmarket.app.PriceTraces;
import io.cumulet.spotmarket.domain.pricing.ProductDescription;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code aws ec2 describe-spot-price-history} prints, as it comes, plain or compressed with gzip:
 *
 * <pre>
 *   {"SpotPriceHistory": [
 *     {"Timestamp": "2015-03-11T10:34:42+00:00", "AvailabilityZone": "us-east-1a", "InstanceType": "m3.medium",
 *      "ProductDescription": "Linux/UNIX (Amazon VPC)", "SpotPrice": "0.113100"}, …]}
 * </pre>
 *
 * Rows come in any order. Fields that newer versions of the command add, such as {@code AvailabilityZoneId}, are passed by.
 *
 * @see <a href="https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-spot-price-history.html">
 *     describe-spot-price-history</a>
 */
final class SpotPriceHistoryReader {

    private static final String ROWS = "SpotPriceHistory";
    private static final String TIMESTAMP = "Timestamp";
    private static final String ZONE = "AvailabilityZone";
    private static final String TYPE = "InstanceType";
    private static final String PRODUCT = "ProductDescription";
    private static final String PRICE = "SpotPrice";
    private static final Set<String> FIELDS = Set.of(TIMESTAMP, ZONE, TYPE, PRODUCT, PRICE);

    /** A small file may hold very much of nothing once it is unpacked. */
    private static final long MOST_BYTES = 1L << 30;

    private static final int GZIP_MAGIC = 0x1f8b;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final PriceTraces.Reading reading;

    SpotPriceHistoryReader(PriceTraces.Reading reading) {
        this.reading = reading;
    }

    /** @throws RefusedException naming row and field that are wrong, counted from 0 */
    void read(InputStream body) throws IOException {
        try (JsonParser parser = JSON.createParser(new Limited(unpacked(body)))) {
            read(parser);
        } catch (JsonProcessingException e) {
            throw malformed("The body is not JSON at line " + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr());
        } catch (ZipException | EOFException e) {
            throw malformed("The body is not a whole gzip file");
        } catch (CharConversionException e) {
            throw malformed("The body is not text in UTF-8");
        }
    }

    private static InputStream unpacked(InputStream body) throws IOException {
        PushbackInputStream start = new PushbackInputStream(body, 2);
        byte[] magic = start.readNBytes(2);
        start.unread(magic);
        boolean packed = magic.length == 2 && ((magic[0] & 0xff) << 8 | magic[1] & 0xff) == GZIP_MAGIC;
        return packed ? new GZIPInputStream(start, 1 << 16) : start;
    }

    private void read(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw malformed("The body is an object with the list " + ROWS);
        }
        boolean found = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (!name.equals(ROWS)) {
                parser.skipChildren();
            } else if (value == JsonToken.START_ARRAY) {
                found = true;
                rows(parser);
            } else {
                throw refuse(ErrorCode.INVALID_PARAMETER_VALUE, ROWS, "It is a list of prices");
            }
        }
        if (!found) {
            throw refuse(ErrorCode.MISSING_PARAMETER, ROWS, "Missing: " + ROWS);
        }
        if (parser.nextToken() != null) {
            throw malformed("Something follows behind the body");
        }
    }

    private void rows(JsonParser parser) throws IOException {
        Map<String, String> row = new HashMap<>();
        for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
            String place = ROWS + "[" + index + "]";
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw refuse(ErrorCode.INVALID_PARAMETER_VALUE, place, "It is an object");
            }
            if (reading.isFull()) {
                throw refuse(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        place,
                        "A history has at most " + reading.most() + " rows; the operator may configure more");
            }
            row.clear();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (!FIELDS.contains(name)) {
                    parser.skipChildren();
                } else if (value == JsonToken.VALUE_STRING && !parser.getText().isEmpty()) {
                    row.put(name, parser.getText());
                } else {
                    throw refuse(
                            ErrorCode.INVALID_PARAMETER_VALUE, place + "." + name, "It is a text that isn't empty");
                }
            }
            add(row, place);
        }
    }

    private void add(Map<String, String> row, String place) {
        String zone = required(row, ZONE, place);
        String type = required(row, TYPE, place);
        String product = required(row, PRODUCT, place);
        String price = required(row, PRICE, place);
        if (!HourlyRate.isValid(price)) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    place + "." + PRICE,
                    "It is a price such as 0.050000, not " + price);
        }
        reading.add(
                zone,
                type,
                ProductDescription.ofText(product)
                        .orElseThrow(() -> refuse(
                                ErrorCode.INVALID_PARAMETER_VALUE,
                                place + "." + PRODUCT,
                                "It is one of " + ProductDescription.texts() + ", not " + product)),
                moment(required(row, TIMESTAMP, place), place + "." + TIMESTAMP),
                price);
    }

    private static String required(Map<String, String> row, String name, String place) {
        String value = row.get(name);
        if (value == null) {
            throw refuse(ErrorCode.MISSING_PARAMETER, place + "." + name, "Missing: " + place + "." + name);
        }
        return value;
    }

    private static Instant moment(String text, String place) {
        @Nullable Instant moment = null;
        try {
            moment = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            // Refused below.
        }
        if (moment == null || !Times.isNear(moment)) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    place,
                    "It is a time such as 2015-03-11T10:34:42.000Z or 2015-03-11T10:34:42+00:00, not " + text);
        }
        return moment;
    }

    private static RefusedException malformed(String message) {
        return Refusal.of(ErrorCode.MALFORMED_REQUEST, message).asException();
    }

    private static RefusedException refuse(ErrorCode code, String field, String message) {
        return Refusal.of(code, field, message).asException();
    }

    /** Ends with a refusal what goes on for too long. */
    private static final class Limited extends FilterInputStream {
        private long read;

        Limited(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            count(Math.max(count, 0));
            return count;
        }

        private void count(int bytes) {
            read += bytes;
            if (read > MOST_BYTES) {
                throw malformed("The body has more than " + MOST_BYTES + " bytes when it is unpacked");
            }
        }
    }
}
