package io.cumulet.billing.api.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageFileTest {

    private static final AccountId ACCOUNT = new AccountId("123456789012");

    private static final String REPORT = """
            lineItem/LineItemType,lineItem/ProductCode,lineItem/UsageType,lineItem/Operation,lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/UsageAmount,lineItem/ResourceId,lineItem/AvailabilityZone,product/region
            Usage,AmazonEC2,BoxUsage:m5.large,RunInstances,2026-01-01T01:00:00Z,2026-01-01T02:00:00Z,1.0000000000,i-1,us-east-1a,us-east-1
            Usage,AmazonEC2,BoxUsage:m5.large,RunInstances,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,0.5000000000,i-1,us-east-1a,us-east-1
            DiscountedUsage,AmazonEC2,BoxUsage:m5.large,RunInstances:0002,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,1,i-2,us-east-1b,us-east-1
            SavingsPlanCoveredUsage,AmazonEC2,EU-BoxUsage:c5.xlarge,RunInstances,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,48,,,eu-west-1
            Usage,AmazonEC2,SpotUsage:m5.large,RunInstances:SV001,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,1,i-3,us-east-1a,us-east-1
            Usage,AmazonEC2,DedicatedUsage:m5.large,RunInstances,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,1,i-4,us-east-1a,us-east-1
            Usage,AmazonEC2,EBS:VolumeUsage.gp2,,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,0.1,vol-1,,us-east-1
            Usage,AmazonS3,TimedStorage-ByteHrs,,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,7,bucket,,us-east-1
            RIFee,AmazonEC2,HeavyUsage:m5.large,RunInstances,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,744,,,us-east-1
            """;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCostAndUsageReportOfEitherVersionCompressedOrNot(boolean isTwo) throws IOException {
        String text = isTwo
                ? REPORT.replace("lineItem/LineItemType", "line_item_line_item_type")
                        .replace("lineItem/ProductCode", "line_item_product_code")
                        .replace("lineItem/UsageType", "line_item_usage_type")
                        .replace("lineItem/Operation", "line_item_operation")
                        .replace("lineItem/UsageStartDate", "line_item_usage_start_date")
                        .replace("lineItem/UsageEndDate", "line_item_usage_end_date")
                        .replace("lineItem/UsageAmount", "line_item_usage_amount")
                        .replace("lineItem/ResourceId", "line_item_resource_id")
                        .replace("lineItem/AvailabilityZone", "line_item_availability_zone")
                        .replace("product/region", "product_region_code")
                : REPORT;

        UsageFile file = UsageFile.read(
                new ByteArrayInputStream(isTwo ? zipped(text) : text.getBytes(StandardCharsets.UTF_8)),
                "usage",
                ACCOUNT);

        assertThat(file.hours().runs().orElseThrow())
                .extracting(UsageFileTest::describe)
                .containsExactlyInAnyOrder(
                        "i-1 us-east-1a m5.large linux default on-demand 2026-01-01T00:30:00Z 5400",
                        "i-2 us-east-1b m5.large windows default on-demand 2026-01-01T00:00:00Z 3600",
                        // 48 hours in a day are two instances.
                        "without id eu-west-1a c5.xlarge linux default on-demand 2026-01-01T00:00:00Z 86400",
                        "without id#2 eu-west-1a c5.xlarge linux default on-demand 2026-01-01T00:00:00Z 86400",
                        "i-3 us-east-1a m5.large linux default spot 2026-01-01T00:00:00Z 3600",
                        "i-4 us-east-1a m5.large linux dedicated on-demand 2026-01-01T00:00:00Z 3600");
        assertThat(file.usedRows()).isEqualTo(6);
        assertThat(file.ignoredRows())
                .isEqualTo(Map.of("no instance-hours: EBS", 1L, "product AmazonS3", 1L, "line item type RIFee", 1L));
    }

    @Test
    void awssOwnFocusFileSaysWhatRanInColumnsOfItsOwn() throws IOException {
        UsageFile file = read("""
                ChargeCategory,ChargePeriodStart,ConsumedQuantity,ConsumedUnit,RegionId,AvailabilityZone,ResourceId,ResourceType,PricingCategory,SkuPriceDetails,x_UsageType,x_Operation,ServiceName
                Usage,2026-01-01T00:00:00Z,0.25,Hrs,us-east-1,,i-1,,Standard,,BoxUsage:t3.micro,RunInstances,EC2
                Usage,2026-01-01 01:00:00,1,Hours,us-east-1,us-east-1c,i-2,Instance,Dynamic,"{""InstanceType"": ""m5.large"", ""OperatingSystem"": ""Linux""}",,,EC2
                Usage,2026-01-01T00:00:00Z,3,GB,us-east-1,,b,,Standard,,TimedStorage,,S3
                Tax,2026-01-01T00:00:00Z,,,,,,,,,,,
                """);

        assertThat(file.hours().runs().orElseThrow())
                .extracting(UsageFileTest::describe)
                .containsExactlyInAnyOrder(
                        "i-1 us-east-1a t3.micro linux default on-demand 2026-01-01T00:00:00Z 900",
                        "i-2 us-east-1c m5.large linux default spot 2026-01-01T01:00:00Z 3600");
        assertThat(file.ignoredRows()).isEqualTo(Map.of("charge category Tax", 1L, "no instance-hours: S3", 1L));
    }

    @Test
    void aFocusRowForADayHasItsHoursSpreadOverIt() throws IOException {
        UsageFile file = read("""
                ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ConsumedQuantity,ConsumedUnit,RegionId,ResourceId,x_UsageType,x_Operation
                Usage,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,48,Hours,us-east-1,i-1,BoxUsage:t3.micro,RunInstances
                """);

        assertThat(file.hours().runs().orElseThrow())
                .extracting(UsageFileTest::describe)
                .containsExactlyInAnyOrder(
                        "i-1 us-east-1a t3.micro linux default on-demand 2026-01-01T00:00:00Z 86400",
                        "i-1#2 us-east-1a t3.micro linux default on-demand 2026-01-01T00:00:00Z 86400");
    }

    @ParameterizedTest
    @CsvSource({
        "0.5000000000, many, usage[3].lineItem/UsageAmount",
        "0.5000000000, -1, usage[3].lineItem/UsageAmount",
        "0.5000000000, 1e999999999, usage[3].lineItem/UsageAmount",
        "'2026-01-01T01:00:00Z,2026', 'noon,2026', usage[2].lineItem/UsageStartDate",
        "'2026-01-01T01:00:00Z,2026', '1999-12-31T23:00:00Z,2026', usage[2].lineItem/UsageStartDate",
        "'2026-01-01T02:00:00Z,1', '+999999999-01-01T02:00:00Z,1', usage[2].lineItem/UsageEndDate",
        "'RunInstances:SV001,2026-01-01T00:00:00Z,2026-01-01', 'RunInstances:SV001,2028-01-01T00:00:00Z,2028-01-01', usage[6].lineItem/UsageStartDate",
        "0.5000000000, 1e30, usage[3].lineItem/UsageAmount",
        "'1,i-2,us-east-1b', '1,i-2,moon', usage[4].lineItem/AvailabilityZone",
    })
    void aBadRowIsRefusedWithLineAndColumn(String from, String to, String field) {
        String text = REPORT.replace(from, to);

        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.refusal().field()).isEqualTo(field));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T00:00:00Z, 1000000000, Hours, ConsumedQuantity",
        "2026-01-01T00:00:00Z, 36000001, seconds, ConsumedQuantity",
        "2026-01-01T00:00:00Z, 1e30, Hours, ConsumedQuantity",
        "+999999999-01-01T00:00:00Z, 1, Hours, ChargePeriodStart",
        "1970-01-01T00:00:00Z, 1, Hours, ChargePeriodStart",
        "9999-12-31T00:00:00Z, 1, Hours, ChargePeriodStart",
        "2027-01-02T00:00:00Z, 1, Hours, ChargePeriodStart",
    })
    void aFewBytesCanNotStandForMoreThanCanBeRated(String start, String quantity, String unit, String column) {
        String text = """
                ChargeCategory,ChargePeriodStart,ConsumedQuantity,ConsumedUnit,RegionId,x_UsageType,x_Operation
                Usage,2026-01-01T00:00:00Z,1,Hours,us-east-1,BoxUsage:t3.micro,RunInstances
                Usage,%s,%s,%s,us-east-1,BoxUsage:t3.micro,RunInstances
                """.formatted(start, quantity, unit);

        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.refusal().field()).isEqualTo("usage[3]." + column));
    }

    @Test
    void aFileThatIsCutOffAnywhereIsRefused() throws IOException {
        byte[] whole = zipped(REPORT);
        for (int length = 2; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertRefused(cut, "compressed, but not readable");
        }
    }

    @Test
    void whatIsNotTextIsRefused() {
        assertRefused((REPORT + "Usage,\u00e9\n").getBytes(StandardCharsets.ISO_8859_1), "UTF-8");
    }

    @Test
    void aRowThatIsLongOnlyWhenItIsUncompressedIsRefused() throws IOException {
        byte[] bomb = zipped(REPORT + ",".repeat(2 << 20));

        assertThat(bomb).hasSizeLessThan(10_000);
        assertRefused(bomb, "Line 11 or behind it: a row has more than 1 MiB");
    }

    @Test
    void aFileEndsWithItsGibibyteHoweverShortItsRowsAre() {
        byte[] chunk = new byte[1 << 20];
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                return length;
            }
        };
        BoundedInput input = new BoundedInput(endless);

        assertThatThrownBy(() -> {
                    for (long read = 0; read < 2 * BoundedInput.MOST_BYTES; read += input.read(chunk)) {
                        input.startRow();
                    }
                })
                .isInstanceOf(BoundedInput.TooLongException.class)
                .hasMessageContaining("1 GiB");
    }

    private static void assertRefused(byte[] file, String cause) {
        assertThatThrownBy(() -> UsageFile.read(new ByteArrayInputStream(file), "usage", ACCOUNT))
                .isInstanceOfSatisfying(RefusedException.class, e -> {
                    assertThat(e.refusal().field()).isEqualTo("usage");
                    assertThat(e.refusal().message()).contains(cause);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,b\n1,2\n", "ChargePeriodStart\n\"2026"})
    void whatIsNoUsageFileIsRefused(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.refusal().field()).startsWith("usage"));
    }

    private static UsageFile read(String text) throws IOException {
        return UsageFile.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "usage", ACCOUNT);
    }

    private static byte[] zipped(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private static String describe(UsageRun run) {
        return String.join(
                " ",
                List.of(
                        run.instanceId(),
                        run.thing().zone().value(),
                        run.thing().instanceType().value(),
                        run.thing().os().code(),
                        run.thing().tenancy().code(),
                        run.thing().market().code(),
                        run.startedAt().toString(),
                        String.valueOf(run.end().seconds())));
    }
}
