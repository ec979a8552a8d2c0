package io.cumulet.localstack.cli;

import io.cumulet.localstack.SpotHistory;
import io.cumulet.localstack.StackFailure;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a spot price trace of a history in CSV. */
@Command(
        name = "spot-history",
        description = {
            "Turns a spot price history in CSV into the JSON that 'aws ec2 describe-spot-price-history' prints and",
            "POST /v1/spot-price-traces takes. The columns, named in the first line: timestamp,availabilityZone,",
            "instanceType,productDescription,spotPrice. Files whose names end in .gz are compressed."
        })
final class SpotHistoryCommand implements Runnable {

    @Parameters(paramLabel = "FILE", description = "The history, .csv or .csv.gz.")
    private Path file = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where the JSON goes; to the screen if not said.")
    private @Nullable Path output;

    @Option(names = "--availability-zone", paramLabel = "ZONE", description = "Only this zone.")
    private @Nullable String availabilityZone;

    @Option(names = "--instance-type", paramLabel = "TYPE", description = "Only this instance type.")
    private @Nullable String instanceType;

    @Override
    public void run() {
        try {
            if (output == null) {
                convert(new Screen());
            } else {
                write(output);
            }
        } catch (NoSuchFileException e) {
            throw new StackFailure("There is no file " + e.getFile());
        } catch (IOException e) {
            throw new StackFailure("The history can't be converted: " + e.getMessage());
        }
    }

    /** Half a history must not look like a whole one: the file is there once it is complete. */
    private void write(Path to) throws IOException {
        Path part = to.resolveSibling(to.getFileName() + ".part");
        try {
            OutputStream out = Files.newOutputStream(part);
            long count = convert(isPacked(to) ? new GZIPOutputStream(out, 1 << 16) : out);
            Files.move(part, to, StandardCopyOption.REPLACE_EXISTING);
            System.out.println(count + " prices are in " + to);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private long convert(OutputStream to) throws IOException {
        try (OutputStream json = to;
                InputStreamReader csv = new InputStreamReader(unpacked(), StandardCharsets.UTF_8)) {
            return SpotHistory.convert(csv, new SpotHistory.Which(availabilityZone, instanceType), json);
        }
    }

    private InputStream unpacked() throws IOException {
        InputStream in = Files.newInputStream(file);
        return isPacked(file) ? new GZIPInputStream(in, 1 << 16) : in;
    }

    private static boolean isPacked(Path path) {
        return path.toString().endsWith(".gz");
    }

    /** Isn't closed by who writes to it. */
    private static final class Screen extends FilterOutputStream {

        Screen() {
            super(System.out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
