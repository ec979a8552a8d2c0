package io.cumulet.localstack;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.cumulet.kernel.HourlyRate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a spot price history in CSV into what {@code aws ec2 describe-spot-price-history} prints, row by row:
 *
 * <pre>
 *   timestamp,availabilityZone,instanceType,productDescription,spotPrice
 *   2015-03-11T10:34:42Z,us-east-1a,m3.medium,Linux/UNIX,0.1131
 * </pre>
 */
public final class SpotHistory {

    private static final List<String> HEAD =
            List.of("timestamp", "availabilityZone", "instanceType", "productDescription", "spotPrice");

    private SpotHistory() {}

    /** Which rows are wanted; null means all. */
    public record Which(
            @Nullable String availabilityZone, @Nullable String instanceType) {

        private boolean has(String[] row) {
            return (availabilityZone == null || row[1].equals(availabilityZone))
                    && (instanceType == null || row[2].equals(instanceType));
        }
    }

    /**
     * Writes the rows that are wanted, in the order of the file.
     *
     * @return how many
     * @throws StackFailure naming the line that isn't a price
     */
    public static long convert(Reader csv, Which which, OutputStream json) throws IOException {
        BufferedReader lines = new BufferedReader(csv);
        String head = lines.readLine();
        if (head == null || !List.of(head.split(",", -1)).equals(HEAD)) {
            throw new StackFailure("The first line has to be " + String.join(",", HEAD));
        }
        long count = 0;
        try (JsonGenerator out = new JsonFactory().createGenerator(json)) {
            out.useDefaultPrettyPrinter();
            out.writeStartObject();
            out.writeArrayFieldStart("SpotPriceHistory");
            long number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] row = row(line, ++number);
                if (which.has(row)) {
                    write(row, out);
                    count++;
                }
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        return count;
    }

    private static String[] row(String line, long number) {
        String[] row = line.split(",", -1);
        if (row.length != HEAD.size()) {
            throw new StackFailure("Line " + number + " has " + row.length + " columns, not " + HEAD.size());
        }
        if (!HourlyRate.isValid(row[4])) {
            throw new StackFailure("Line " + number + ": not a price in USD per hour: " + row[4]);
        }
        try {
            OffsetDateTime.parse(row[0]);
        } catch (DateTimeParseException e) {
            throw new StackFailure("Line " + number + ": not a time such as 2015-03-11T10:34:42Z: " + row[0]);
        }
        return row;
    }

    private static void write(String[] row, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("Timestamp", row[0]);
        out.writeStringField("AvailabilityZone", row[1]);
        out.writeStringField("InstanceType", row[2]);
        out.writeStringField("ProductDescription", row[3]);
        out.writeStringField("SpotPrice", row[4]);
        out.writeEndObject();
    }
}
