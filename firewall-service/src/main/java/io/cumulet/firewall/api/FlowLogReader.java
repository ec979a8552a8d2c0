package io.cumulet.firewall.api;

import io.cumulet.firewall.domain.flowlogs.FlowRecord;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads VPC flow logs as text, compressed with gzip or not: the default format of version 2, or any format after a line with the
 * names of its fields, as AWS begins each file in S3 with. Files put one after another are read as one. Memory doesn't grow
 * with the log.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html">Flow log records</a>
 */
final class FlowLogReader {

    /** Uncompressed: a few bytes of gzip can become any number. */
    private static final long MOST_BYTES = 1L << 30;

    private static final int LONGEST_LINE = 8_192;
    private static final int BUFFER = 1 << 16;
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int KNOWN_ADDRESSES = 100_000;
    private static final String NOTHING = "-";

    private static final List<String> VERSION_2 = List.of(
            "version",
            "account-id",
            "interface-id",
            "srcaddr",
            "dstaddr",
            "srcport",
            "dstport",
            "protocol",
            "packets",
            "bytes",
            "start",
            "end",
            "action",
            "log-status");
    private static final List<String> REQUIRED =
            List.of("interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "action");
    private static final Set<String> NO_DATA = Set.of("NODATA", "SKIPDATA");

    private final Consumer<FlowRecord> records;
    private final long mostBytes;
    private final Map<String, IpAddress> addresses = new HashMap<>();
    private Map<String, Integer> columns = columns(VERSION_2);
    private String[] cells = new String[VERSION_2.size()];
    private long line;
    private long withoutData;

    private FlowLogReader(Consumer<FlowRecord> records, long mostBytes) {
        this.records = records;
        this.mostBytes = mostBytes;
    }

    /**
     * Reads a log to its end.
     *
     * @return how many lines say that there was nothing to log, or that something couldn't be
     * @throws RefusedException naming line and field, such as {@code line[17].srcaddr}
     */
    static long read(InputStream in, Consumer<FlowRecord> records) {
        return read(in, records, MOST_BYTES);
    }

    static long read(InputStream in, Consumer<FlowRecord> records, long mostBytes) {
        FlowLogReader reader = new FlowLogReader(records, mostBytes);
        try {
            reader.read(unzipped(new BufferedInputStream(in, BUFFER)));
        } catch (ZipException | EOFException e) {
            throw reader.refused(null, "the log is compressed, but not readable behind it: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return reader.withoutData;
    }

    private static InputStream unzipped(InputStream in) throws IOException {
        in.mark(2);
        int magic = in.read() << Byte.SIZE | in.read();
        in.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(in, BUFFER) : in;
    }

    private void read(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER];
        byte[] text = new byte[LONGEST_LINE];
        int length = 0;
        long bytes = 0;
        line = 1;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            bytes += read;
            if (bytes > mostBytes) {
                throw refused(null, "the log has more than " + mostBytes + " bytes, uncompressed; send it in parts");
            }
            for (int i = 0; i < read; i++) {
                if (buffer[i] == '\n') {
                    take(text, length);
                    length = 0;
                    line++;
                } else if (length < LONGEST_LINE) {
                    text[length++] = buffer[i];
                } else {
                    throw refused(null, "it has more than " + LONGEST_LINE + " bytes");
                }
            }
        }
        take(text, length);
    }

    private void take(byte[] text, int length) {
        if (length == 0) {
            return;
        }
        // Anything but ASCII is no value of any field, and refused as such.
        String read = new String(text, 0, length, StandardCharsets.ISO_8859_1).strip();
        if (read.isEmpty()) {
            return;
        }
        if (!Character.isDigit(read.charAt(0)) && isHeader(read)) {
            columns = header(read);
            cells = new String[columns.size()];
            return;
        }
        split(read);
        if (NO_DATA.contains(optional("log-status"))) {
            withoutData++;
        } else {
            records.accept(flow());
        }
    }

    /** A line of names; a record has digits in some field, wherever its version stands. */
    private static boolean isHeader(String text) {
        return text.contains("addr") && text.chars().noneMatch(c -> c == '.' || c == ':');
    }

    private Map<String, Integer> header(String text) {
        List<String> names = new ArrayList<>();
        for (String name : text.split(" +", -1)) {
            // Parquet's names have underscores.
            names.add(name.replace('_', '-'));
        }
        Map<String, Integer> byName = columns(names);
        for (String name : REQUIRED) {
            if (!byName.containsKey(name)) {
                throw refused(name, "the format has no such field, and it is needed");
            }
        }
        if (byName.size() < names.size()) {
            throw refused(null, "the format has a field twice");
        }
        return byName;
    }

    private static Map<String, Integer> columns(List<String> names) {
        Map<String, Integer> byName = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            byName.put(names.get(i), i);
        }
        return byName;
    }

    private void split(String text) {
        int count = 0;
        int from = 0;
        while (from < text.length()) {
            int to = text.indexOf(' ', from);
            int end = to < 0 ? text.length() : to;
            if (end > from) {
                if (count < cells.length) {
                    cells[count] = text.substring(from, end);
                }
                count++;
            }
            from = end + 1;
        }
        if (count != cells.length) {
            throw refused(null, "the format has " + cells.length + " fields, this line " + count);
        }
    }

    private FlowRecord flow() {
        IpAddress source = address("srcaddr");
        IpAddress destination = address("dstaddr");
        if (source.family() != destination.family()) {
            throw refused("dstaddr", "a flow has two addresses of one family");
        }
        return new FlowRecord(
                required("interface-id"),
                source,
                destination,
                (int) number("srcport", Traffic.HIGHEST_PORT),
                (int) number("dstport", Traffic.HIGHEST_PORT),
                (int) number("protocol", Traffic.HIGHEST_NUMBER),
                optionalNumber("packets", 0),
                optionalNumber("bytes", 0),
                optionalNumber("start", 0),
                accepted(),
                direction(),
                (int) Math.min(optionalNumber("tcp-flags", -1), Integer.MAX_VALUE));
    }

    private boolean accepted() {
        String action = required("action");
        return switch (action) {
            case "ACCEPT" -> true;
            case "REJECT" -> false;
            default -> throw refused("action", "ACCEPT or REJECT is expected, not " + action);
        };
    }

    private @Nullable Direction direction() {
        String said = optional("flow-direction");
        return switch (said) {
            case NOTHING -> null;
            case "ingress" -> Direction.INGRESS;
            case "egress" -> Direction.EGRESS;
            default -> throw refused("flow-direction", "ingress or egress is expected, not " + said);
        };
    }

    private IpAddress address(String field) {
        String text = required(field);
        IpAddress known = addresses.get(text);
        if (known != null) {
            return known;
        }
        IpAddress address = IpAddress.parse(text)
                .orElseThrow(() -> refused(field, "an IPv4 or IPv6 address is expected, not " + text));
        if (addresses.size() >= KNOWN_ADDRESSES) {
            addresses.clear();
        }
        addresses.put(text, address);
        return address;
    }

    private long number(String field, long most) {
        String text = required(field);
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw refused(field, "a whole number from 0 to " + most + " is expected, not " + text);
    }

    private long optionalNumber(String field, long otherwise) {
        return optional(field).equals(NOTHING) ? otherwise : number(field, Long.MAX_VALUE >> 1);
    }

    /** A dash if there is no such field, or nothing in it. */
    private String optional(String field) {
        Integer column = columns.get(field);
        return column == null ? NOTHING : cells[column];
    }

    private String required(String field) {
        String text = optional(field);
        if (text.equals(NOTHING)) {
            throw refused(field, "nothing is there");
        }
        return text;
    }

    private RefusedException refused(@Nullable String field, String message) {
        return Refusal.of(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "line[" + line + "]" + (field == null ? "" : "." + field),
                        "Line " + line + (field == null ? "" : ", field " + field) + ": " + message)
                .asException();
    }
}
