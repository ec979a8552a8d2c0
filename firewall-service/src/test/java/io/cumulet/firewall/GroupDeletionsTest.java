package io.cumulet.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.cumulet.contract.EventType;
import io.cumulet.firewall.InstancesStub.Answer;
import io.cumulet.firewall.app.GroupDeletions;
import io.cumulet.kernel.ResourceKind;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A group is deleted once the instance service has said that nothing has it, and only then. */
@QuarkusTest
class GroupDeletionsTest extends FirewallStack {

    @Inject
    DataSource database;

    @Inject
    GroupDeletions deletions;

    private final List<String> asked = new CopyOnWriteArrayList<>();

    @Test
    void aGroupThatNothingHasIsRetiredThenDeleted() {
        String id = group("web");
        instances.onRetiring(id, body -> {
            asked.add(body);
            get("/v1/security-groups/" + id).statusCode(200);
            return Answer.RETIRED;
        });
        delete("/v1/security-groups/" + id).statusCode(204);
        problem(get("/v1/security-groups/" + id), 404, "InvalidGroup.NotFound");
        assertThat(asked).singleElement().asString().contains("\"version\":1").contains("vpc-");
        assertThat(published(id, 2))
                .extracting(Published::type)
                .containsExactly("security-group.created", "security-group.deleted");
        problem(delete("/v1/security-groups/" + id), 404, "InvalidGroup.NotFound");
        assertThat(asked).hasSize(1);
    }

    @Test
    void aGroupThatTheInstanceServiceSaysIsInUseStaysAsItWas() {
        String id = group("web");
        instances.onRetiring(id, body -> Answer.inUse("eni-1 of i-1 has it"));
        problem(delete("/v1/security-groups/" + id), 409, "DependencyViolation")
                .body("detail", containsString("eni-1 of i-1"));
        get("/v1/security-groups/" + id).statusCode(200).body("version", equalTo(1));
        nameIt(id).statusCode(201);
        assertThat(published(id, 1)).hasSize(1);
    }

    @Test
    void theInstanceServiceIsTheJudgeAlsoWhereTheCopyStillKnowsOfAMember() {
        String id = group("web");
        String instance = ResourceKind.INSTANCE.newId();
        tell(event(EventType.INSTANCE_REQUESTED, instance, 1, "pending", "172.31.0.4", id));
        instances.onRetiring(id, body -> Answer.inUse("eni-1 of " + instance + " has it"));
        problem(delete("/v1/security-groups/" + id), 409, "DependencyViolation")
                .body("detail", containsString(instance));
        // It is terminated, and its event is still on the way.
        instances.onRetiring(id, body -> Answer.RETIRED);
        delete("/v1/security-groups/" + id).statusCode(204);
    }

    @Test
    void whereTheInstanceServiceKnowsALaterVersionTheGroupIsReadAgain() {
        String id = group("web");
        instances.onRetiring(id, body -> {
            asked.add(body);
            if (asked.size() > 1) {
                return Answer.RETIRED;
            }
            authorize(id, "ingress", "{\"rules\": [" + HTTP_FROM_ANYWHERE + "]}")
                    .statusCode(201);
            return Answer.changed();
        });
        delete("/v1/security-groups/" + id).statusCode(204);
        assertThat(asked).hasSize(2);
        assertThat(asked.getLast()).contains("\"version\":2");
        assertThat(published(id, 3)).extracting(Published::version).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aGroupOfWhichTheInstanceServiceAlwaysKnowsMoreStays() {
        String id = group("web");
        instances.onRetiring(id, body -> Answer.changed());
        problem(delete("/v1/security-groups/" + id), 409, "DependencyViolation")
                .body("detail", containsString("being changed"));
        nameIt(id).statusCode(201);
    }

    @Test
    void withoutTheInstanceServiceNothingIsDeletedAndWhatItMayHaveRetiredIsLifted() {
        String id = group("web");
        instances.onRetiring(id, body -> new Answer(503, "{}"));
        problem(delete("/v1/security-groups/" + id), 503, "Unavailable");
        nameIt(id).statusCode(201);
        // It may have retired the group before it failed: another version tells it that the group goes on.
        assertThat(published(id, 2)).extracting(Published::version).containsExactly(1L, 2L);
        assertThat(published(id, 2).getLast().type()).isEqualTo("security-group.changed");
    }

    @Test
    void aGroupThatIsBeingDeletedCannotBeNamedByNewRules() {
        String id = group("web");
        instances.onRetiring(id, body -> {
            problem(nameIt(id), 404, "InvalidGroup.NotFound").body("field", equalTo("rules[0].peer.group"));
            return Answer.RETIRED;
        });
        delete("/v1/security-groups/" + id).statusCode(204);
    }

    @Test
    void aRuleThatNamedItMeanwhileKeepsItAndLiftsTheRetirement() {
        String id = group("web");
        instances.onRetiring(id, body -> {
            // As if another process had let go of this deletion.
            sql("UPDATE security_group SET deleting = false WHERE id = ?", id);
            nameIt(id).statusCode(201);
            return Answer.RETIRED;
        });
        problem(delete("/v1/security-groups/" + id), 409, "DependencyViolation");
        get("/v1/security-groups/" + id).statusCode(200).body("version", equalTo(2));
        assertThat(published(id, 2)).extracting(Published::version).containsExactly(1L, 2L);
    }

    @Test
    void aGroupThatChangesMeanwhileIsAskedAboutAgain() {
        String id = group("web");
        AtomicInteger round = new AtomicInteger();
        instances.onRetiring(id, body -> {
            asked.add(body);
            if (round.getAndIncrement() == 0) {
                authorize(id, "ingress", "{\"rules\": [" + HTTP_FROM_ANYWHERE + "]}")
                        .statusCode(201);
            }
            return Answer.RETIRED;
        });
        delete("/v1/security-groups/" + id).statusCode(204);
        assertThat(asked).hasSize(2);
        assertThat(asked.getLast()).contains("\"version\":2");
        assertThat(published(id, 3)).extracting(Published::version).containsExactly(1L, 2L, 3L);
    }

    @Test
    void twoDeletionsAtOnceDeleteItOnce() throws Exception {
        String id = group("web");
        List<Integer> statuses =
                atOnce(4, () -> delete("/v1/security-groups/" + id).extract().statusCode());
        assertThat(statuses).containsOnly(204, 404).containsOnlyOnce(204);
        assertThat(published(id, 2)).hasSize(2);
    }

    @Test
    void whatACrashLeftIsFinishedInRealTimeThoughTheStacksClockStands() {
        String id = group("web");
        leftByACrash(id, "2 minutes");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> get("/v1/security-groups/" + id).statusCode(404));
        assertThat(published(id, 2).getLast().type()).isEqualTo("security-group.deleted");
    }

    @Test
    void whatACrashLeftIsLetGoIfItIsInUseAfterAll() {
        String id = group("web");
        instances.onRetiring(id, body -> Answer.inUse("eni-1 has it"));
        leftByACrash(id, "2 minutes");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> get("/v1/security-groups/" + id).body("version", equalTo(2)));
        nameIt(id).statusCode(201);
    }

    @Test
    void aDeletionThatIsUnderWayIsLeftAlone() {
        String id = group("web");
        leftByACrash(id, "30 seconds");
        deletions.resumeLeft();
        get("/v1/security-groups/" + id).statusCode(200);
        problem(nameIt(id), 404, "InvalidGroup.NotFound");
        // So that nothing goes on with it under another test.
        delete("/v1/security-groups/" + id).statusCode(204);
    }

    /** What the first transaction of a deletion committed so long ago; its process is gone. */
    private void leftByACrash(String id, String ago) {
        sql("UPDATE security_group SET deleting = true, deleting_since = now() - ?::interval WHERE id = ?", ago, id);
    }

    private ValidatableResponse nameIt(String id) {
        return authorize(
                defaultGroup,
                "ingress",
                "{\"rules\": [{\"protocol\": \"all\", \"peer\": {\"group\": \"" + id + "\"}}]}");
    }

    private void sql(String statement, String... parameters) {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(statement)) {
            for (int i = 0; i < parameters.length; i++) {
                update.setString(i + 1, parameters[i]);
            }
            update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
