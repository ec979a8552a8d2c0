package io.cumulet.catalog;

import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A choice of public images. Some are known to one region, some (whose source names none) to all. Thread-safe. */
public final class Images {

    private static final String EVERY_REGION = "*";

    /** What the names of Amazon's own images begin with. */
    private static final List<String> AMAZONS = List.of("al2023-ami", "amzn", "Windows_Server");

    private Images() {}

    private static final class Table {
        static final Map<String, Map<String, Image>> BY_REGION = read();
        static final Set<String> OF_AMAZON = BY_REGION.values().stream()
                .flatMap(images -> images.values().stream())
                .filter(image -> AMAZONS.stream().anyMatch(image.name()::startsWith))
                .map(Image::ownerId)
                .collect(Collectors.toUnmodifiableSet());
    }

    public static Optional<Image> find(Region region, String imageId) {
        Image everywhere = in(EVERY_REGION).get(imageId);
        return Optional.ofNullable(
                everywhere != null ? everywhere : in(region.value()).get(imageId));
    }

    /** Whether an account is one that Amazon publishes its own images from: in each region that has to be opted into, another. */
    public static boolean isOfAmazon(String ownerId) {
        return Table.OF_AMAZON.contains(ownerId);
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
