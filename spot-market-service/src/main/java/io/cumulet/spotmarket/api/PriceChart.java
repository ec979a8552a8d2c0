package io.cumulet.spotmarket.api;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.app.Pools;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Prices of pools over time, drawn as SVG: a step line for each pool, a dashed one for on-demand. A price holds until the
 * next, so lines go level and then straight up or down. Of many changes within one pixel the lowest, the highest and the
 * last are drawn: that is all one could see, and all that is kept.
 *
 * @see <a href="https://www.w3.org/TR/SVG2/">Scalable Vector Graphics 2</a>
 */
final class PriceChart {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 400;
    private static final int LEFT = 80;
    private static final int RIGHT = 20;
    private static final int TOP = 30;
    private static final int BOTTOM = 40;
    private static final int LEGEND_LINE = 18;
    private static final int GRID_LINES = 4;
    private static final int PLOT_WIDTH = WIDTH - LEFT - RIGHT;
    private static final int PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;

    /** Told apart by people who see few colours too: Okabe and Ito's. */
    private static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000");

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withZone(ZoneOffset.UTC);

    private final String title;
    private final Instant from;
    private final Instant until;
    private final BigDecimal seconds;
    private final NavigableMap<PoolId, NavigableMap<Integer, Column>> lines = new TreeMap<>();
    private BigDecimal top = BigDecimal.ZERO;
    private @Nullable HourlyRate onDemand;

    /** @param until behind {@code from} */
    PriceChart(String title, Instant from, Instant until) {
        this.title = title;
        this.from = from;
        this.until = until;
        this.seconds = seconds(Duration.between(from, until));
    }

    /** What is to be seen in one pixel of the time's axis. */
    private static final class Column {
        private final BigDecimal last;
        private BigDecimal lowest;
        private BigDecimal highest;

        Column(BigDecimal price) {
            last = price;
            lowest = price;
            highest = price;
        }

        void before(BigDecimal price) {
            lowest = lowest.min(price);
            highest = highest.max(price);
        }
    }

    void onDemand(HourlyRate price) {
        onDemand = price;
        top = top.max(price.usd());
    }

    /** Prices newest first, as the history lists them; what began before the chart holds at its left edge. */
    void add(Pools.Price price) {
        BigDecimal usd = price.price().usd();
        int x = price.from().isBefore(from) ? 0 : x(price.from());
        Column column =
                lines.computeIfAbsent(price.pool(), pool -> new TreeMap<>()).get(x);
        if (column == null) {
            lines.get(price.pool()).put(x, new Column(usd));
        } else {
            column.before(usd);
        }
        top = top.max(usd);
    }

    private int x(Instant moment) {
        return seconds(Duration.between(from, moment))
                .multiply(BigDecimal.valueOf(PLOT_WIDTH))
                .divide(seconds, 0, RoundingMode.DOWN)
                .intValueExact();
    }

    private String y(BigDecimal usd) {
        BigDecimal share = top.signum() == 0 ? BigDecimal.ZERO : usd.divide(top, 6, RoundingMode.HALF_UP);
        return BigDecimal.valueOf(TOP + PLOT_HEIGHT)
                .subtract(share.multiply(BigDecimal.valueOf(PLOT_HEIGHT)))
                .setScale(1, RoundingMode.HALF_UP)
                .toPlainString();
    }

    private static BigDecimal seconds(Duration duration) {
        return BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
    }

    /** The picture. */
    String svg() {
        int height = HEIGHT + LEGEND_LINE * (lines.size() + 1);
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        .formatted(WIDTH, height, WIDTH, height))
                .append(" font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n");
        svg.append("<title>").append(escaped(title)).append("</title>\n");
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        text(svg, LEFT, TOP - 12, "start", title + ", USD per hour");
        axes(svg);
        HourlyRate dashed = onDemand;
        if (dashed != null) {
            String y = y(dashed.usd());
            svg.append("<line x1=\"%d\" y1=\"%s\" x2=\"%d\" y2=\"%s\"".formatted(LEFT, y, WIDTH - RIGHT, y))
                    .append(" stroke=\"#666666\" stroke-dasharray=\"6 4\"/>\n");
            text(svg, LEFT, HEIGHT + LEGEND_LINE - 4, "start", "- - on-demand " + dashed);
        }
        int row = 1;
        for (Map.Entry<PoolId, NavigableMap<Integer, Column>> line : lines.entrySet()) {
            String colour = COLOURS.get((row - 1) % COLOURS.size());
            svg.append("<path fill=\"none\" stroke=\"").append(colour).append("\" stroke-width=\"1.5\" d=\"");
            path(svg, line.getValue());
            svg.append("\"/>\n");
            int y = HEIGHT + LEGEND_LINE * (row + 1) - 4;
            svg.append("<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"3\"/>\n"
                    .formatted(LEFT, y - 4, LEFT + 20, y - 4, colour));
            text(svg, LEFT + 28, y, "start", line.getKey().toString());
            row++;
        }
        return svg.append("</svg>\n").toString();
    }

    private void axes(StringBuilder svg) {
        for (int i = 0; i <= GRID_LINES; i++) {
            BigDecimal usd = top.multiply(BigDecimal.valueOf(i)).divide(BigDecimal.valueOf(GRID_LINES));
            String y = y(usd);
            svg.append("<line x1=\"%d\" y1=\"%s\" x2=\"%d\" y2=\"%s\" stroke=\"#dddddd\"/>\n"
                    .formatted(LEFT, y, WIDTH - RIGHT, y));
            text(svg, LEFT - 6, new BigDecimal(y).intValue() + 4, "end", label(usd));
        }
        text(svg, LEFT, HEIGHT - BOTTOM + 20, "start", MOMENT.format(from) + " UTC");
        text(svg, WIDTH - RIGHT, HEIGHT - BOTTOM + 20, "end", MOMENT.format(until) + " UTC");
    }

    private static String label(BigDecimal usd) {
        return usd.setScale(5, RoundingMode.HALF_UP).toPlainString();
    }

    private void path(StringBuilder svg, NavigableMap<Integer, Column> line) {
        boolean first = true;
        for (Map.Entry<Integer, Column> point : line.entrySet()) {
            Column column = point.getValue();
            int x = LEFT + point.getKey();
            svg.append(first ? "M" : "H").append(x).append(first ? " " : "V").append(y(column.highest));
            first = false;
            svg.append('V').append(y(column.lowest)).append('V').append(y(column.last));
        }
        if (!line.isEmpty()) {
            svg.append('H').append(WIDTH - RIGHT);
        }
    }

    private static void text(StringBuilder svg, int x, int y, String anchor, String text) {
        svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"#222222\">".formatted(x, y, anchor))
                .append(escaped(text))
                .append("</text>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
