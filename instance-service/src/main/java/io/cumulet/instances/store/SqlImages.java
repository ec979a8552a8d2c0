package io.cumulet.instances.store;

import io.cumulet.catalog.Architecture;
import io.cumulet.instances.app.ImageStore;
import io.cumulet.instances.domain.images.AccountImage;
import io.cumulet.instances.domain.images.ImageState;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Accounts' images in PostgreSQL. */
@ApplicationScoped
public class SqlImages implements ImageStore {

    private static final String SELECT = """
            SELECT image_id, account, region, name, description, os, architecture, root_device_name, source_instance_id,
                source_image_id, source_image_region, state, is_public, launch_accounts, deprecated_at, tags, created_at
            FROM image WHERE\s""";

    private final DataSource dataSource;

    public SqlImages(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public boolean insert(AccountImage image) {
        AccountImage.Software software = image.software();
        AccountImage.Source source = image.source();
        Region sourceRegion = source.imageRegion();
        return update(
                        """
                        INSERT INTO image (image_id, account, region, name, description, os, architecture, root_device_name,
                            source_instance_id, source_image_id, source_image_region, state, is_public, launch_accounts,
                            deprecated_at, tags, created_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::boolean, ?, ?::timestamptz, ?::jsonb, ?::timestamptz)
                        ON CONFLICT (account, region, name) WHERE state <> 'deregistered' DO NOTHING""",
                        image.id(),
                        image.account().value(),
                        image.region().value(),
                        image.name(),
                        image.description(),
                        software.os().code(),
                        software.architecture().code(),
                        software.rootDeviceName(),
                        source.instanceId(),
                        source.imageId(),
                        sourceRegion == null ? null : sourceRegion.value(),
                        image.state().code(),
                        String.valueOf(image.isPublic()),
                        accounts(image),
                        text(image.deprecatedAt()),
                        InstanceRows.json(image.tags()),
                        image.createdAt().toString())
                == 1;
    }

    @Override
    public Optional<AccountImage> find(String imageId, Region region) {
        return one(imageId, region, "");
    }

    @Override
    public Optional<AccountImage> lock(String imageId, Region region) {
        return one(imageId, region, " FOR UPDATE");
    }

    private Optional<AccountImage> one(String imageId, Region region, String how) {
        return new RowQuery(SELECT + "image_id = ?", imageId)
                .and("region = ?", region.value()).then(how).rows(dataSource, SqlImages::read).stream()
                        .findFirst();
    }

    @Override
    public List<AccountImage> seenBy(AccountId account, Region region) {
        return new RowQuery(SELECT + "region = ?", region.value())
                .and("state <> 'deregistered' AND (account = ?", account.value())
                .then(" OR state = 'available' AND (is_public")
                .then(" OR launch_accounts @> ARRAY['" + account.value() + "']))")
                .rows(dataSource, SqlImages::read);
    }

    @Override
    public void update(AccountImage image) {
        update(
                """
                UPDATE image SET description = ?, state = ?, is_public = ?::boolean, launch_accounts = ?,
                    deprecated_at = ?::timestamptz, tags = ?::jsonb
                WHERE image_id = ?""",
                image.description(),
                image.state().code(),
                String.valueOf(image.isPublic()),
                accounts(image),
                text(image.deprecatedAt()),
                InstanceRows.json(image.tags()),
                image.id());
    }

    private static String[] accounts(AccountImage image) {
        return image.launchAccounts().stream().map(AccountId::value).sorted().toArray(String[]::new);
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static AccountImage read(ResultSet row) throws SQLException {
        String sourceRegion = row.getString("source_image_region");
        OffsetDateTime deprecatedAt = row.getObject("deprecated_at", OffsetDateTime.class);
        return new AccountImage(
                row.getString("image_id"),
                new AccountId(row.getString("account")),
                new Region(row.getString("region")),
                row.getString("name"),
                row.getString("description"),
                new AccountImage.Software(
                        OperatingSystem.ofCode(row.getString("os")).orElseThrow(),
                        Architecture.ofCode(row.getString("architecture")).orElseThrow(),
                        row.getString("root_device_name")),
                new AccountImage.Source(
                        row.getString("source_instance_id"),
                        row.getString("source_image_id"),
                        sourceRegion == null ? null : new Region(sourceRegion)),
                ImageState.ofCode(row.getString("state")),
                row.getBoolean("is_public"),
                Arrays.stream((String[]) row.getArray("launch_accounts").getArray())
                        .map(AccountId::new)
                        .collect(Collectors.toSet()),
                deprecatedAt == null ? null : deprecatedAt.toInstant(),
                InstanceRows.tags(row.getString("tags")),
                InstanceRows.instant(row, "created_at"));
    }

    private int update(String sql, @Nullable Object... values) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                if (values[i] instanceof String[] texts) {
                    statement.setArray(i + 1, connection.createArrayOf("text", texts));
                } else {
                    statement.setString(i + 1, (String) values[i]);
                }
            }
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep an image", e);
        }
    }
}
