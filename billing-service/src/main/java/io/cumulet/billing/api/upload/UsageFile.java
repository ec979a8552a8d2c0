package io.cumulet.billing.api.upload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.cumulet.billing.domain.whatifs.InstanceHours;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
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

    /** Kinds of ignored rows that are told apart. */
    private static final int MOST_REASONS = 50;

    private static final String OTHER_REASONS = "others";
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final CsvMapper CSV =
            CsvMapper.builder().enable(CsvParser.Feature.WRAP_AS_ARRAY).build();

    /**
     * Reads a file.
     *
     * @param field the name of the file in the call
     * @param account whose usage it counts as
     * @throws RefusedException that names line and column of what can't be read
     */
    public static UsageFile read(InputStream file, String field, AccountId account) throws IOException {
        InstanceHours hours = new InstanceHours();
        Map<String, Long> ignored = new TreeMap<>();
        long used = 0;
        try (MappingIterator<String[]> lines =
                CSV.readerFor(String[].class).readValues(unzipped(new BufferedInputStream(file)))) {
            if (!lines.hasNext()) {
                throw refused(field, "The file is empty");
            }
            Columns columns = new Columns(field, lines.next());
            RowReader reader = columns.reader();
            while (lines.hasNext()) {
                int line = lines.getCurrentLocation().getLineNr();
                String[] cells = lines.next();
                String reason = reader.read(columns.row(line, cells), account, hours);
                if (reason == null) {
                    used++;
                } else {
                    boolean isTold = ignored.containsKey(reason) || ignored.size() < MOST_REASONS;
                    ignored.merge(isTold ? reason : OTHER_REASONS, 1L, Long::sum);
                }
            }
        } catch (JsonProcessingException e) {
            throw refused(field, "Line " + e.getLocation().getLineNr() + " is not CSV: " + e.getOriginalMessage());
        } catch (RuntimeJsonMappingException e) {
            throw refused(field, "This is not a CSV file");
        } catch (ZipException e) {
            throw refused(field, "The file is compressed, but not readable: " + e.getMessage());
        }
        return new UsageFile(hours, used, ignored);
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
