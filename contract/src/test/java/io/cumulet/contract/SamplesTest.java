package io.cumulet.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SamplesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @EnumSource(EventType.class)
    void everySampleIsValidAndSaysTheSameAfterReadingAndWriting(EventType type) throws Exception {
        JsonNode sample = JSON.readTree(Schemas.sample(type));
        assertThat(schema(type).validate(sample)).isEmpty();
        Record read = ContractJson.read(Schemas.sample(type), type.payload());
        assertThat(JSON.readTree(ContractJson.write(read))).isEqualTo(sample);
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void everySchemaNamesExactlyTheFieldsOfItsRecord(EventType type) throws Exception {
        TreeSet<String> inSchema = new TreeSet<>();
        JSON.readTree(Schemas.schema(type)).get("properties").fieldNames().forEachRemaining(inSchema::add);
        TreeSet<String> inRecord = new TreeSet<>();
        Arrays.stream(type.payload().getRecordComponents())
                .map(RecordComponent::getName)
                .forEach(inRecord::add);
        assertThat(inSchema).isEqualTo(inRecord);
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void aFieldOfTomorrowDoesNotStopAReaderOfToday(EventType type) throws Exception {
        String sample = new String(Schemas.sample(type), StandardCharsets.UTF_8);
        String tomorrow = sample.replaceFirst("\\{", "{\"fieldOfTomorrow\": {\"a\": [1]},");
        assertThat(schema(type).validate(JSON.readTree(tomorrow))).isEmpty();
        assertThat(ContractJson.read(tomorrow.getBytes(StandardCharsets.UTF_8), type.payload()))
                .isEqualTo(ContractJson.read(Schemas.sample(type), type.payload()));
    }

    /** The fields that came after the first version: an allocation that starts a stopped instance again. */
    @Test
    void theAllocationOfAStoppedInstanceIsValidAndAReaderOfYesterdayReadsIt() throws Exception {
        byte[] sample;
        try (InputStream stream = Schemas.class.getResourceAsStream("/samples/spot.allocated.v1.restart.json")) {
            sample = stream.readAllBytes();
        }
        assertThat(schema(EventType.SPOT_ALLOCATED).validate(JSON.readTree(sample)))
                .isEmpty();
        SpotAllocation read = ContractJson.read(sample, SpotAllocation.class);
        assertThat(JSON.readTree(ContractJson.write(read))).isEqualTo(JSON.readTree(sample));
        assertThat(read.instanceId()).isEqualTo("i-0a0a0a0a0a0a0a0a0");
        assertThat(ContractJson.read(sample, YesterdaysSpotAllocation.class).unit())
                .isEqualTo(2);
        assertThat(ContractJson.read(Schemas.sample(EventType.SPOT_ALLOCATED), SpotAllocation.class)
                        .instanceId())
                .isNull();
    }

    /** What came after the first version: a launch that made a persistent spot request. */
    @Test
    void theLaunchOfAPersistentSpotRequestIsValidAndSaysTheSameAfterReadingAndWriting() throws Exception {
        byte[] sample;
        try (InputStream stream = Schemas.class.getResourceAsStream("/samples/instance.requested.v1.persistent.json")) {
            sample = stream.readAllBytes();
        }
        assertThat(schema(EventType.INSTANCE_REQUESTED).validate(JSON.readTree(sample)))
                .isEmpty();
        InstanceSnapshot read = ContractJson.read(sample, InstanceSnapshot.class);
        assertThat(JSON.readTree(ContractJson.write(read))).isEqualTo(JSON.readTree(sample));
        assertThat(read.launchedAnew().options()).containsKey("monitoring");
    }

    /** The kind of commitment that came after the first version. */
    @Test
    void scheduledReservedInstancesAreValidAndSayTheSameAfterReadingAndWriting() throws Exception {
        byte[] sample;
        try (InputStream stream =
                Schemas.class.getResourceAsStream("/samples/commitment.purchased.v1.scheduled.json")) {
            sample = stream.readAllBytes();
        }
        assertThat(schema(EventType.COMMITMENT_PURCHASED).validate(JSON.readTree(sample)))
                .isEmpty();
        CommitmentSnapshot read = ContractJson.read(sample, CommitmentSnapshot.class);
        assertThat(JSON.readTree(ContractJson.write(read))).isEqualTo(JSON.readTree(sample));
        assertThat(ContractJson.read(Schemas.sample(EventType.COMMITMENT_PURCHASED), CommitmentSnapshot.class)
                        .schedule())
                .isNull();
    }

    private record YesterdaysSpotAllocation(
            String spotRequestId,
            int unit,
            String account,
            String region,
            String availabilityZone,
            Instant occurredAt,
            String imageId,
            String instanceType,
            String maxPrice,
            String interruptionBehavior,
            String subnetId,
            String keyName,
            List<String> securityGroupIds,
            Map<String, String> tags) {}

    private static JsonSchema schema(EventType type) throws Exception {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(JSON.readTree(Schemas.schema(type)));
    }
}
