package io.cumulet.firewall.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cumulet.firewall.domain.RandomNetwork;
import io.cumulet.firewall.domain.flowlogs.FlowAnalysis;
import io.cumulet.firewall.domain.flowlogs.FlowRecord;
import io.cumulet.firewall.domain.flowlogs.FlowReport;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.ListedBlocks;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowLogReaderTest {

    /** From the AWS guide. */
    private static final String EXAMPLE = """
            2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK
            2 123456789010 eni-1235b8ca123456789 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 1418530010 1418530070 REJECT OK
            2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA
            2 123456789010 eni-11111111aaaaaaaaa - - - - - - - 1431280876 1431280934 - SKIPDATA
            2 123456789010 eni-1235b8ca123456789 2001:db8:1234:a100:8d6e:3477:df66:f105 2001:db8:1234:a102:3304:8879:34cf:4071 34892 22 6 54 8855 1477913708 1477913820 ACCEPT OK
            """;

    @Test
    void theGuidesExamplesAreRead() {
        List<FlowRecord> records = new ArrayList<>();
        assertThat(FlowLogReader.read(stream(EXAMPLE), records::add)).isEqualTo(2);
        assertThat(records).hasSize(3);
        assertThat(records.getFirst())
                .isEqualTo(new FlowRecord(
                        "eni-1235b8ca123456789",
                        RandomNetwork.address("172.31.16.139"),
                        RandomNetwork.address("172.31.16.21"),
                        20_641,
                        22,
                        6,
                        20,
                        4_249,
                        1_418_530_010,
                        true,
                        null,
                        -1));
        assertThat(records.get(1).accepted()).isFalse();
    }

    @Test
    void aHeaderSaysTheOrderAndFilesMayFollowOneAnother() throws IOException {
        String log = """
                action interface-id srcaddr dstaddr srcport dstport protocol bytes flow-direction tcp-flags
                ACCEPT eni-1 10.0.0.1 10.0.0.2 50000 443 6 7 egress 2
                version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\r
                2 1 eni-2 10.0.0.2 10.0.0.1 50000 443 6 1 8 0 0 REJECT OK\r

                """;
        List<FlowRecord> plain = new ArrayList<>();
        FlowLogReader.read(stream(log), plain::add);
        assertThat(plain).extracting(FlowRecord::interfaceId).containsExactly("eni-1", "eni-2");
        assertThat(plain.getFirst().direction()).isEqualTo(Direction.EGRESS);
        assertThat(plain.getFirst().tcpFlags()).isEqualTo(2);
        assertThat(plain).extracting(FlowRecord::bytes).containsExactly(7L, 8L);

        List<FlowRecord> zipped = new ArrayList<>();
        FlowLogReader.read(new ByteArrayInputStream(gzip(log)), zipped::add);
        assertThat(zipped).isEqualTo(plain);
        assertThat(FlowLogReader.read(stream(""), plain::add)).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            172.31.9.69     | 172.31.9.690   | line[2].srcaddr
            172.31.9.12     | host           | line[2].dstaddr
            172.31.9.12     | fd00::1        | line[2].dstaddr
            3389            | 65536          | line[2].dstport
            49761           | -1             | line[2].srcport
            49761           | -              | line[2].srcport
            REJECT          | DENY           | line[2].action
            3389 6          | 3389           | line[2]
            3389 6          | 3389 6 6       | line[2]
            3389 6          | 3389 256       | line[2].protocol
            4249 1418530010 1418530070 REJECT | many 1418530010 1418530070 REJECT | line[2].bytes
            """)
    void aFaultNamesLineAndField(String instead, String of, String field) {
        int line = EXAMPLE.indexOf('\n') + 1;
        int at = EXAMPLE.indexOf(instead, line);
        assertThat(at).isPositive();
        String faulty = EXAMPLE.substring(0, at) + of + EXAMPLE.substring(at + instead.length());
        RefusedException refused = refused(stream(faulty));
        assertThat(refused.refusal().field()).isEqualTo(field);
        assertThat(refused.refusal().message()).startsWith("Line 2");
    }

    @Test
    void headersWithoutWhatIsNeededBrokenGzipAndTooMuchAreRefused() throws IOException {
        assertThat(refused(stream("interface-id srcaddr dstaddr\n")).refusal().field())
                .isEqualTo("line[1].srcport");
        byte[] whole = gzip(EXAMPLE.repeat(1_000));
        assertThat(refused(new ByteArrayInputStream(Arrays.copyOf(whole, whole.length / 2)))
                        .refusal()
                        .message())
                .contains("compressed, but not readable");
        assertThat(refused(stream("x".repeat(10_000))).refusal().message()).contains("more than 8192 bytes");
        assertThat(catchThrowableOfType(
                                RefusedException.class,
                                () -> FlowLogReader.read(stream(EXAMPLE), flow -> {}, EXAMPLE.length() - 1))
                        .refusal()
                        .message())
                .contains("uncompressed; send it in parts");
        FlowLogReader.read(stream(EXAMPLE), flow -> {}, EXAMPLE.length());
    }

    @Test
    void aHundredThousandRecordsTakeSeconds() {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rules.add(RandomNetwork.rule("sgr-" + i, RandomNetwork.tcp(1_000 + i, 1_000 + i), "10." + i + ".0.0/16"));
        }
        SecurityGroup group = RandomNetwork.group("sg-1", rules, List.of());
        Member own = RandomNetwork.member(1, List.of(RandomNetwork.address("10.0.0.1")), List.of("sg-1"));
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            String peer = "10." + i % 60 + "." + i / 250 + "." + i % 250;
            String ports = (32_768 + i % 20_000) + " " + (1_000 + i % 60);
            String back = (1_000 + i % 60) + " " + (32_768 + i % 20_000);
            log.append("2 1 eni-1 " + peer + " 10.0.0.1 " + ports + " 6 9 900 1418530010 1418530070 ACCEPT OK\n");
            log.append("2 1 eni-1 10.0.0.1 " + peer + " " + back + " 6 9 900 1418530010 1418530070 ACCEPT OK\n");
        }
        FlowAnalysis analysis = new FlowAnalysis(List.of(own), List.of(group), ListedBlocks.NONE);
        InputStream stream = stream(log.toString());
        long start = System.nanoTime();
        FlowLogReader.read(stream, analysis::add);
        FlowReport report = analysis.finish();
        long millis = (System.nanoTime() - start) / 1_000_000;
        System.out.printf("100000 flow records against 60 rules in %d ms%n", millis);
        assertThat(report.acceptedAsNow()).isEqualTo(50_000);
        assertThat(report.replies()).isEqualTo(50_000);
        assertThat(millis).isLessThan(20_000);
    }

    private static RefusedException refused(InputStream log) {
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> FlowLogReader.read(log, flow -> {}));
        assertThat(refused).isNotNull();
        return refused;
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zipped = new GZIPOutputStream(bytes)) {
            zipped.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
