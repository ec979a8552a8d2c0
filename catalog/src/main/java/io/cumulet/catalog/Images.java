package io.cumulet.catalog;

import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A choice of public images. Some are known to one region, some (whose source names none) to all. Thread-safe. */
public final class Images {

    private static final String EVERY_REGION = "*";

    private Images() {}

    private static final class Table {
        static final Map<String, Map<String, Image>> BY_REGION = read();
    }

    public static Optional<Image> find(Region region, String imageId) {
        Image everywhere = in(EVERY_REGION).get(imageId);
        return Optional.ofNullable(
                everywhere != null ? everywhere : in(region.value()).get(imageId));
    }

    /** All images of a region, ordered by id. */
    public static List<Image> of(Region region) {
        return Stream.concat(in(EVERY_REGION).values().stream(), in(region.value()).values().stream())
                .sorted(Comparator.comparing(Image::imageId))
                .toList();
    }

    private static Map<String, Image> in(String region) {
        return Table.BY_REGION.getOrDefault(region, Map.of());
    }

    private static Map<String, Map<String, Image>> read() {
        Map<String, Map<String, Image>> regions = new HashMap<>();
        for (Csv.Row row : Csv.read("images.csv")) {
            Image image = new Image(
                    row.text("imageId"),
                    OperatingSystem.ofCode(row.text("os")).orElseThrow(),
                    Architecture.ofCode(row.text("architecture")).orElseThrow(),
                    row.text("rootDeviceName"),
                    row.text("ownerId"),
                    row.text("name"),
                    LocalDate.parse(row.text("asOf")));
            regions.computeIfAbsent(row.text("region"), region -> new HashMap<>())
                    .put(image.imageId(), image);
        }
        return regions;
    }
}
