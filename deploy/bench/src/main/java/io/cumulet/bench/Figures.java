package io.cumulet.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Named figures, printed as they come and written as JSON at the end. */
final class Figures {

    private final Map<String, Object> figures = new LinkedHashMap<>();

    void put(String name, double value, String unit, String remark) {
        figures.put(name + " [" + unit + "]", value);
        System.out.printf(Locale.ROOT, "  %-46s %12.2f %-10s %s%n", name, value, unit, remark);
    }

    /** Median, 99th percentile and maximum of latencies that were recorded in microseconds. */
    void latency(String name, Histogram micros, String remark) {
        put(name + " p50", micros.getValueAtPercentile(50) / 1000.0, "ms", remark);
        put(name + " p99", micros.getValueAtPercentile(99) / 1000.0, "ms", "");
        put(name + " max", micros.getMaxValue() / 1000.0, "ms", "");
    }

    void heading(String text) {
        System.out.printf("%n%s%n", text);
    }

    void write(Path file) throws IOException {
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), figures);
    }
}
