package io.cumulet.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartCachesTest {

    private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path project;

    private StackSettings settings;
    private DetachedProcess process;
    private Path installed;
    private Path cache;

    @BeforeEach
    void aServiceIsInstalledAndACacheIsThere() throws IOException {
        assumeTrue(StartCaches.canTrain(), "AOT caches need Java 25");
        settings = StackSettings.onFreePorts(project, project.resolve("home"));
        process = new DetachedProcess("billing", settings);
        installed = Installation.directory(settings, "billing");
        at(installed.resolve("quarkus-run.jar"), BUILT);
        at(installed.resolve("lib").resolve("some.jar"), BUILT);
        cache = settings.home()
                .resolve("aot")
                .resolve(Runtime.version().toString())
                .resolve("billing.aot");
        at(cache, BUILT.plusSeconds(60));
    }

    @Test
    void aCacheThatIsNewerThanAllItWasMadeFromIsUsed() {
        assertThat(options()).containsExactly("-XX:AOTCache=" + cache);
    }

    @Test
    void afterANewBuildOfAnyJarItIsNot() throws IOException {
        at(installed.resolve("lib").resolve("some.jar"), BUILT.plusSeconds(120));
        assertThat(options()).noneMatch(option -> option.contains("AOTCache"));
    }

    @Test
    void withoutOneThereIsAnArchiveThatMakesItself() throws IOException {
        Files.delete(cache);
        assertThat(options()).contains("-XX:+AutoCreateSharedArchive");
    }

    @Test
    void aStackForTrainingWritesOneAndTheStackItIsForTakesIt() throws IOException {
        StackSettings beside = StackSettings.onFreePorts(project, project.resolve("training"));
        StartCaches training = StartCaches.training(beside);
        assertThat(training.options("billing", process, installed))
                .anyMatch(option -> option.startsWith("-XX:AOTCacheOutput=" + beside.home()));
        Path written = beside.home()
                .resolve("aot")
                .resolve(Runtime.version().toString())
                .resolve("billing.aot");
        at(written, BUILT.plusSeconds(90));

        StartCaches.of(settings).takeFrom(training);

        assertThat(written).doesNotExist();
        assertThat(Files.getLastModifiedTime(cache).toInstant()).isEqualTo(BUILT.plusSeconds(90));
    }

    private List<String> options() {
        return StartCaches.of(settings).options("billing", process, installed);
    }

    private static void at(Path file, Instant modified) throws IOException {
        Files.createDirectories(file.getParent());
        if (!Files.exists(file)) {
            Files.createFile(file);
        }
        Files.setLastModifiedTime(file, FileTime.from(modified));
    }
}
