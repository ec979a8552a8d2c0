package io.cumulet.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

@EnabledForJreRange(min = JRE.JAVA_19)
class ClassArchivesTest {

    private static final String WRITES = "-XX:+AutoCreateSharedArchive";

    @TempDir
    Path project;

    private StackSettings settings;

    @BeforeEach
    void make() {
        settings = StackSettings.onFreePorts(project, project.resolve("home"));
    }

    @Test
    void anArchiveIsWrittenByItsProgramsFirstProcessAndReadByTheSecond() {
        String archive =
                "-XX:SharedArchiveFile=" + settings.home().resolve("cds").resolve("billing.jsa");
        assertThat(optionsOf("billing")).contains(WRITES, archive);
        assertThat(optionsOf("billing-2")).contains(archive).doesNotContain(WRITES);
        assertThat(settings.home().resolve("cds")).isDirectory();
    }

    @Test
    void anArchiveThatMayBeHalfWrittenIsForgotten() throws IOException {
        optionsOf("billing");
        Path archive = Files.createFile(settings.home().resolve("cds").resolve("billing.jsa"));
        new ClassArchives(settings).forget("billing");
        assertThat(archive).doesNotExist();
    }

    private List<String> optionsOf(String process) {
        return new ClassArchives(settings).options("billing", new DetachedProcess(process, settings));
    }
}
