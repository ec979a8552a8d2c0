package io.cumulet.plumbing.idempotency;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes creating calls repeatable: the same client token with the same request gives the same answer, with another
 * request it is refused. Part of the running transaction, so that token and effect are one.
 *
 * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html">Idempotency in EC2</a>
 */
@ApplicationScoped
public class ClientTokens {

    /** The longest token EC2 takes. */
    public static final int MAX_LENGTH = 64;

    /** What isn't said isn't hashed: a request keeps its digest when it gets another optional field. */
    private static final ObjectMapper CANONICAL = JsonMapper.builder()
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .addModule(new JavaTimeModule())
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private final DataSource dataSource;

    public ClientTokens(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Claims a token. Waits while another transaction holds the same one.
     *
     * @param token null if the caller gave none: then every request is fresh
     * @param request what was asked, without the token
     */
    public Claim claim(AccountId account, Region region, String operation, @Nullable String token, Object request) {
        if (token == null) {
            return new Claim.Fresh();
        }
        if (token.isEmpty() || token.length() > MAX_LENGTH) {
            return new Claim.Mismatch(Refusal.of(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "clientToken",
                    "A client token has 1 to " + MAX_LENGTH + " characters"));
        }
        String hash = hash(request);
        try (Connection connection = dataSource.getConnection()) {
            try (PreparedStatement insert = connection.prepareStatement("""
                    INSERT INTO client_token (account, region, operation, token, request_hash) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT DO NOTHING""")) {
                insert.setString(1, account.value());
                insert.setString(2, region.value());
                insert.setString(3, operation);
                insert.setString(4, token);
                insert.setString(5, hash);
                if (insert.executeUpdate() == 1) {
                    return new Claim.Fresh();
                }
            }
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT request_hash, result FROM client_token WHERE account = ? AND region = ? AND operation = ? AND token = ?")) {
                select.setString(1, account.value());
                select.setString(2, region.value());
                select.setString(3, operation);
                select.setString(4, token);
                try (ResultSet result = select.executeQuery()) {
                    if (!result.next()) {
                        throw new IllegalStateException("A client token vanished while it was read");
                    }
                    return hash.equals(result.getString(1))
                            ? new Claim.Repeat(result.getString(2))
                            : new Claim.Mismatch(mismatch());
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not claim a client token", e);
        }
    }

    /** Tells what a fresh claim led to, usually the id of what was made; a repeat gets this. */
    public void complete(AccountId account, Region region, String operation, @Nullable String token, String result) {
        if (token == null) {
            return;
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE client_token SET result = ? WHERE account = ? AND region = ? AND operation = ? AND token = ?")) {
            update.setString(1, result);
            update.setString(2, account.value());
            update.setString(3, region.value());
            update.setString(4, operation);
            update.setString(5, token);
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("A client token is completed in the transaction that claimed it");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not complete a client token", e);
        }
    }

    public static Refusal mismatch() {
        return Refusal.of(
                ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH,
                "clientToken",
                "This client token was used before with another request");
    }

    /** A digest of a request that doesn't depend on the order of its maps. */
    public static String hash(Object request) {
        try {
            byte[] canonical = CANONICAL.writeValueAsBytes(request);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("A request can always be digested", e);
        }
    }
}
