package io.cumulet.endpoint.templates;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Launch templates in PostgreSQL. Every call is part of the running transaction. */
@ApplicationScoped
class TemplateStore {

    private static final TypeReference<Map<String, String>> TAGS = new TypeReference<>() {};

    private static final String TEMPLATE = """
            SELECT t.template_id, t.name, t.created_at, t.created_by, t.default_version,
                (SELECT max(version) FROM launch_template_version v WHERE v.template_id = t.template_id), t.tags
            FROM launch_template t WHERE t.account = ? AND t.region = ?""";

    private final DataSource dataSource;
    private final ObjectMapper json;

    TemplateStore(DataSource dataSource, ObjectMapper json) {
        this.dataSource = dataSource;
        this.json = json;
    }

    /** Whether it could be kept: not if the name is taken. Its first version is kept besides. */
    boolean insert(LaunchTemplate template, AccountId account, Region region) {
        return update(
                        """
                        INSERT INTO launch_template (template_id, account, region, name, created_at, created_by,
                            default_version, next_version, tags)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb) ON CONFLICT (account, region, name) DO NOTHING""",
                        template.id(),
                        account.value(),
                        region.value(),
                        template.name(),
                        template.createdAt(),
                        template.createdBy(),
                        template.defaultVersion(),
                        template.defaultVersion() + 1,
                        write(template.tags()))
                == 1;
    }

    void insertVersion(TemplateVersion version) {
        update(
                """
                INSERT INTO launch_template_version (template_id, version, description, created_at, created_by, data)
                VALUES (?, ?, ?, ?, ?, ?::jsonb)""",
                version.template().id(),
                version.number(),
                version.description(),
                version.createdAt(),
                version.createdBy(),
                version.data().toString());
    }

    /** All of an account's, or one of them. */
    List<LaunchTemplate> list(AccountId account, Region region) {
        return rows(TEMPLATE, this::template, account.value(), region.value());
    }

    Optional<LaunchTemplate> find(AccountId account, Region region, TemplateName named) {
        return rows(TEMPLATE + condition(named), this::template, account.value(), region.value(), named.text()).stream()
                .findFirst();
    }

    /** The same, locked until the transaction ends; what it has is read once nobody else changes it. */
    Optional<LaunchTemplate> lock(AccountId account, Region region, TemplateName named) {
        List<String> locked = rows(
                "SELECT t.template_id FROM launch_template t WHERE t.account = ? AND t.region = ?" + condition(named)
                        + " FOR UPDATE",
                row -> row.getString(1),
                account.value(),
                region.value(),
                named.text());
        return locked.isEmpty() ? Optional.empty() : find(account, region, TemplateName.ofId(locked.getFirst()));
    }

    private static String condition(TemplateName named) {
        return named.isId() ? " AND t.template_id = ?" : " AND t.name = ?";
    }

    List<TemplateVersion> versions(LaunchTemplate template) {
        return rows(
                """
                SELECT version, description, created_at, created_by, data FROM launch_template_version
                WHERE template_id = ? ORDER BY version DESC""",
                row -> version(row, template),
                template.id());
    }

    Optional<TemplateVersion> version(LaunchTemplate template, long number) {
        return rows(
                        """
                        SELECT version, description, created_at, created_by, data FROM launch_template_version
                        WHERE template_id = ? AND version = ?""",
                        row -> version(row, template),
                        template.id(),
                        number)
                .stream()
                .findFirst();
    }

    /** The number of the next version; it isn't given again. The template is locked. */
    long takeNumber(LaunchTemplate template) {
        return rows(
                        "UPDATE launch_template SET next_version = next_version + 1 WHERE template_id = ? RETURNING next_version - 1",
                        row -> row.getLong(1),
                        template.id())
                .getFirst();
    }

    void setDefault(LaunchTemplate template, long version) {
        update("UPDATE launch_template SET default_version = ? WHERE template_id = ?", version, template.id());
    }

    void setTags(LaunchTemplate template, Map<String, String> tags) {
        update("UPDATE launch_template SET tags = ?::jsonb WHERE template_id = ?", write(tags), template.id());
    }

    void delete(LaunchTemplate template) {
        update("DELETE FROM launch_template WHERE template_id = ?", template.id());
    }

    void deleteVersion(LaunchTemplate template, long number) {
        update(
                "DELETE FROM launch_template_version WHERE template_id = ? AND version = ?",
                template.id(),
                number);
    }

    private LaunchTemplate template(ResultSet row) throws SQLException {
        return new LaunchTemplate(
                row.getString(1),
                row.getString(2),
                instant(row, 3),
                row.getString(4),
                row.getLong(5),
                row.getLong(6),
                read(row.getString(7), TAGS));
    }

    private TemplateVersion version(ResultSet row, LaunchTemplate template) throws SQLException {
        return new TemplateVersion(
                template,
                row.getLong(1),
                row.getString(2),
                instant(row, 3),
                row.getString(4),
                read(row.getString(5), new TypeReference<ObjectNode>() {}));
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private <T> T read(String text, TypeReference<T> type) {
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What a template keeps can't be read", e);
        }
    }

    private String write(Map<String, String> tags) {
        return json.valueToTree(tags).toString();
    }

    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> rows(String sql, Reader<T> reader, Object... values) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = prepared(connection, sql, values);
                ResultSet row = statement.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (row.next()) {
                found.add(reader.read(row));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read launch templates", e);
        }
    }

    private int update(String sql, @Nullable Object... values) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = prepared(connection, sql, values)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep a launch template", e);
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(
                    i + 1, values[i] instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : values[i]);
        }
        return statement;
    }
}
