package io.cumulet.billing.api.upload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.cumulet.billing.domain.whatifs.InstanceHours;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import java.io.BufferedInputStream;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The instance-hours of a CSV file, compressed with gzip or not: a Cost and Usage Report of AWS (legacy or 2.0), or FOCUS 1.x. It is
 * read row by row; what is kept are the merged hours.
 *
 * @param usedRows rows that are instance-hours
 * @param ignoredRows how many others there are, by why they aren't
 */
public record UsageFile(InstanceHours hours, long usedRows, Map<String, Long> ignoredRows) {

    /** When usage can have been: what is outside is a mistake. */
    public static final Interval YEARS =
            new Interval(Instant.parse("2000-01-01T00:00:00Z"), Instant.parse("2101-01-01T00:00:00Z"));

    /** Kinds of ignored rows that are told apart. */
    private static final int MOST_REASONS = 50;

    private static final int LONGEST_REASON = 100;
    private static final String OTHER_REASONS = "others";
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final CsvMapper CSV =
            CsvMapper.builder().enable(CsvParser.Feature.WRAP_AS_ARRAY).build();

    /**
     * Reads a file.
     *
     * @param field the name of the file in the call
     * @param account whose usage it counts as
     * @throws RefusedException that names line and column of what can't be read, or is more than a file can have
     */
    public static UsageFile read(InputStream file, String field, AccountId account) throws IOException {
        InstanceHours hours = new InstanceHours();
        Map<String, Long> ignored = new TreeMap<>();
        long used = 0;
        int line = 1;
        try (BoundedInput text = new BoundedInput(unzipped(new BufferedInputStream(file)));
                MappingIterator<String[]> lines = CSV.readerFor(String[].class).readValues(text)) {
            if (!lines.hasNextValue()) {
                throw refused(field, "The file is empty");
            }
            Columns columns = new Columns(field, lines.nextValue());
            RowReader reader = columns.reader();
            while (lines.hasNextValue()) {
                line = lines.getCurrentLocation().getLineNr();
                text.startRow();
                String reason = reader.read(columns.row(line, lines.nextValue()), account, hours);
                if (reason == null) {
                    used++;
                } else {
                    String told = reason.substring(0, Math.min(reason.length(), LONGEST_REASON));
                    boolean isTold = ignored.containsKey(told) || ignored.size() < MOST_REASONS;
                    ignored.merge(isTold ? told : OTHER_REASONS, 1L, Long::sum);
                }
            }
        } catch (IOException e) {
            throw refused(e, field, line);
        }
        return new UsageFile(hours, used, ignored);
    }

    /** The parser wraps what the stream throws in the middle of a row. */
    private static RefusedException refused(IOException thrown, String field, int line) throws IOException {
        IOException e = thrown.getCause() instanceof IOException cause ? cause : thrown;
        if (e instanceof BoundedInput.TooLongException) {
            return refused(field, "Line " + line + " or behind it: " + e.getMessage());
        }
        if (e instanceof ZipException || e instanceof EOFException) {
            return refused(field, "The file is compressed, but not readable: " + e.getMessage());
        }
        if (e instanceof CharConversionException) {
            return refused(field, "The file is not text in UTF-8, or not behind line " + line);
        }
        if (e instanceof JsonProcessingException csv) {
            long at = csv.getLocation() == null ? line : csv.getLocation().getLineNr();
            return refused(field, "Line " + at + " is not CSV: " + csv.getOriginalMessage());
        }
        throw thrown;
    }

    private static InputStream unzipped(InputStream in) throws IOException {
        in.mark(2);
        int magic = in.read() << 8 | in.read();
        in.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(in) : in;
    }

    static RefusedException refused(String field, String message) {
        return Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message).asException();
    }
}
