package io.cumulet.instances.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.instances.domain.lifecycle.InstanceState;
import io.cumulet.instances.domain.lifecycle.InterruptionBehavior;
import io.cumulet.instances.domain.lifecycle.SpotTerms;
import io.cumulet.instances.domain.lifecycle.StateReason;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Instances as rows and back. */
final class InstanceRows {

    static final String COLUMNS = """
            instance_id, account, az, version, run, state, state_entered_at, reservation_id, launch_index, image_id, os, \
            architecture, vpc_id, subnet_id, key_name, instance_type, max_price, spot_request_id, \
            interruption_behavior, interruption_action_at, host_id, private_address, group_ids, tags, \
            termination_protected, launch_time, reason_code, reason_message, scheduled_instance_id, \
            rebalance_recommended_at, options""";

    private static final ObjectMapper JSON = new ObjectMapper();
    /** What isn't said isn't stored, what isn't known any more isn't read; that methods answer is no field. */
    private static final ObjectMapper SAID = JsonMapper.builder()
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .build();

    private static final TypeReference<Map<String, String>> TAGS = new TypeReference<>() {};

    private InstanceRows() {}

    /** An instance but for its interfaces. */
    static Instance read(ResultSet row) throws SQLException {
        String reasonCode = row.getString("reason_code");
        return new Instance(
                row.getString("instance_id"),
                new AccountId(row.getString("account")),
                new AvailabilityZone(row.getString("az")),
                row.getLong("version"),
                row.getInt("run"),
                InstanceState.ofCode(row.getString("state")).orElseThrow(),
                instant(row, "state_entered_at"),
                new Instance.Launch(
                        row.getString("reservation_id"),
                        row.getInt("launch_index"),
                        row.getString("image_id"),
                        OperatingSystem.ofCode(row.getString("os")).orElseThrow(),
                        row.getString("architecture"),
                        row.getString("vpc_id"),
                        row.getString("subnet_id"),
                        row.getString("key_name"),
                        row.getString("scheduled_instance_id")),
                new InstanceType(row.getString("instance_type")),
                spot(row),
                nullableInstant(row, "rebalance_recommended_at"),
                nullableInstant(row, "interruption_action_at"),
                row.getString("host_id"),
                row.getString("private_address"),
                texts(row.getArray("group_ids")),
                tags(row.getString("tags")),
                row.getBoolean("termination_protected"),
                instant(row, "launch_time"),
                reasonCode == null ? null : new StateReason(reasonCode, row.getString("reason_message")),
                List.of(),
                options(row.getString("options")));
    }

    private static @Nullable SpotTerms spot(ResultSet row) throws SQLException {
        String maxPrice = row.getString("max_price");
        return maxPrice == null
                ? null
                : new SpotTerms(
                        HourlyRate.of(maxPrice),
                        row.getString("spot_request_id"),
                        InterruptionBehavior.ofCode(row.getString("interruption_behavior"))
                                .orElseThrow());
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant nullableInstant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    static Map<String, String> tags(String json) {
        if (json.equals("{}")) {
            return Map.of();
        }
        try {
            return Map.copyOf(JSON.readValue(json, TAGS));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Tags are stored as a JSON object", e);
        }
    }

    static String json(Map<String, String> tags) {
        if (tags.isEmpty()) {
            return "{}";
        }
        try {
            return JSON.writeValueAsString(tags);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Tags can always be written", e);
        }
    }

    private static InstanceOptions options(@Nullable String json) {
        if (json == null) {
            return InstanceOptions.NONE;
        }
        try {
            return SAID.readValue(json, InstanceOptions.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Options are stored as a JSON object", e);
        }
    }

    private static @Nullable String options(Instance instance) {
        if (instance.options().equals(InstanceOptions.NONE)) {
            return null;
        }
        try {
            return SAID.writeValueAsString(instance.options());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Options can always be written", e);
        }
    }

    private static @Nullable Instant terminatedAt(Instance instance) {
        return instance.state() == InstanceState.TERMINATED ? instance.stateEnteredAt() : null;
    }

    static void insert(SqlScript script, Collection<Instance> instances) {
        if (instances.isEmpty()) {
            return;
        }
        script.statement("""
                        INSERT INTO instance (instance_id, account, region, az, version, run, state, state_entered_at,
                            reservation_id, launch_index, image_id, os, architecture, vpc_id, subnet_id, key_name,
                            instance_type, max_price, spot_request_id, interruption_behavior, interruption_action_at,
                            host_id, private_address, group_ids, tags, termination_protected, launch_time,
                            reason_code, reason_message, terminated_at, scheduled_instance_id, options)
                        SELECT i.id, i.account, i.region, i.az, i.version, i.run, i.state, i.state_entered_at,
                            i.reservation_id, i.launch_index, i.image_id, i.os, i.architecture, i.vpc_id, i.subnet_id,
                            i.key_name, i.instance_type, i.max_price, i.spot_request_id, i.behavior, i.action_at,
                            i.host_id, i.address, string_to_array(i.groups, ','), i.tags::jsonb, i.protected,
                            i.launch_time, i.reason_code, i.reason_message, i.terminated_at,
                            i.scheduled_instance_id, i.options::jsonb
                        FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                            AS i (id, account, region, az, version, run, state, state_entered_at, reservation_id,
                                  launch_index, image_id, os, architecture, vpc_id, subnet_id, key_name, instance_type,
                                  max_price, spot_request_id, behavior, action_at, host_id, address, groups, tags,
                                  protected, launch_time, reason_code, reason_message, terminated_at, scheduled_instance_id,
                                  options)""")
                .column("text", instances, Instance::id)
                .column("text", instances, instance -> instance.account().value())
                .column("text", instances, instance -> instance.region().value())
                .column("text", instances, instance -> instance.zone().value())
                .column("bigint", instances, Instance::version)
                .column("integer", instances, Instance::run)
                .column("text", instances, instance -> instance.state().code())
                .column("timestamptz", instances, Instance::stateEnteredAt)
                .column("text", instances, instance -> instance.launch().reservationId())
                .column("integer", instances, instance -> instance.launch().index())
                .column("text", instances, instance -> instance.launch().imageId())
                .column("text", instances, instance -> instance.launch().os().code())
                .column("text", instances, instance -> instance.launch().architecture())
                .column("text", instances, instance -> instance.launch().vpcId())
                .column("text", instances, instance -> instance.launch().subnetId())
                .column("text", instances, instance -> instance.launch().keyName())
                .column("text", instances, instance -> instance.type().value())
                .column(
                        "text",
                        instances,
                        instance -> instance.spot() == null
                                ? null
                                : instance.spot().maxPrice().toString())
                .column(
                        "text",
                        instances,
                        instance ->
                                instance.spot() == null ? null : instance.spot().requestId())
                .column(
                        "text",
                        instances,
                        instance -> instance.spot() == null
                                ? null
                                : instance.spot().behavior().code())
                .column("timestamptz", instances, Instance::interruptionActionAt)
                .column("text", instances, Instance::hostId)
                .column("text", instances, Instance::privateAddress)
                .column("text", instances, instance -> String.join(",", instance.groupIds()))
                .column("text", instances, instance -> json(instance.tags()))
                .column("boolean", instances, Instance::terminationProtected)
                .column("timestamptz", instances, Instance::launchTime)
                .column(
                        "text",
                        instances,
                        instance -> instance.stateReason() == null
                                ? null
                                : instance.stateReason().code())
                .column(
                        "text",
                        instances,
                        instance -> instance.stateReason() == null
                                ? null
                                : instance.stateReason().message())
                .column("timestamptz", instances, InstanceRows::terminatedAt)
                .column("text", instances, instance -> instance.launch().scheduledInstanceId())
                .column("text", instances, InstanceRows::options);
    }

    static void update(SqlScript script, Collection<Instance> instances) {
        if (instances.isEmpty()) {
            return;
        }
        script.statement("""
                        UPDATE instance SET version = i.version, run = i.run, state = i.state,
                            state_entered_at = i.state_entered_at, instance_type = i.instance_type,
                            interruption_action_at = i.action_at, host_id = i.host_id, private_address = i.address,
                            group_ids = string_to_array(i.groups, ','), tags = i.tags::jsonb,
                            termination_protected = i.protected, launch_time = i.launch_time,
                            reason_code = i.reason_code, reason_message = i.reason_message,
                            terminated_at = i.terminated_at, rebalance_recommended_at = i.rebalance_at,
                            options = i.options::jsonb
                        FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                            AS i (id, version, run, state, state_entered_at, instance_type, action_at, host_id, address,
                                  groups, tags, protected, launch_time, reason_code, reason_message, terminated_at,
                                  rebalance_at, options)
                        WHERE instance.instance_id = i.id""")
                .column("text", instances, Instance::id)
                .column("bigint", instances, Instance::version)
                .column("integer", instances, Instance::run)
                .column("text", instances, instance -> instance.state().code())
                .column("timestamptz", instances, Instance::stateEnteredAt)
                .column("text", instances, instance -> instance.type().value())
                .column("timestamptz", instances, Instance::interruptionActionAt)
                .column("text", instances, Instance::hostId)
                .column("text", instances, Instance::privateAddress)
                .column("text", instances, instance -> String.join(",", instance.groupIds()))
                .column("text", instances, instance -> json(instance.tags()))
                .column("boolean", instances, Instance::terminationProtected)
                .column("timestamptz", instances, Instance::launchTime)
                .column(
                        "text",
                        instances,
                        instance -> instance.stateReason() == null
                                ? null
                                : instance.stateReason().code())
                .column(
                        "text",
                        instances,
                        instance -> instance.stateReason() == null
                                ? null
                                : instance.stateReason().message())
                .column("timestamptz", instances, InstanceRows::terminatedAt)
                .column("timestamptz", instances, Instance::rebalanceRecommendedAt)
                .column("text", instances, InstanceRows::options);
    }
}
